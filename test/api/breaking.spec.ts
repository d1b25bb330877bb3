import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TEXT = readFileSync(path.join(ROOT, 'openapi.yaml'), 'utf8');

interface Schema {
  type?: unknown;
  properties: Record<string, Schema>;
  required: string[];
  enum?: unknown[];
  [keyword: string]: unknown;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface Operation {
  operationId: string;
  summary: string;
  deprecated?: boolean;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody: { content: Record<string, object> };
  responses: Record<string, { headers: Record<string, unknown>; content: Record<string, object> }>;
}

class Contract {
  readonly document = parse(TEXT) as {
    readonly paths: Record<string, Record<string, Operation>>;
    readonly webhooks: Record<string, object>;
    readonly servers: { url: string }[];
    readonly components: { readonly schemas: Record<string, Schema>; readonly securitySchemes: Record<string, object> };
  };

  operation(operationId: string): Operation {
    return Object.values(this.document.paths).flatMap((item) => Object.values(item)).find((one) => one.operationId === operationId)!;
  }

  parameter(operationId: string, name: string): Parameter {
    return this.operation(operationId).parameters.find((one) => one.name === name)!;
  }

  schema(name: string): Schema {
    return this.document.components.schemas[name]!;
  }

  property(name: string, property: string): Schema {
    return this.schema(name).properties[property]!;
  }

