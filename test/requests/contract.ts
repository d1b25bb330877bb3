import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

export interface GivenAnswer {
  readonly status: number;
  /** Without parameters, e.g. `application/json`; empty if there is none. */
  readonly type: string;
  readonly text: string;
}

const document = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    method: method.toUpperCase(), operation, fixedParts: path.split('/').filter((part) => !part.startsWith('{')).length,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  })));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'contract');

export const operationIds: readonly string[] = operations.map(({ operation }) => operation.operationId);

/** The operation a request meets; of several that fit, the one with the most words of its own (`/sessions/current` before `/sessions/{id}`). */
export function operationAt(method: string, url: string): Operation | undefined {
  const [path = ''] = url.split('?');
  const fitting = operations.filter((candidate) => candidate.method === method && candidate.pattern.test(path));
  return fitting.sort((one, other) => other.fixedParts - one.fixedParts)[0]?.operation;
}

/** Everything in an answer that the contract does not say; empty if it keeps to it. */
export function offencesOf({ operationId, responses }: Operation, { status, type, text }: GivenAnswer): string[] {
  const said = responses[String(status)];
  if (!said) return [`${operationId} answered ${status}, which the contract does not name`];
  const { content } = said.$ref === undefined ? said : document.components.responses[said.$ref.split('/').at(-1)!]!;
  if (!content) return text === '' ? [] : [`${operationId} answered ${status} with a body, and the contract names none`];
  const schema = content[type]?.schema;
  if (!content[type]) return [`${operationId} answered ${status} as "${type}", and the contract says ${Object.keys(content).join(' or ')}`];
  if (!schema || !type.endsWith('json')) return [];
  const rule = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/')) as object;
  return ajv.validate(rule, JSON.parse(text)) ? [] : [`${operationId} ${status}: ${ajv.errorsText()}`];
}
