import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutsOf, scoreOf } from './rfm-score.js';

const scores = (values: readonly number[]) => values.map((value) => scoreOf(value, cutsOf(values)!));

describe('scores by fifths', () => {
  it('give ten different values two of each score', () => {
    expect(scores([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  /**
   * Ten customers bought 1, 1, 1, 1, 1, 1, 2, 2, 3 and 7 times. Below one purchase nobody, so 1 + ⌊5·0/10⌋ = 1; below two
   * six, 1 + ⌊5·6/10⌋ = 4; below three eight, 1 + ⌊5·8/10⌋ = 5; below seven nine, 1 + ⌊5·9/10⌋ = 5.
   */
  it('let equal values share the lower fifth', () => {
    expect(scores([1, 1, 1, 1, 1, 1, 2, 2, 3, 7])).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 5, 5]);
  });

  it('are 1 for all where all are equal, and for one alone', () => {
    expect(scores([5, 5, 5])).toEqual([1, 1, 1]);
    expect(scores([5])).toEqual([1]);
    expect(cutsOf([])).toBeUndefined();
  });

  const populations = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 200 });

  it('equal 1 + ⌊5·b/n⌋ with b values below, for every population', () => {
    fc.assert(fc.property(populations, (values) => {
      const direct = values.map((value) => 1 + Math.floor((5 * values.filter((other) => other < value).length) / values.length));
      expect(scores(values)).toEqual(direct);
    }));
  });

  it('never fall as the value grows, and lie between 1 and 5', () => {
    fc.assert(fc.property(populations, (values) => {
      const sorted = values.toSorted((one, other) => one - other);
      const scored = scores(sorted);
      expect(scored.toSorted((one, other) => one - other)).toEqual(scored);
      expect(scored[0]).toBe(1);
      expect(scored.at(-1)).toBeLessThanOrEqual(5);
    }));
  });
});
