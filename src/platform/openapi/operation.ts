import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleOf, EXAMPLE_ID } from './examples.js';
import type { Schemas } from './schema.js';

type Schema = Record<string, unknown>;
export type Content = Record<string, { schema?: Schema; example?: unknown }>;
export type Response = Record<string, unknown>;

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Operation {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: { content?: Content };
  responses: Record<string, Response>;
  security?: Record<string, string[]>[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head'] as const;

export interface Found {
  readonly path: string;
  readonly method: (typeof METHODS)[number];
  readonly operation: Operation;
}

export function operationsOf(document: OpenAPIObject): Found[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as unknown as Record<string, Operation | undefined>)[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}

/** Says of an operation what its decorators leave to be told from its path, its method and its schemas. */
export function completeOperation({ path, method, operation }: Found): void {
  namePathParameters(path, operation);
  requireSignIn(operation);
  if (method === 'get') allowRevalidation(operation);
  if (method === 'patch') takeMergePatch(operation);
}

/** `@PathId()` is a decorator of ours, which the generator does not see. */
function namePathParameters(path: string, operation: Operation): void {
  const known = operation.parameters ?? [];
  const missing = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter((name) => !known.some((one) => one.in === 'path' && one.name === name));
  const added = missing.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string', ...(/^id$|Id$/.test(name) ? { format: 'uuid', example: EXAMPLE_ID } : {}) } }));
  const all = [...added, ...known];
  operation.parameters = all.filter((one, index) => all.findIndex((other) => other.in === one.in && other.name === one.name) === index);
}

/** `@Public()` is written as the empty requirement. A route names its permission; the method's word comes before the controller's. */
function requireSignIn(operation: Operation): void {
  // The generator lists the controller's word first.
  const own = operation.security?.at(-1);
  const open = own !== undefined && Object.keys(own).length === 0;
  operation.security = open ? [] : [own ?? { bearer: [] }];
}

/** What only a change brings is taken off; what has a version can be asked for again with it. */
function allowRevalidation(operation: Operation): void {
  const headers = (operation.responses['200']?.['headers'] ?? {}) as Record<string, unknown>;
  delete headers['Event-Id'];
  delete headers['Idempotent-Replayed'];
  if (!('ETag' in headers)) return;
  operation.responses['304'] = { description: 'Unchanged since the version in If-None-Match.' };
  operation.parameters?.push({ name: 'If-None-Match', in: 'header', required: false, schema: { type: 'string', example: '"3"' } });
}

function takeMergePatch({ requestBody }: Operation): void {
  const json = requestBody?.content?.['application/json'];
  if (requestBody && json) requestBody.content = { 'application/merge-patch+json': json, 'application/json': json };
}

/** Every body is shown once as a whole. */
export function showExamples({ requestBody, responses }: Operation, schemas: Schemas): void {
  const bodies: readonly ({ readonly content?: Content } | undefined)[] = [requestBody, ...Object.values(responses)];
  for (const described of bodies) {
    for (const body of Object.values(described?.content ?? {})) {
      const example = body.schema && !('example' in body) ? exampleOf(body.schema, schemas) : undefined;
      if (example !== undefined) body.example = example;
    }
  }
}
