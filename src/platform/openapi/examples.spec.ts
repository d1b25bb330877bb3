import { describe, expect, it } from '@jest/globals';
import { exampleOf } from './examples.js';
import type { Schema } from './schema.js';

const TEXT = { type: 'string' } as const;
const SHOWN = { type: 'string', example: 'tea' } as const;

function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: 'object', properties, required };
}

describe('the example of a schema', () => {
  it('is made of what its parts show, through references and lists', () => {
    const schemas = { Line: object({ sku: SHOWN, quantity: { type: 'integer', minimum: 2 } }, ['sku']) };
    const order = object({ id: { type: 'string', format: 'uuid' }, lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } } }, ['id', 'lines']);
    expect(exampleOf(order, schemas)).toEqual({ id: '0192f0c1-2b3c-7def-8abc-1234567890ab', lines: [{ sku: 'tea', quantity: 2 }] });
  });

  it('leaves out what may be missing and shows nothing, and is none if that must be there', () => {
    expect(exampleOf(object({ sku: SHOWN, note: TEXT }, ['sku']), {})).toEqual({ sku: 'tea' });
    expect(exampleOf(object({ sku: SHOWN, note: TEXT }, ['sku', 'note']), {})).toBeUndefined();
    expect(exampleOf({ type: ['string', 'null'] }, {})).toBeNull();
  });

  it('takes the first choice that shows something, joins the parts of allOf, and ends in what refers to itself', () => {
    expect(exampleOf({ anyOf: [TEXT, SHOWN] }, {})).toBe('tea');
    expect(exampleOf({ allOf: [object({ sku: SHOWN }), object({ open: { type: 'boolean' } })] }, {})).toEqual({ sku: 'tea', open: true });
    const schemas = { Node: object({ name: SHOWN, next: { $ref: '#/components/schemas/Node' } }, ['name']) };
    expect(exampleOf({ $ref: '#/components/schemas/Node' }, schemas)).toMatchObject({ name: 'tea', next: { name: 'tea' } });
  });
});
