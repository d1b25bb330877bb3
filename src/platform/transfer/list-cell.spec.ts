import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readList, writeList } from './list-cell.js';

describe('lists in a cell', () => {
  it.each([
    ['vip|newsletter', ['vip', 'newsletter']],
    ['a\\|b|c', ['a|b', 'c']],
    ['C:\\temp|\\\\host', ['C:\\temp', '\\host']],
    ['|a|', ['', 'a', '']],
    ['ends\\', ['ends\\']],
  ])('%j holds %j', (cell, items) => expect(readList(cell)).toEqual(items));

  it('give every item back as it was', () => {
    const items = fc.array(fc.string({ unit: fc.constantFrom('|', '\\', 'a', '中', ',') }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(items, (list) => expect(readList(writeList(list))).toEqual(list)));
  });
});
