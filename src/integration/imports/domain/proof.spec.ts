import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Proof } from './proof.js';

const april = { month: '2020-04', currency: 'CNY' };

describe('the proof of an import', () => {
  it('keeps months and currencies apart, in their order, with what has none last', () => {
    const proof = new Proof();
    for (const group of [{ month: null, currency: 'CNY' }, april, { month: '2020-04', currency: null }, { month: '2019-12', currency: 'USD' }]) proof.add('file', group, { records: 1 });
    expect(proof.rows.map(({ month, currency }) => [month, currency])).toEqual([['2019-12', 'USD'], ['2020-04', 'CNY'], ['2020-04', null], [null, 'CNY']]);
    expect(proof.matches).toBe(false);
  });

  it('does not take nothing told for nothing paid', () => {
    const proof = new Proof();
    proof.add('file', april, { records: 1 });
    proof.add('database', april, { records: 1, minor: 0n });
    expect(proof.matches).toBe(false);
  });

  it('lets refused lines be', () => {
    const proof = new Proof();
    proof.add('refused', april, { records: 1, minor: 5n });
    expect(proof.matches).toBe(true);
  });

  it('comes to the same sums however they are cut up, beyond 2^53 too', () => {
    fc.assert(fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 60n }), { minLength: 1 }), (amounts) => {
      const proof = new Proof();
      for (const minor of amounts) proof.add('file', april, { records: 1, minor });
      proof.add('database', april, { records: amounts.length, minor: amounts.reduce((sum, minor) => sum + minor) });
      expect(proof.matches).toBe(true);
      proof.add('database', april, { records: 0, minor: 1n });
      expect(proof.matches).toBe(false);
    }));
  });
});
