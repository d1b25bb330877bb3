import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatAmount, MOST_MINOR, parseAmount, toMoneyText } from './money.js';

const currencies = fc.constantFrom('CNY', 'BRL', 'USD', 'JPY', 'KWD', 'CLF');

describe('money', () => {
  it.each([
    ['199.00', 'CNY', 19_900],
    ['199', 'CNY', 19_900],
    ['0.1', 'CNY', 10],
    ['-0.05', 'EUR', -5],
    ['1500', 'JPY', 1_500],
    ['1.234', 'KWD', 1_234],
    ['10.500', 'CNY', 1_050],
  ])('reads %s %s as %d minor units', (amount, currency, minor) => {
    expect(parseAmount(amount, currency)).toBe(minor);
  });

  it.each([
    ['1.005', 'CNY', 'too_many_digits'],
    ['1.5', 'JPY', 'too_many_digits'],
    ['1e3', 'CNY', 'invalid_amount'],
    ['', 'CNY', 'invalid_amount'],
    ['1,000.00', 'CNY', 'invalid_amount'],
    ['9999999999999999', 'CNY', 'amount_out_of_range'],
    ['100000000000.01', 'CNY', 'amount_out_of_range'],
    ['-100000000000.01', 'CNY', 'amount_out_of_range'],
    ['1.00', 'cny', 'invalid_currency'],
  ])('refuses %s %s as %s instead of guessing', (amount, currency, code) => {
    expect(() => parseAmount(amount, currency)).toThrow(expect.objectContaining({ code }));
  });

  it('gives back every amount it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MOST_MINOR, max: MOST_MINOR }), currencies, (minor, currency) => {
        expect(parseAmount(formatAmount(minor, currency), currency)).toBe(minor);
      }),
    );
  });

  it('writes sums that no number keeps', () => {
    expect(toMoneyText({ minor: 2n ** 53n + 1n, currency: 'CNY' })).toEqual({ amount: '90071992547409.93', currency: 'CNY' });
    expect(formatAmount(-(10n ** 20n) - 1n, 'KWD')).toBe('-100000000000000000.001');
  });

  it('writes exactly the digits the currency has', () => {
    expect(formatAmount(5, 'CNY')).toBe('0.05');
    expect(formatAmount(-5, 'CNY')).toBe('-0.05');
    expect(formatAmount(5, 'JPY')).toBe('5');
    expect(formatAmount(5, 'KWD')).toBe('0.005');
  });
});
