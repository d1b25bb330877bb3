import type { OpenAPIObject } from '@nestjs/swagger';
import type { EventType } from '../../kernel/event.js';
import { PROBLEMS, type ProblemStatus } from '../http/answers.js';
import { exampleOf, EXAMPLE_ID } from './examples.js';
import { PROBLEM_EXAMPLES, responseHeaders } from './problem-responses.js';
import { codesByStatus, problemCodes, type Refused, type SourceFacts } from './source-facts.js';
import { SCHEMAS, type Schemas } from './schema.js';
import { webhooksOf } from './webhooks.js';

type Schema = Record<string, unknown>;
type Content = Record<string, { schema?: Schema; example?: unknown }>;
type Response = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Operation {
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
const PROBLEM_TYPE = 'application/problem+json';
/** Any route but the probes may answer these. */
const BUSY: readonly ProblemStatus[] = [429, 503];
/** A name in the query that nobody knows, a text that is none. */
const OF_ALL: readonly ProblemStatus[] = [400];
const WITH_SIGN_IN: readonly ProblemStatus[] = [401, 403];
const WITH_BODY: readonly ProblemStatus[] = [413, 415];
const PROBES = /^\/health\//;
/** What is said of a text, and nothing of a list of them. */
const OF_A_TEXT = ['minLength', 'maxLength', 'pattern', 'format', 'enum'] as const;

/**
 * Makes the generated document the contract: what every route has in common is said once and everywhere, each problem by
 * reference, schemas under the trade's names, everything in a stable order.
 */
export function completeContract(generated: OpenAPIObject, events: readonly EventType<object>[], facts: SourceFacts): OpenAPIObject {
  const document = withoutDto(generated);
  const schemas = document.components!.schemas as unknown as Record<string, Schema>;
  Object.assign(schemas, facts.payloads);
  describeMembers(document);
  describeSchemas(schemas, facts);
  const operations = operationsOf(document);
  const shared: Shared = { parameters: {}, headers: {} };
  for (const { path, method, operation } of operations) {
    namePathParameters(path, operation);
    requireSignIn(operation);
    if (method === 'get') allowRevalidation(operation);
    if (method === 'patch') takeMergePatch(operation);
    addProblems(path, method, operation, facts.refusals[operation.operationId!] ?? []);
    showExamples(operation, schemas);
    (document.paths[path] as Record<string, unknown>)[method] = inOrder(operation, shared);
  }
  refuseUnknownNames(document, operations.map(({ operation }) => operation));
  const told = webhooksOf(events, schemas);
  const { openapi, info, servers, tags, paths, components } = document;
  const { contact: _empty, ...about } = info;
  return {
    openapi,
    info: about,
    servers,
    tags,
    security: [{ bearer: [] }],
    paths: sorted(paths),
    webhooks: sorted(told.webhooks),
    'x-problem-codes': problemCodes(facts),
    components: {
      ...components,
      schemas: sorted({ ...schemas, ...told.schemas }),
      parameters: sorted({ ...shared.parameters, ...told.parameters }),
      headers: sorted({ ...shared.headers, ...responseHeaders }),
      responses: problemResponses(JSON.stringify(paths)),
    },
  } as unknown as OpenAPIObject;
}

function describeSchemas(schemas: Record<string, Schema>, { descriptions }: SourceFacts): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const description = schema['description'] ?? descriptions[name];
    if (description !== undefined) schemas[name] = { type: schema['type'], description, ...schema };
  }
}

/** What is checked of `each` member of a list, the generator says of the list, where it means nothing. */
function describeMembers(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const schema = node as Schema;
  if ([schema['type']].flat().includes('array')) {
    const said = OF_A_TEXT.filter((keyword) => keyword in schema);
    if (said.length > 0) schema['items'] = { ...Object.fromEntries(said.map((keyword) => [keyword, schema[keyword]])), ...(schema['items'] as Schema | undefined) };
    for (const keyword of said) delete schema[keyword];
  }
  for (const below of Object.values(schema)) describeMembers(below);
}

interface Found {
  readonly path: string;
  readonly method: (typeof METHODS)[number];
  readonly operation: Operation;
}

