import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { EVENTS } from '../../src/app.module.js';
import { SIGNED_IN } from '../../src/platform/http/access.js';
import { startApp, type TestApp } from '../support/app.js';
import { Selling } from '../sales/selling.js';
import { routeTable } from '../support/route-table.js';

type Schema = Record<string, unknown>;

interface Body {
  readonly schema: Schema;
  readonly example?: unknown;
}

interface Bodies {
  readonly content?: Record<string, Body>;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: Bodies;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly responses: Record<string, { readonly $ref?: string; readonly description?: string } & Bodies>;
}

const contract = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly tags: readonly { readonly name: string }[];
  readonly webhooks: Record<string, { readonly post: Operation }>;
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: Record<string, Bodies> };
};
const operations = Object.entries(contract.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })));

const OF_A_TEXT = ['minLength', 'maxLength', 'pattern', 'format', 'enum'];
const OF_A_LIST = ['items', 'minItems', 'maxItems', 'uniqueItems'];

function isSchema(node: Schema): boolean {
  return typeof node['type'] === 'string' || Array.isArray(node['type']) || Array.isArray(node['anyOf']);
}

/** Every schema with a type below `root`, with its JSON pointer. */
function typed(root: unknown, pointer = ''): { pointer: string; schema: Schema; types: unknown[] }[] {
  if (typeof root !== 'object' || root === null) return [];
  const schema = root as Schema;
  const below = Object.entries(root).flatMap(([key, value]) => (key === 'example' && (isSchema(schema) || 'schema' in schema) ? [] : typed(value, `${pointer}/${key}`)));
  const types = [schema['type']].flat();
  return types.every((type) => typeof type === 'string') ? [{ pointer, schema, types }, ...below] : below;
}

/** Every place below `root` that shows an example of a schema, with its JSON pointer. */
function examples(root: unknown, pointer = ''): { pointer: string; schema: Schema; value: unknown }[] {
  if (typeof root !== 'object' || root === null) return [];
  const schema = root as Schema;
  const below = Object.entries(root).flatMap(([key, value]) => (key === 'example' && (isSchema(schema) || 'schema' in schema) ? [] : examples(value, `${pointer}/${key}`)));
  return 'example' in schema && isSchema(schema) ? [{ pointer, schema, value: schema['example'] }, ...below] : below;
}

function validator(): (schema: Schema, value: unknown) => string | undefined {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(contract, 'contract');
  return (schema, value) => {
    const rule = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/')) as Schema;
    return ajv.validate(rule, value) ? undefined : ajv.errorsText();
  };
}

/** Every body that is sent or answered, with where it is. */
function bodies(): (Body & { readonly where: string })[] {
  const described = [
    ...[...operations, ...Object.values(contract.webhooks).map(({ post }) => post)].flatMap(({ operationId, requestBody, responses }) => [
      [operationId, requestBody] as const,
      ...Object.entries(responses).map(([status, response]) => [`${operationId} ${status}`, response] as const),
    ]),
    ...Object.entries(contract.components.responses),
  ];
  return described.flatMap(([where, one]) => Object.entries(one?.content ?? {}).map(([type, body]) => ({ ...body, where: `${where} ${type}` })));
}

