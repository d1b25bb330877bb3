import { describe, expect, it } from '@jest/globals';
import { mayBe, tellThemselves } from './value-fit.js';

describe('what values say of their column', () => {
  it.each([
    ['amount', ['178.8', '0.0', '1,024.50', '¥12'], true],
    ['amount', ['credit_card', 'boleto'], false],
    ['instant', ['2020-02-21 00:00:00', '2017/07/09', '28/02/2019', '2020年2月21日'], true],
    ['instant', ['上海', '北京'], false],
    ['integer', ['1', '2.0', '12'], true],
    ['integer', ['b81ef226f3fe', 'x'], false],
    ['date', ['1990-06-15', ''], true],
    ['boolean', ['是', 'No'], true],
    ['text', ['anything'], true],
    ['amount', ['', ' '], true],
  ])('may be %s: %j is %s', (type, values, expected) => {
    expect(mayBe({ type }, values)).toBe(expected);
  });

  it('may be a column with a look of its own only if it looks so', () => {
    expect(mayBe({ type: 'text', looks: /^A-/ }, ['A-1', 'A-2'])).toBe(true);
    expect(mayBe({ type: 'text', looks: /^A-/ }, ['B-1', 'A-2', 'C-3'])).toBe(false);
  });

  it('tells a column only if nearly all look so', () => {
    expect(tellThemselves(/@/, ['a@b', 'c@d', '', 'e@f', 'g@h', 'none'])).toBe(true);
    expect(tellThemselves(/@/, ['a@b', 'none'])).toBe(false);
    expect(tellThemselves(/@/, ['', ' '])).toBe(false);
    expect(tellThemselves(undefined, ['a@b'])).toBe(false);
  });
});
