import type { OpenAPIObject } from '@nestjs/swagger';
import type { EventType } from '../../kernel/event.js';
import { completeOperation, operationsOf, showExamples, type Operation } from './operation.js';
import { addProblems, problemResponses, responseHeaders } from './problem-responses.js';
import { SCHEMAS } from './schema.js';
import { inOrder, type Shared } from './shared-headers.js';
import { problemCodes, type SourceFacts } from './source-facts.js';
import { webhooksOf } from './webhooks.js';

type Schema = Record<string, unknown>;

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
  for (const found of operations) {
    const { path, method, operation } = found;
    completeOperation(found);
    addProblems(found, facts.refusals[operation.operationId!] ?? []);
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
