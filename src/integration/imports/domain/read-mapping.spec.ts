import { describe, expect, it } from '@jest/globals';
import { readMapping } from './read-mapping.js';

describe('a mapping as it was sent', () => {
  it('takes a column by its name, and rules', () => {
    const rules = { amount: { column: 'refund', valueMap: { '0.0': '' }, onBlank: 'skip' }, 'externalIds.till': { fileLine: true }, currency: { constant: 'CNY' } };
    expect(readMapping({ placedAt: 'created', ...rules })).toEqual({ placedAt: { column: 'created' }, ...rules });
  });

  it.each([
    [{ amount: 7 }, '/mapping/amount'],
    [{ amount: { column: '' } }, '/mapping/amount/column'],
    [{ amount: { colum: 'refund' } }, '/mapping/amount/colum'],
    [{ amount: { column: 'refund', onBlank: 'refuse' } }, '/mapping/amount/onBlank'],
    [{ 'externalIds.a/b': { fileLine: 'yes' } }, '/mapping/externalIds.a~1b/fileLine'],
    [{ id: { fileLine: true, column: 'id' } }, '/mapping/id/fileLine'],
    [{}, '/mapping'],
  ])('says where %j is wrong', (given, pointer) => {
    expect(() => readMapping(given)).toThrow(expect.objectContaining({ errors: [expect.objectContaining({ pointer })] }));
  });
});
