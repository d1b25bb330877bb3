import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAmount } from './read-amount.js';

describe('amounts in files', () => {
  it.each([
    ['199', '199'], ['199.00', '199.00'], ['-5.5', '-5.5'], ['1,234.50', '1234.50'], ['12,345,678', '12345678'], ['¥199.00', '199.00'], ['￥ 1,299', '1299'],
    ['199元', '199'], ['12.50 EUR', '12.50'], ['USD 12.50', '12.50'], ['１９９．５０', '199.50'], ['0.0', '0.0'],
    // What programs that count in floating point write.
    ['19.900000000000002', '19.90'], ['4.440892e-16', '0.00'], ['-1.1e-16', '0.00'], ['1.9999999999999998', '2.00'], ['1.2e3', '1200.00'],
  ])('%s is %s', (text, amount) => expect(readAmount(text, 2)).toBe(amount));

  it.each(['', 'free', '12,50', '1.234,56', '1,23,456', '--1', '1e400', '0.3333333333333333', '1.005000000000', '12.5.0', '¥', 'NaN'])('finds none in %p', (text) => {
    expect(readAmount(text, 2)).toBeUndefined();
  });

  it('leaves digits the currency lacks for the reader to refuse', () => expect(readAmount('1.005', 2)).toBe('1.005'));

  it('gives back every sum of cents, whatever noise the summing left', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -99_999, max: 99_999 }), { minLength: 1, maxLength: 50 }), (cents) => {
      const sum = cents.reduce((so, cent) => so + cent / 100, 0);
      const exact = cents.reduce((so, cent) => so + cent, 0) / 100;
      expect(Number(readAmount(String(sum), 2))).toBe(exact === 0 ? 0 : exact);
    }));
  });
});