function operationsOf(document: OpenAPIObject): Found[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as unknown as Record<string, Operation | undefined>)[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
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

function addProblems(path: string, method: string, operation: Operation, refused: readonly Refused[]): void {
  const codes = codesByStatus(refused);
  const own = Object.entries(operation.responses).filter(([, response]) => PROBLEM_TYPE in ((response['content'] as object | undefined) ?? {}));
  const common = [
    ...OF_ALL,
    ...(operation.security?.length === 0 ? [] : WITH_SIGN_IN),
    ...(operation.requestBody ? WITH_BODY : []),
    ...(PROBES.test(path) ? [] : BUSY),
    // What a read presents was checked when it was written, so no rule is left to break, unless the route says so itself.
    ...[...codes.keys()].filter((status) => method !== 'get' || status !== 422),
  ].filter((status) => !(status in operation.responses));
  for (const status of new Set([...own.map(([status]) => Number(status)), ...common])) {
    operation.responses[status] = { $ref: `#/components/responses/Problem${status}`, ...namedCodes(status, codes.get(status) ?? []) };
  }
}

function namedCodes(status: number, codes: readonly string[]): object {
  if (codes.length === 0) return {};
  return { description: `${PROBLEMS[status as ProblemStatus]} Codes of this route: ${codes.map((code) => `\`${code}\``).join(', ')}.` };
}

/** Every body is shown once as a whole. */
function showExamples({ requestBody, responses }: Operation, schemas: Schemas): void {
  const bodies: readonly ({ readonly content?: Content } | undefined)[] = [requestBody, ...Object.values(responses)];
  for (const described of bodies) {
    for (const body of Object.values(described?.content ?? {})) {
      const example = body.schema && !('example' in body) ? exampleOf(body.schema, schemas) : undefined;
      if (example !== undefined) body.example = example;
    }
  }
}

/** Headers are the same wherever they stand, so each is described once. */
interface Shared {
  readonly parameters: Record<string, Parameter & { readonly in: 'header' }>;
  readonly headers: Record<string, object>;
}

function inOrder(operation: Operation, shared: Shared): Operation {
  const { operationId, tags, summary, description, deprecated, security, parameters = [], requestBody, responses, ...rest } = operation;
  // The compiler plugin adds an answer by the method's usual status; every answer of ours says what it is.
  const declared = Object.entries(responses).filter(([, answer]) => answer['description'] !== '');
  return {
    operationId,
    tags,
    summary,
    description,
    deprecated,
    security,
    ...(parameters.length > 0 ? { parameters: parameters.map((parameter) => (isHeader(parameter) ? shareParameter(parameter, shared) : parameter)) } : {}),
    requestBody,
    ...rest,
    responses: Object.fromEntries(declared.map(([status, answer]) => [status, shareHeaders(answer, shared)])),
  };
}

function isHeader(parameter: Parameter): parameter is Parameter & { readonly in: 'header' } {
  return parameter.in === 'header';
}

function shareParameter(parameter: Parameter & { readonly in: 'header' }, shared: Shared): Parameter {
  const key = parameter.name.replaceAll('-', '');
  shared.parameters[key] = parameter;
  return { $ref: `#/components/parameters/${key}` } as unknown as Parameter;
}

function shareHeaders({ headers, ...answer }: Response, shared: Shared): Response {
  if ('$ref' in answer) return answer;
  const entries = Object.entries((headers as Record<string, object> | undefined) ?? {});
  for (const [name, header] of entries) shared.headers[name.replaceAll('-', '')] = header;
  const names = [...entries.map(([name]) => name), 'X-Request-Id'];
  return { ...answer, headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name.replaceAll('-', '')}` }])) };
}

function problemResponses(used: string): Record<string, object> {
  return Object.fromEntries(
    Object.entries(PROBLEMS)
      .filter(([status]) => used.includes(`/Problem${status}"`))
      .map(([status, description]) => [`Problem${status}`, { description, headers: headersOf(Number(status)), content: { [PROBLEM_TYPE]: { schema: { $ref: `${SCHEMAS}Problem` }, example: PROBLEM_EXAMPLES[Number(status) as ProblemStatus] } } }]),
  );
}

function headersOf(status: number): object {
  const names = ['X-Request-Id', 'Content-Language', ...(status === 401 ? ['WWW-Authenticate'] : []), ...(status === 429 || status === 503 ? ['Retry-After'] : [])];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name.replaceAll('-', '')}` }]));
}

/** A request with a name we do not know is refused, so what is only ever sent to us is closed; what we send may grow. */
function refuseUnknownNames(document: OpenAPIObject, operations: readonly Operation[]): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const sent = reachable(schemas, operations.map(({ requestBody }) => requestBody));
  const answered = reachable(schemas, operations.map(({ responses }) => responses));
  for (const name of sent) {
    const schema = schemas[name]!;
    if (!answered.has(name) && schema['type'] === 'object' && !('additionalProperties' in schema)) schema['additionalProperties'] = false;
  }
}

function reachable(schemas: Record<string, Schema>, roots: unknown): Set<string> {
  const found = new Set<string>();
  const queue = [roots];
  while (queue.length > 0) {
    for (const [, name = ''] of JSON.stringify(queue.shift() ?? null).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name) || !(name in schemas)) continue;
      found.add(name);
      queue.push(schemas[name]);
    }
  }
  return found;
}

/** `CustomerDto` is our word for the class; the contract speaks of a `Customer`. */
function withoutDto(document: OpenAPIObject): OpenAPIObject {
  const { schemas = {} } = document.components ?? {};
  const names = new Map(Object.keys(schemas).map((name) => [name, name.replace(/Dto$/, '')]));
  const plain = [...names.values()];
  const twice = plain.find((name, index) => plain.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two schemas would be named "${twice}". Rename one of their DTO classes.`);
  const renamed = JSON.parse(JSON.stringify(document), (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(SCHEMAS)) return value;
    const name = value.slice(SCHEMAS.length);
    return SCHEMAS + (names.get(name) ?? name);
  }) as OpenAPIObject;
  renamed.components = { ...renamed.components, schemas: sorted(Object.fromEntries(Object.entries(renamed.components?.schemas ?? {}).map(([name, schema]) => [names.get(name) ?? name, schema]))) };
  return renamed;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
