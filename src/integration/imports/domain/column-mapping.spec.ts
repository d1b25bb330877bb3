import { describe, expect, it } from '@jest/globals';
import { mapLine, UnreadableCell } from './column-mapping.js';

const cells = (row: Record<string, string | object>) => (column: string) => (Object.hasOwn(row, column) ? row[column] : undefined);

describe('mapping a line', () => {
  it('takes cells under our names, trimmed, and leaves blank ones out', () => {
    const mapping = { name: { column: 'Full name' }, 'externalIds.shop': { column: 'id' }, city: { column: 'City' }, note: { column: 'missing' } };
    expect(mapLine(mapping, 1, cells({ 'Full name': ' Ada ', id: '7', City: '  ' }))).toEqual({ name: 'Ada', 'externalIds.shop': '7' });
  });

  it('fills constants in for every line, or for blank cells only', () => {
    const mapping = { channel: { constant: 'web' }, currency: { column: 'cur', constant: 'BRL' } };
    expect(mapLine(mapping, 1, cells({ cur: '' }))).toEqual({ channel: 'web', currency: 'BRL' });
    expect(mapLine(mapping, 1, cells({ cur: 'USD' }))).toEqual({ channel: 'web', currency: 'USD' });
  });

  it('translates listed words and keeps the others', () => {
    const mapping = { status: { column: 's', valueMap: { bought: 'paid', nothing: '' } } };
    expect(['bought', 'sent', 'nothing', 'constructor'].map((s) => mapLine(mapping, 1, cells({ s })))).toEqual([
      { status: 'paid' }, { status: 'sent' }, {}, { status: 'constructor' },
    ]);
  });

  it('leaves a line out where a column that says so is blank, or is made so', () => {
    const mapping = { paidAt: { column: 'paid', valueMap: { never: '' }, onBlank: 'skip' as const }, note: { column: 'n' } };
    expect(['2026-01-01', '  ', 'never'].map((paid) => mapLine(mapping, 1, cells({ paid, n: 'x' })))).toEqual([{ paidAt: '2026-01-01', note: 'x' }, undefined, undefined]);
  });

  it('takes the number of the line for a name', () => {
    expect(mapLine({ 'externalIds.till': { fileLine: true }, name: { column: 'n' } }, 17, cells({ n: 'x' }))).toEqual({ 'externalIds.till': '17', name: 'x' });
  });

  it.each(['a\0b', 'a\ud800b'])('refuses %j, which PostgreSQL cannot hold', (name) => {
    expect(() => mapLine({ name: { column: 'n' } }, 1, cells({ n: name }))).toThrow(UnreadableCell);
  });

  it('refuses a place that holds an object and names the column', () => {
    expect(() => mapLine({ name: { column: 'n' } }, 1, cells({ n: {} }))).toThrow(expect.objectContaining({ column: 'name', code: 'not_a_value' }));
  });
});
