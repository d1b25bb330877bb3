import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Dice, runningSums } from './dice.js';

const throws = <T>(count: number, one: () => T): T[] => Array.from({ length: count }, one);

describe('dice', () => {
  it('throw the same for the same seed and name, and something else for another of either', () => {
    const firstThrows = (seed: number, name: string) => {
      const dice = new Dice(seed, name);
      return throws(5, () => dice.next());
    };
    expect(firstThrows(1, 'people')).toEqual(firstThrows(1, 'people'));
    expect(firstThrows(1, 'people')).not.toEqual(firstThrows(2, 'people'));
    expect(firstThrows(1, 'people')).not.toEqual(firstThrows(1, 'orders'));
  });

  it('spread evenly over 0 to 1', () => {
    const dice = new Dice(7, 'evenly');
    const tenths = throws(20_000, () => Math.floor(dice.next() * 10));
    for (let tenth = 0; tenth < 10; tenth += 1) expect(tenths.filter((one) => one === tenth).length / 20_000).toBeCloseTo(0.1, 1);
  });

  it('reach both ends of a range and nothing beyond', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 5 }), (seed, least, width) => {
      const dice = new Dice(seed, 'range');
      const seen = new Set(throws(300, () => dice.between(least, least + width)));
      expect([...seen].sort((one, other) => one - other)).toEqual(Array.from({ length: width + 1 }, (_, n) => least + n));
    }));
  });

  it('choose by weight, and never what weighs nothing', () => {
    const dice = new Dice(3, 'weights');
    const chosen = throws(10_000, () => dice.weighted({ often: 3, seldom: 1, never: 0 }));
    expect(chosen.filter((one) => one === 'often').length / 10_000).toBeCloseTo(0.75, 1);
    expect(chosen).not.toContain('never');
  });

  it('keep to a part of running sums', () => {
    fc.assert(fc.property(fc.integer(), fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 2, maxLength: 20 }), fc.nat(), (seed, weights, cut) => {
      const from = cut % (weights.length - 1);
      const place = new Dice(seed, 'part').among(runningSums(weights), from, weights.length);
      expect(place).toBeGreaterThanOrEqual(from);
      expect(place).toBeLessThan(weights.length);
    }));
  });

  it('fall by a power: P(X ≥ 2·least) is 2^(1−exponent)', () => {
    const dice = new Dice(5, 'power');
    const drawn = throws(20_000, () => dice.powerLaw(5, 2, 1000));
    expect(drawn.filter((one) => one >= 10).length / 20_000).toBeCloseTo(0.5, 1);
    expect(Math.min(...drawn)).toBe(5);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1000);
  });
});
