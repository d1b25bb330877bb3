import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BlindIndex, type FragmentKind } from './blind-index.js';
import { foldDigits, foldText } from './folded-text.js';
import { LocalMasterKeys } from './local-master-keys.js';

const keyring = (index: number) => LocalMasterKeys.fromText(`k:${'a1'.repeat(32)},index:${Buffer.alloc(32, index).toString('hex')}`);
const index = new BlindIndex(keyring(1));
const holdsAll = (grams: readonly number[], wanted: readonly number[]) => wanted.every((gram) => grams.includes(gram));
const finds = (kind: FragmentKind, query: string, text: string) => {
  const wanted = index.gramsOf(kind, query);
  return wanted !== null && holdsAll(index.grams([{ kind, text }]), wanted) && index.matches(kind, query, text);
};

const han = fc.integer({ min: 0x4e00, max: 0x9fff }).map((point) => String.fromCodePoint(point));
const rareHan = fc.integer({ min: 0x20000, max: 0x2a6df }).map((point) => String.fromCodePoint(point));
const hangul = fc.integer({ min: 0xac00, max: 0xd7a3 }).map((point) => String.fromCodePoint(point));
const latin = fc.constantFrom(...Array.from('abcdefgXYZéÅßñøİıſǅŉ'));
const other = fc.constantFrom(...Array.from('ΣσςΐЙёЖאבعربहिन्दीไทยがガｶﾞ'));
const noise = fc.constantFrom(' ', '·', '-', '’', '.', '\u3000');
const name = fc.array(fc.oneof(han, rareHan, hangul, latin, other, noise), { minLength: 1, maxLength: 12 }).map((all) => all.join(''));
const anyText = fc.oneof(name, fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 20 }));
const cut = (text: string, from: number, length: number) => {
  const characters = Array.from(text);
  const start = characters.length === 0 ? 0 : from % characters.length;
  return characters.slice(start, start + length).join('');
};