  /** A property that is both sent and answered, at a place where nothing else is planted. */
  removeProperty(name: string, property: string): void {
    const schema = this.schema(name);
    delete schema.properties[property];
    schema.required = schema.required.filter((one) => one !== property);
  }
}

/** What was planted, how the gate must complain of it. */
type Plant = readonly [name: string, plant: (contract: Contract) => void, complaint: RegExp];

const BREAKS: readonly Plant[] = [
  ['a removed path', ({ document }) => delete document.paths['/v1/tags'], /v1\/tags.*removed/],
  ['a removed operation', ({ document }) => delete document.paths['/v1/uploads/{id}']!['delete'], /uploads.*delete.*removed/i],
  ['another operationId', (c) => (c.operation('getUpload').operationId = 'readUpload'), /getUpload.*readUpload/],
  ['a removed response property', (c) => c.removeProperty('Role', 'title'), /responses.*Role|roles.*title/i],
  ['a response property that may be missing', (c) => (c.schema('Session').required = c.schema('Session').required.slice(1)), /sessions.*(?:optional|required)/i],
  ['a response property that may be null', (c) => (c.property('Limits', 'bodyBytes').type = ['integer', 'null']), /limits.*bodyBytes/],
  ['another type in a response', (c) => (c.property('Event', 'position').type = 'string'), /events.*position/],
  ['another format in a response', (c) => (c.property('Event', 'occurredAt')['format'] = 'date'), /events.*occurredAt/],
  ['a new required request property', (c) => {
    c.property('CustomerBatch', 'items');
    c.schema('CustomerBatch').properties['why'] = { type: 'string' } as unknown as Schema;
    c.schema('CustomerBatch').required.push('why');
  }, /batch.*why/],
  ['a removed request property', (c) => delete c.schema('CustomerInput').properties['note'], /note.*removed/],
  ['another type in a request', (c) => (c.property('ReplayConsumer', 'from').type = 'string'), /replay.*from/],
  ['a removed enum value of a parameter', (c) => c.parameter('listOperations', 'status').schema.enum!.shift(), /operations\/get.*Enum lost values: 'queued'/],
  ['a removed parameter', (c) => {
    const operation = c.operation('listFailedJobs');
    operation.parameters = operation.parameters.filter(({ name }) => name !== 'name');
  }, /failed-jobs.*name.*removed/],
  ['a new required parameter', (c) => c.operation('listUsers').parameters.push({ name: 'why', in: 'query', required: true, schema: { type: 'string' } as unknown as Schema }), /users.*why/],
  ['a parameter that becomes required', (c) => (c.parameter('listApiKeys', 'limit').required = true), /api-keys.*required/],
  ['a new required header', (c) => c.operation('eraseCustomer').parameters.push({ name: 'X-Reason', in: 'header', required: true, schema: { type: 'string' } as unknown as Schema }), /X-Reason/],
  ['a lowered maximum of a parameter', (c) => (c.parameter('listOrders', 'limit').schema['maximum'] = 20), /orders\/get.*Upper bound changed/],
  ['another default', (c) => (c.parameter('listProducts', 'limit').schema['default'] = 10), /products.*default changed from 50 to 10/],
  ['a lowered maxLength of what is sent and answered', (c) => (c.property('ExternalId', 'id')['maxLength'] = 5), /maxLength/],
  ['a pattern on what is sent and answered', (c) => (c.property('ExternalId', 'system')['pattern'] = '^x'), /system.*pattern/],
  ['a lowered maxItems', (c) => (c.property('CustomerBatch', 'items')['maxItems'] = 5), /maxItems/],
  ['a removed media type of a response', (c) => delete c.operation('getMonths').responses['200']!.content['text/csv'], /months.*text\/csv.*removed/],
  ['a removed media type of a request', (c) => delete c.operation('updateCustomer').requestBody.content['application/json'], /customers.*application\/json.*removed/],
  ['a removed success', (c) => delete c.operation('upsertCustomer').responses['201'], /responses\/201.*removed/],
  ['a removed response header', (c) => delete c.operation('getCustomer').responses['200']!.headers['ETag'], /ETag.*removed/],
  ['another permission', (c) => (c.operation('getOrder').security = [{ bearer: ['order:erase'] }]), /orders.*order:erase/],
  ['a permission where none was needed', (c) => (c.operation('getLimits').security = [{ bearer: ['limits:read'] }]), /limits.*limits:read/],
  ['sign-in where none was needed', (c) => (c.operation('getLiveness').security = [{ bearer: [] }]), /health\/live.*security/i],
  ['another way to sign in', ({ document }) => (document.components.securitySchemes['bearer'] = { type: 'apiKey', in: 'header', name: 'X-Key' }), /apiKey/],
  ['another place of the server', ({ document }) => (document.servers[0]!.url = '/api'), /server/i],
  ['a removed webhook', ({ document }) => delete document.webhooks['customer.deleted.v1'], /customer\.deleted\.v1.*removed/],
  ['a removed property of a webhook', (c) => c.removeProperty('OrderFacts', 'placedAt'), /webhooks.*placedAt/],
];

const ADDITIONS: readonly (readonly [name: string, plant: (contract: Contract) => void])[] = [
  ['a new operation', (c) => (c.document.paths['/v1/new'] = { get: { ...c.operation('getLimits'), operationId: 'getNew' } })],
  ['a new optional parameter', (c) => c.operation('listUsers').parameters.push({ name: 'why', in: 'query', schema: { type: 'string' } as unknown as Schema })],
  ['a new optional request property', (c) => (c.schema('CustomerInput').properties['why'] = { type: 'string' } as unknown as Schema)],
  ['a new response property', (c) => {
    c.schema('Customer').properties['why'] = { type: 'string' } as unknown as Schema;
    c.schema('Customer').required.push('why');
  }],
  ['a raised maxLength', (c) => (c.property('CustomerInput', 'note')['maxLength'] = 50_000)],
  ['a new value of a filter', (c) => c.parameter('listOperations', 'status').schema.enum!.push('paused')],
  ['a new value in an answer, whose enums are open', (c) => c.property('Operation', 'status').enum!.push('paused')],
  ['a new webhook', ({ document }) => (document.webhooks['customer.moved.v1'] = document.webhooks['customer.deleted.v1']!)],
  ['a new media type', (c) => (c.operation('getLimits').responses['200']!.content['text/csv'] = { schema: { type: 'string' } })],
  ['a problem more', (c) => (c.operation('listUsers').responses['404'] = { $ref: '#/components/responses/Problem404' } as never)],
  ['a problem less', (c) => delete c.operation('createCustomer').responses['409']],
  ['other words', (c) => (c.operation('getMe').summary = 'Who I am')],
  ['deprecation', (c) => (c.operation('getMe').deprecated = true)],
  ['a permission no longer needed', (c) => (c.operation('getProduct').security = [{ bearer: [] }])],
];

/** Runs the gate as CI does. */
function gate(plants: readonly ((contract: Contract) => void)[]): { readonly passed: boolean; readonly complaints: string[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'shuke-gate-'));
  try {
    const contract = new Contract();
    for (const plant of plants) plant(contract);
    const revision = path.join(folder, 'revision.yaml');
    writeFileSync(revision, stringify(contract.document, { aliasDuplicateObjects: false }));
    const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'scripts/breaking.mjs'), path.join(ROOT, 'openapi.yaml'), revision], { cwd: ROOT, encoding: 'utf8' });
    return { passed: status === 0, complaints: stderr.split('\n').filter((line) => line.startsWith('- ')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('S152 the gate against breaking changes', () => {
  it('S152 finds every break that is planted', () => {
    const { passed, complaints } = gate(BREAKS.map(([, plant]) => plant));
    expect(passed).toBe(false);
    expect(BREAKS.filter(([, , complaint]) => !complaints.some((line) => complaint.test(line))).map(([name]) => name)).toEqual([]);
  }, 120_000);

  it('S152 lets every addition pass', () => {
    expect(gate(ADDITIONS.map(([, plant]) => plant))).toEqual({ passed: true, complaints: [] });
  }, 120_000);

  it('finds a value that clients may no longer send, also where the schema is answered too', () => {
    const { complaints } = gate([(c) => (c.schema('ExternalId').properties['why'] = { type: 'string' } as unknown as Schema), (c) => c.schema('ExternalId').required.push('why')]);
    expect(complaints.some((line) => /requestBody.*why/.test(line))).toBe(true);
  }, 120_000);
});
