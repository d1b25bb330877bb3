import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { startApp, type TestApp } from '../support/app.js';
import { routeTable } from '../support/route-table.js';

type Schema = Record<string, unknown>;

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly responses: Record<string, { readonly $ref?: string; readonly description?: string }>;
}

const contract = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly tags: readonly { readonly name: string }[];
  readonly components: { readonly schemas: Record<string, Schema> };
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
  const below = Object.entries(root).flatMap(([key, value]) => (key === 'example' && isSchema(schema) ? [] : typed(value, `${pointer}/${key}`)));
  const types = [schema['type']].flat();
  return types.every((type) => typeof type === 'string') ? [{ pointer, schema, types }, ...below] : below;
}

/** Every place below `root` that shows an example of a schema, with its JSON pointer. */
function examples(root: unknown, pointer = ''): { pointer: string; schema: Schema; value: unknown }[] {
  if (typeof root !== 'object' || root === null) return [];
  const schema = root as Schema;
  const below = Object.entries(root).flatMap(([key, value]) => (key === 'example' && isSchema(schema) ? [] : examples(value, `${pointer}/${key}`)));
  return 'example' in schema && isSchema(schema) ? [{ pointer, schema, value: schema['example'] }, ...below] : below;
}

describe('the contract', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
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

  it('shows examples that are valid', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(contract, 'contract');
    const shown = examples(contract);
    expect(shown.length).toBeGreaterThan(500);
    const wrong = shown.flatMap(({ pointer, schema, value }) => {
      const { example: _, ...rest } = schema;
      const rule = JSON.parse(JSON.stringify(rest).replaceAll('"#/', '"contract#/')) as Schema;
      return ajv.validate(rule, value) ? [] : [`${pointer}: ${JSON.stringify(value)} ${ajv.errorsText()}`];
    });
    expect(wrong).toEqual([]);
  });
});