describe('folding', () => {
  it.each([
    ['Ｚｏë O’Brien', 'zoeobrien'],
    ['张 三丰', '张三丰'],
    ['JOHN smith-2', 'johnsmith2'],
    ['\uf9b4', '領'],
    ['阿依古丽·买买提', '阿依古丽买买提'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['İpek', 'ipek'],
    ['ﾔﾏﾀﾞ', 'ヤマダ'],
  ])('%s becomes %s', (text, folded) => expect(foldText(text)).toBe(folded));

  it('leaves a slice of what it folded as it is', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.integer({ min: 1, max: 20 }), (text, from, length) => {
        const slice = cut(foldText(text), from, length);
        expect(foldText(slice)).toBe(slice);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the digits of a phone number, full width too', () => {
    expect(foldDigits('+８６ (138) 1234-5678')).toBe('8613812345678');
  });
});

describe('exact index', () => {
  it('is 16 bytes that depend on the kind, the value and the index secret', () => {
    const phone = index.exact('phone', '+8613812345678');
    expect(phone).toHaveLength(16);
    expect(index.exact('phone', '+8613812345678')).toEqual(phone);
    expect(index.exact('phone', '+8613812345679')).not.toEqual(phone);
    expect(index.exact('email', '+8613812345678')).not.toEqual(phone);
    expect(new BlindIndex(keyring(2)).exact('phone', '+8613812345678')).not.toEqual(phone);
  });

  it('stays what it was when this test was written, as the rows of old installations do', () => {
    expect(index.exact('email', 'a@example.com').toString('hex')).toBe('f3610f57aa3f1c6535851f91f3ffe578');
    expect(index.grams([{ kind: 'name', text: '张三' }, { kind: 'phone', text: '1234' }])).toEqual([-983013092, -269407837, 1804191584, 1874476564, 1941964304]);
  });
});

describe('fragment index', () => {
  it.each<[FragmentKind, string, string]>([
    ['name', '张', '张三丰'],
    ['name', '三丰', '张三丰'],
    ['name', '張三', '張三豐'],
    ['name', '𠮷', '𠮷野家'],
    ['name', 'mit', 'John Smith'],
    ['name', 'smith JOHN', 'John Smith'],
    ['name', 'obrien', 'Zoë O’Brien'],
    ['name', 'жков', 'Жуко́в Межков'],
    ['name', 'ОВ', 'Жуков'],
    ['name', '김', '김철수'],
    ['phone', '345', '+86 138 1234 5678'],
    ['phone', '138-1234', '+8613812345678'],
    ['email', 'zhang@ex', 'Zhang@Example.com'],
    ['address', '人民路', '上海市黄浦区人民路88号'],
  ])('finds by %s %s in %s', (kind, query, text) => expect(finds(kind, query, text)).toBe(true));

  it.each<[FragmentKind, string]>([
    ['name', ''], ['name', ' · '], ['name', 'j'], ['name', 'j s'], ['phone', '12'], ['phone', 'abc'], ['email', '@'],
  ])('answers null for a %s fragment too short to search: "%s"', (kind, query) => expect(index.gramsOf(kind, query)).toBeNull());

  it.each<[FragmentKind, string, string]>([
    ['name', '', '张三'], ['name', ' · ', '张三'], ['name', '李', '张三'], ['name', 'smith jane', 'John Smith'], ['phone', 'abc', '13812345678'], ['phone', '831', '13812345678'],
  ])('does not take a row for a %s match of "%s": %s', (kind, query, text) => expect(index.matches(kind, query, text)).toBe(false));

  it('finds every fragment of a name, in all scripts', () => {
    fc.assert(
      fc.property(name, fc.nat(), fc.integer({ min: 1, max: 12 }), (text, from, length) => {
        const fragment = cut(foldText(text), from, length);
        fc.pre(index.gramsOf('name', fragment) !== null);
        expect(finds('name', fragment, text)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every Chinese character alone', () => {
    fc.assert(fc.property(fc.oneof(han, rareHan), name, name, (character, before, after) => {
      // An unassigned point is no letter, and a compatibility ideograph folds to its plain twin.
      fc.pre(foldText(character) !== '');
      expect(finds('name', character, before + character + after)).toBe(true);
    }));
  });

  it('finds every three digits of a phone number', () => {
    fc.assert(fc.property(fc.stringMatching(/^\+[1-9]\d{6,14}$/), fc.nat(), fc.integer({ min: 3, max: 11 }), (phone, from, length) => {
      const digits = phone.slice(1);
      const start = from % (digits.length - 2);
      expect(finds('phone', digits.slice(start, start + Math.max(3, length)), phone)).toBe(true);
    }));
  });

  it('never misses a row that matches, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.constantFrom<FragmentKind>('name', 'phone', 'email', 'address'), anyText, anyText, anyText, (kind, before, query, after) => {
        for (const text of [query, before + query + after]) {
          const wanted = index.gramsOf(kind, query);
          if (wanted === null || !index.matches(kind, query, text)) continue;
          expect(holdsAll(index.grams([{ kind, text }]), wanted)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('rarely brings up a row that does not match', () => {
    const names = fc.sample(fc.array(han, { minLength: 2, maxLength: 4 }).map((all) => all.join('')), { numRuns: 2_000, seed: 7 });
    const rows = names.map((text) => index.grams([{ kind: 'name', text }]));
    let wrong = 0;
    for (const query of names.slice(0, 100)) {
      const wanted = index.gramsOf('name', query.slice(0, 2))!;
      rows.forEach((grams, i) => {
        if (holdsAll(grams, wanted) && !index.matches('name', query.slice(0, 2), names[i]!)) wrong += 1;
      });
    }
    expect(wrong).toBeLessThanOrEqual(2);
  });

  it('never shares a gram between two kinds, or between a character and a pair', () => {
    const kinds: FragmentKind[] = ['name', 'phone', 'email', 'address'];
    fc.assert(
      fc.property(fc.oneof(name, fc.stringMatching(/^\d{3,12}$/)), (text) => {
        const all = kinds.flatMap((kind) => index.grams([{ kind, text }]));
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it('tells apart characters of different planes', () => {
    const grams = ['\u{4e01}', '\u{24e01}', '\u{30e01}', '\u{20e01}'].flatMap((text) => index.grams([{ kind: 'name', text }]));
    expect(new Set(grams).size).toBe(4);
  });

  it('puts the grams of several texts into one sorted list without repeats', () => {
    const both = index.grams([{ kind: 'name', text: '张三三三' }, { kind: 'phone', text: '13812345678' }]);
    const apart = [...index.grams([{ kind: 'name', text: '张三三三' }]), ...index.grams([{ kind: 'phone', text: '13812345678' }])];
    expect(both).toEqual([...new Set(apart)].sort((a, b) => a - b));
    expect(index.grams([])).toEqual([]);
  });

  it('asks for at most 24 grams, all of which the text has', () => {
    const text = 'the quick brown fox jumps over the lazy dog and runs away';
    const wanted = index.gramsOf('name', text)!;
    expect(wanted.length).toBeLessThanOrEqual(24);
    expect(holdsAll(index.grams([{ kind: 'name', text }]), wanted)).toBe(true);
  });

  it('gives other grams under another index secret', () => {
    const theirs = new BlindIndex(keyring(2)).grams([{ kind: 'name', text: '张三丰' }]);
    expect(index.grams([{ kind: 'name', text: '张三丰' }]).filter((gram) => theirs.includes(gram))).toEqual([]);
  });
});
