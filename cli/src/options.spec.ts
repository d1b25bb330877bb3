import { describe, expect, it } from '@jest/globals';
import { commaList, first, pairs, wholeNumber } from './options.js';

describe('options', () => {
  it('pairs are gathered, and keep what is right of the first =', () => {
    expect(pairs('name=a=b', pairs('phone=mobile'))).toEqual({ phone: 'mobile', name: 'a=b' });
    expect(pairs('name=')).toEqual({ name: '' });
    for (const wrong of ['name', '=x', '']) expect(() => pairs(wrong)).toThrow('It must be written name=value.');
  });

  it('a number is whole', () => {
    expect(wholeNumber('0012')).toBe(12);
    for (const wrong of ['1.5', '-1', 'ten', '', '1e3', '9'.repeat(16)]) expect(() => wholeNumber(wrong)).toThrow('It must be a whole number.');
  });

  it('a list is separated by commas', () => {
    expect(commaList(' a, b,,c ')).toEqual(['a', 'b', 'c']);
  });

  it('the first so many are taken, and no more are asked for', async () => {
    let asked = 0;
    const endless = async function* () {
      for (;;) yield await Promise.resolve((asked += 1));
    };
    const found: number[] = [];
    for await (const number of first(3, endless())) found.push(number);
    for await (const number of first(0, endless())) found.push(number);
    expect([found, asked]).toEqual([[1, 2, 3], 3]);
  });
});