describe('the contract', () => {
  let app: TestApp;
  /** Events of a customer and a sale. */
  let told: readonly { readonly type: string; readonly data: object }[];
  beforeAll(async () => {
    app = await startApp();
    // Before the tests: reading schemas keeps this process busy, and a busy server turns requests away.
    const admin = await app.asAdmin();
    const { body: customer, headers } = await admin.post('/v1/customers').send({ name: 'Wang', contactPoints: [{ kind: 'email', value: 'wang@example.com' }] }).expect(201);
    await admin.patch(`/v1/customers/${customer.id}`).set('If-Match', headers['etag']!).send({ note: 'likes tea' }).expect(200);
    const selling = await Selling.start(app);
    const order = await selling.placePaid();
    await selling.send(order.id, [{ number: 1, quantity: 2 }]).expect(201);
    await selling.refund(order.id, '100.00').expect(201);
    await app.drainEvents();
    const { body } = await admin.get('/v1/events').expect(200);
    told = body.data as typeof told;
  });
  afterAll(() => app.close());

  it('S152 describes exactly the routes that exist (G50)', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    const exist = routeTable(app).filter(({ path }) => path !== '/metrics').map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.toSorted()).toEqual(exist.toSorted());
  });

  it('opens exactly the routes that are open', () => {
    const open = operations.filter(({ security }) => security?.length === 0).map(({ method, path }) => `${method} ${path}`);
    const openInCode = routeTable(app).filter(({ rule }) => rule?.kind === 'public').map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(open.toSorted()).toEqual(openInCode.toSorted());
  });

  it('names each operation once, with a context and a sentence', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    const tags = contract.tags.map(({ name }) => name);
    for (const { operationId, tags: own = [], summary } of operations) {
      expect(operationId).toMatch(/^[a-z]+[A-Za-z]*$/);
      expect([operationId, own.length, own.every((tag) => tags.includes(tag)), (summary ?? '').length > 5]).toEqual([operationId, 1, true, true]);
    }
  });

  it('gives every operation a success that is described, and its problems by reference', () => {
    for (const { operationId, path, responses } of operations) {
      const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      expect([operationId, successes.length > 0]).toEqual([operationId, true]);
      for (const [status, { $ref, description }] of Object.entries(responses)) {
        if (Number(status) < 400) expect([operationId, status, (description ?? '') !== '']).toEqual([operationId, status, true]);
        else if (!path.startsWith('/health')) expect([operationId, $ref]).toEqual([operationId, `#/components/responses/Problem${status}`]);
      }
    }
  });

  it('has no name that is only ours', () => {
    expect(Object.keys(contract.components.schemas).filter((name) => /Dto$|Query$/.test(name))).toEqual([]);
  });

  it('says of lists and of texts only what holds for each', () => {
    const schemas = typed(contract);
    expect(schemas.length).toBeGreaterThan(500);
    const misplaced = schemas.flatMap(({ pointer, schema, types }) => {
      const foreign = [...(types.includes('array') ? [] : OF_A_LIST), ...(types.includes('string') || !types.includes('array') ? [] : OF_A_TEXT)];
      return foreign.filter((keyword) => keyword in schema).map((keyword) => `${pointer}: ${keyword}`);
    });
    expect(misplaced).toEqual([]);
  });

  it('S152 shows every body as a whole, as its schema has it', () => {
    const shown = bodies();
    expect(shown.length).toBeGreaterThan(100);
    // Files are not shown.
    expect(shown.filter(({ schema, example }) => schema['format'] !== 'binary' && example === undefined).map(({ where }) => where)).toEqual([]);
    const faultOf = validator();
    expect(shown.filter(({ example }) => example !== undefined).flatMap(({ where, schema, example }) => {
      const fault = faultOf(schema, example);
      return fault === undefined ? [] : [`${where}: ${fault}`];
    })).toEqual([]);
  });

  it('names the permission that each route asks for', () => {
    const asked = routeTable(app).flatMap(({ method, path, rule }) => (rule?.kind === 'needs' ? [`${method} ${path.replace(/:(\w+)/g, '{$1}')} ${rule.permission === SIGNED_IN ? '' : rule.permission}`] : []));
    const named = operations.filter(({ security }) => security?.length !== 0).map(({ method, path, security }) => `${method} ${path} ${(security as { bearer: string[] }[])[0]!.bearer.join(' ')}`);
    expect(named.toSorted()).toEqual(asked.filter((one) => !one.startsWith('GET /metrics')).toSorted());
  });

  it('S154 has every event that any context declares as a webhook', () => {
    const folder = new URL('../../src/', import.meta.url);
    const files = readdirSync(folder).map((context) => new URL(`${context}/contract/events.ts`, folder)).filter((file) => existsSync(file));
    const source = files.map((file) => readFileSync(file, 'utf8')).join('');
    const declared = [...source.matchAll(/new EventType\('([a-z_.]+)', (\d+),/g)].map(([, name, version]) => `${name}.v${version}`);
    expect(declared.length).toBeGreaterThan(5);
    expect(EVENTS.map(({ name, version }) => `${name}.v${version}`).toSorted()).toEqual(declared.toSorted());
    expect(Object.keys(contract.webhooks)).toEqual(declared.toSorted());
    for (const [type, { post }] of Object.entries(contract.webhooks)) {
      expect([type, (post.summary ?? '').length > 5, Object.keys(post.requestBody!.content!)]).toEqual([type, true, ['application/cloudevents+json']]);
    }
  });

  it('S154 describes the facts of each event as they are recorded', () => {
    const faultOf = validator();
    expect(new Set(told.map(({ type }) => type)).size).toBeGreaterThan(5);
    expect(told.flatMap(({ type, data }) => {
      const schema = contract.webhooks[type]!.post.requestBody!.content!['application/cloudevents+json']!.schema;
      const named = contract.components.schemas[String(schema['$ref']).split('/').at(-1)!]!;
      const fault = faultOf((named['properties'] as Record<string, Schema>)['data']!, data);
      return fault === undefined ? [] : [`${type}: ${fault}`];
    })).toEqual([]);
  });

  it('shows examples that are valid', () => {
    const faultOf = validator();
    const shown = examples(contract);
    expect(shown.length).toBeGreaterThan(500);
    const wrong = shown.flatMap(({ pointer, schema, value }) => {
      const { example: _, ...rest } = schema;
      const fault = faultOf(rest, value);
      return fault === undefined ? [] : [`${pointer}: ${JSON.stringify(value)} ${fault}`];
    });
    expect(wrong).toEqual([]);
  });
});
