import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { suggestMapping, type FileColumn, type WantedColumn } from './suggest-mapping.js';

const ORDERS: readonly WantedColumn[] = [
  { name: 'externalIds.<system>', type: 'text', required: true, aliases: ['order id', '订单编号'] },
  { name: 'placedAt', type: 'instant', required: true, aliases: ['created at', '订单创建时间'] },
  { name: 'total', type: 'amount', aliases: ['amount', '总金额'] },
  { name: 'email', type: 'text', aliases: ['mail'], telling: /^[^@\s]+@[^@\s]+$/ },
  { name: 'attributes.<name>', type: 'text', aliases: [] },
];

const file = (...names: string[]): FileColumn[] => names.map((name) => ({ name, values: [] }));
const suggest = (columns: readonly FileColumn[], learned: Parameters<typeof suggestMapping>[2] = [], system = 'shop') => suggestMapping(columns, ORDERS, learned, system);
const why = ({ columns }: ReturnType<typeof suggest>) => Object.fromEntries(columns.map(({ column, suggestedFor, because }) => [column, `${suggestedFor} ${because}`]));

describe('a suggested mapping', () => {
  it('finds columns by their names and by what others call them, in any language and spelling', () => {
    expect(why(suggest(file('订单编号', 'CREATED_AT', 'Total ', 'colour')))).toEqual({ 订单编号: 'externalIds.shop alias', CREATED_AT: 'placedAt alias', 'Total ': 'total same_name' });
    expect(suggest(file('订单编号', 'colour'))).toMatchObject({ mapping: { 'externalIds.shop': { column: '订单编号' } }, missing: ['placedAt'], unmapped: ['colour'] });
  });

  it('finds headers that are nearly those known, and is less sure', () => {
    const [found] = suggest(file('shop order id')).columns;
    expect(found).toEqual({ column: 'shop order id', suggestedFor: 'externalIds.shop', confidence: 0.64, because: 'similar' });
    expect(suggest(file('shop item id')).columns).toEqual([]);
  });

  it('goes by what imports took the header for, as sure as they agreed', () => {
    const learned = [{ fileColumn: 'Nr', column: 'externalIds.erp', uses: 4 }, { fileColumn: 'Nr', column: 'total', uses: 1 }];
    expect(suggest(file('Nr'), learned).columns).toEqual([{ column: 'Nr', suggestedFor: 'externalIds.erp', confidence: 0.792, because: 'learned' }]);
  });

  it('takes what former imports say over the usual meaning', () => {
    expect(why(suggest(file('amount'), [{ fileColumn: 'amount', column: 'attributes.weight', uses: 2 }]))).toEqual({ amount: 'attributes.weight learned' });
  });

  it('takes a header that is an open column of ours with its own last part', () => {
    expect(why(suggest(file('externalIds.tmall', 'externalIds.erp', 'attributes.colour')))).toEqual({
      'externalIds.tmall': 'externalIds.tmall same_name', 'externalIds.erp': 'externalIds.erp same_name', 'attributes.colour': 'attributes.colour same_name',
    });
  });

  it('believes values more than a header that they contradict', () => {
    expect(suggest([{ name: 'amount', values: ['red', 'blue'] }]).columns).toEqual([]);
    expect(why(suggest([{ name: 'amount', values: ['1.5', ''] }]))).toEqual({ amount: 'total alias' });
  });

  it('tells a column by its values where the header says nothing', () => {
    expect(why(suggest([{ name: 'column 1', values: ['li@example.com', 'wang@example.com'] }]))).toEqual({ 'column 1': 'email values' });
  });

  it('gives a header to the column that has no other', () => {
    const wanted = [{ name: 'name', type: 'text', aliases: ['buyer', 'receiver'] }, { name: 'recipient', type: 'text', aliases: ['buyer'] }];
    expect(suggestMapping(file('buyer', 'receiver'), wanted, [], 'shop').mapping).toEqual({ name: { column: 'receiver' }, recipient: { column: 'buyer' } });
  });

  it('never names a column twice, maps only columns that are there, and is sure between 0 and 1', () => {
    const header = fc.constantFrom('order id', 'Order_ID', '订单编号', 'amount', '总金额', 'total', 'mail', 'email', '', 'created at', 'externalIds.x', 'shop order id');
    fc.assert(fc.property(fc.uniqueArray(header), (names) => {
      const { mapping, columns, missing, unmapped, score } = suggest(file(...names));
      const used = Object.values(mapping).map(({ column }) => column);
      expect(new Set(used).size).toBe(used.length);
      expect(new Set([...used, ...unmapped])).toEqual(new Set(names));
      expect(used.length + unmapped.length).toBe(names.length);
      expect(columns.every(({ confidence }) => confidence > 0 && confidence < 1)).toBe(true);
      expect(missing.every((name) => ORDERS.some((column) => column.required && column.name === name))).toBe(true);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }));
  });
});
