import { describe, expect, it } from '@jest/globals';
import { languageOf, REFUSALS, refusalOf } from './refusals.js';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de, fr;q=0.5', 'en'],
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['zh;q=0', 'en'],
    ['en;q=0.2, zh-Hant-TW;q=0.3', 'zh'],
    [`zh${',x'.repeat(100_000)}`, 'zh'],
  ])('for %p is %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});

describe('refusals', () => {
  it('have a status of their own, so that each can be told from it', () => {
    for (const [refusal, { status }] of Object.entries(REFUSALS)) expect(refusalOf(status)).toBe(refusal);
  });
});
