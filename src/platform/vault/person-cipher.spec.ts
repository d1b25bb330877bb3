import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newPersonKey, openText, SealBroken, sealText } from './person-cipher.js';

const ZHANG = '019abf00-0000-7000-8000-000000000001';
const LI = '019abf00-0000-7000-8000-000000000002';
const key = Buffer.alloc(32, 5);
/** Any string at all, lone surrogates included, as its owner hands it in. */
const jsonText = fc.anything().map((value) => JSON.stringify({ value: String(JSON.stringify(value)) }));
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), jsonText);

describe('person cipher', () => {
  it('opens to the very text that was sealed', () => {
    fc.assert(fc.property(anyText, (text) => expect(openText(key, ZHANG, sealText(key, ZHANG, text))).toBe(text)));
  });

  it('keeps a lone surrogate that JSON.stringify escaped', () => {
    const text = JSON.stringify('\ud83d');
    expect(openText(key, ZHANG, sealText(key, ZHANG, text))).toBe(text);
  });

  it('refuses a blob with any byte changed, cut or added', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, at, mask) => {
        const sealed = sealText(key, ZHANG, text);
        const changed = Buffer.from(sealed);
        changed[at % sealed.length]! ^= mask;
        expect(() => openText(key, ZHANG, changed)).toThrow(SealBroken);
        expect(() => openText(key, ZHANG, sealed.subarray(0, at % sealed.length))).toThrow(SealBroken);
        expect(() => openText(key, ZHANG, Buffer.concat([sealed, Buffer.of(mask)]))).toThrow(SealBroken);
      }),
    );
  });

  it('refuses every single bit of one blob', () => {
    const sealed = sealText(key, ZHANG, '{"name":"张三丰"}');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openText(key, ZHANG, changed)).toThrow(SealBroken);
    }
  });

  it('refuses to open one person\'s blob as another\'s', () => {
    expect(() => openText(key, LI, sealText(key, ZHANG, '{}'))).toThrow(SealBroken);
  });

  it('refuses another key', () => {
    expect(() => openText(newPersonKey(), ZHANG, sealText(key, ZHANG, '{}'))).toThrow(SealBroken);
  });

  it('never seals one text twice alike, and never makes one key twice', () => {
    const sealed = new Set(Array.from({ length: 5_000 }, () => sealText(key, ZHANG, '{}').toString('hex').slice(2, 26)));
    const keys = new Set(Array.from({ length: 5_000 }, () => newPersonKey().toString('hex')));
    expect([sealed.size, keys.size]).toEqual([5_000, 5_000]);
    expect([...keys].some((text) => text.includes('00000000'))).toBe(false);
  });
});
