import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { priceLines, prorate, totalsOf, type LineTerms } from './line-price.js';

const none = { discountMinor: 0, shippingMinor: 0 };
const aLine = (terms: Partial<LineTerms> = {}): LineTerms => ({ quantity: 1, unitPriceMinor: 0, discountMinor: 0, taxMinor: 0, shippingMinor: 0, ...terms });

describe('prorate', () => {
  it('gives each seat as the largest remainder method does', () => {
    // Hamilton's method, 100 seats over votes 47,000 16,000 15,900 12,000 6,000 3,100.
    expect(prorate(10, [47_000, 16_000, 15_900, 12_000, 6_000, 3_100])).toEqual([5, 2, 1, 1, 1, 0]);
  });

  it('gives the odd cent to the first of equals', () => {
    expect(prorate(100, [1, 1, 1])).toEqual([34, 33, 33]);
  });

  it('counts weights that are all zero as equal', () => {
    expect(prorate(5, [0, 0])).toEqual([3, 2]);
  });

  it('keeps the sum, gives nothing negative, and never more than a weight when the amount is at most their sum', () => {
    const minor = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(fc.array(minor, { minLength: 1, maxLength: 30 }), minor, (weights, amount) => {
        const parts = prorate(amount, weights);
        const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(sum(parts)).toBe(amount);
        expect(parts.every((part) => part >= 0)).toBe(true);
        if (amount <= sum(weights) && sum(weights) > 0) expect(parts.every((part, index) => part <= weights[index]!)).toBe(true);
      }),
    );
  });
});

describe('priceLines', () => {
  it('totals a line as quantity × price − discount + tax + shipping', () => {
    const [line] = priceLines([aLine({ quantity: 3, unitPriceMinor: 19_900, discountMinor: 500, taxMinor: 120, shippingMinor: 900 })], none, 'CNY');
    expect(line?.totalMinor).toBe(3 * 19_900 - 500 + 120 + 900);
  });

  it('spreads an order discount and shipping over the lines by value', () => {
    const lines = priceLines([aLine({ unitPriceMinor: 10_000 }), aLine({ unitPriceMinor: 5_000 })], { discountMinor: 1_000, shippingMinor: 301 }, 'CNY');
    expect(lines.map((line) => line.discountMinor)).toEqual([667, 333]);
    expect(lines.map((line) => line.shippingMinor)).toEqual([201, 100]);
    expect(totalsOf(lines, 'CNY')).toEqual({ quantity: 2, subtotalMinor: 15_000, discountMinor: 1_000, taxMinor: 0, shippingMinor: 301, totalMinor: 14_301 });
  });

  it('refuses a discount above what it is taken from', () => {
    expect(() => priceLines([aLine({ unitPriceMinor: 100, discountMinor: 101 })], none, 'CNY')).toThrow(expect.objectContaining({ code: 'discount_above_value' }));
    expect(() => priceLines([aLine({ unitPriceMinor: 100 })], { discountMinor: 101, shippingMinor: 0 }, 'CNY')).toThrow(
      expect.objectContaining({ code: 'discount_above_value' }),
    );
  });

  it('refuses amounts beyond what integers hold exactly', () => {
    expect(() => priceLines([aLine({ quantity: 1_000_000, unitPriceMinor: 2 ** 50 })], none, 'CNY')).toThrow(expect.objectContaining({ code: 'amount_out_of_range' }));
  });

  it('never makes a line negative and keeps what the order level brought', () => {
    const terms = fc.record({ quantity: fc.integer({ min: 1, max: 50 }), unitPriceMinor: fc.integer({ min: 0, max: 1_000_000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(terms, { minLength: 1, maxLength: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(100_000), (drawn, share, shippingMinor) => {
        const lines = drawn.map(({ quantity, unitPriceMinor, share: own }) => aLine({ quantity, unitPriceMinor, discountMinor: Math.floor(quantity * unitPriceMinor * own) }));
        const value = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor - line.discountMinor, 0);
        const discountMinor = Math.floor(value * share);
        const priced = priceLines(lines, { discountMinor, shippingMinor }, 'CNY');
        expect(priced.every((line) => line.totalMinor >= 0)).toBe(true);
        expect(totalsOf(priced, 'CNY').totalMinor).toBe(value - discountMinor + shippingMinor);
      }),
    );
  });
});
