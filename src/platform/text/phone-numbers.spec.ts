import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../config/config.js';
import { PhoneNumbers } from './phone-numbers.js';

const { e164 } = new PhoneNumbers(readConfig({ DEFAULT_REGION: 'CN' }));

describe('phone numbers', () => {
  it.each([
    ['138 1234 5678', '+8613812345678'],
    ['+86-138-1234-5678', '+8613812345678'],
    ['１３８１２３４５６７８', '+8613812345678'],
    ['010-6552 9988', '+861065529988'],
    ['+44 (0)20 7946 0018', '+442079460018'],
    ['+55 11 98765-4321', '+5511987654321'],
  ])('reads %p as %p', (text, e164Form) => {
    expect(e164(text)).toBe(e164Form);
  });

  it.each(['', 'call me', '12', '+86 138', '+999 123456789', '1'.repeat(40)])('finds none in %p', (text) => {
    expect(e164(text)).toBeUndefined();
  });

  it('reads a number without a country code as one of the region set', () => {
    expect(new PhoneNumbers(readConfig({ DEFAULT_REGION: 'DE' })).e164('030 901820')).toBe('+4930901820');
  });

  it('refuses a region that is none', () => {
    expect(() => new PhoneNumbers(readConfig({ DEFAULT_REGION: 'XX' }))).toThrow(/DEFAULT_REGION="XX"/);
  });
});
