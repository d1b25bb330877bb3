import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMillis } from './backoff.js';

describe('the pause between attempts', () => {
  it('doubles from the first one', () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMillis(attempt, 5, 1))).toEqual([5_000, 10_000, 20_000, 40_000]);
  });

  it('lies between half of the span and the whole, never over an hour', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, seconds, random) => {
      const whole = backoffMillis(attempt, seconds, 1);
      const pause = backoffMillis(attempt, seconds, random);
      expect(pause).toBeGreaterThanOrEqual(Math.floor(whole / 2));
      expect(pause).toBeLessThanOrEqual(Math.min(whole, 3_600_000));
    }));
  });
});
