import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHINESE_NEW_YEARS, DAY, dayIn, instantOn, weightOf, year } from './year.js';

const noonInShanghai = (day: string) => new Date(`${day}T04:00:00Z`);

describe('the shopping year', () => {
  it.each([
    ['2026-03-10', 1], ['2026-03-14', 1.15],
    ['2025-11-11', 8], ['2026-06-18', 5.5], ['2024-12-12', 4.5],
    ['2025-01-29', 0.3], ['2026-02-17', 0.3], ['2023-01-23', 0.3], ['2026-02-26', 1], ['2026-02-03', 1.4],
  ])('weighs %s at %d ordinary days', (day, weight) => {
    expect(weightOf(noonInShanghai(day))).toBeCloseTo(weight);
  });

  it('has the Chinese New Year within a day of where the calendar of this Node puts it', () => {
    const calendar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
    const isNewYear = (millis: number) => calendar.formatToParts(millis).filter(({ type }) => type === 'month' || type === 'day').every(({ value }) => value === '1');
    for (const day of CHINESE_NEW_YEARS) expect([day, [-1, 0, 1].some((off) => isNewYear(Date.parse(day) + off * DAY))]).toEqual([day, true]);
  });

  it('has 365 days in Shanghai, the last one as long as it has lasted', () => {
    const span = year(new Date('2026-06-30T10:00:00Z'));
    expect([dayIn(span.from), span.weights.length]).toEqual(['2025-07-01', 365]);
    expect(span.from.toISOString()).toBe('2025-06-30T16:00:00.000Z');
    // 18 of 24 hours of a Tuesday.
    expect(span.weights[364]! - span.weights[363]!).toBeCloseTo(0.75);
  });

  it('gives instants of the day asked for, before its end', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }), fc.integer({ min: 0, max: 364 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (until, day, clock) => {
      const span = year(until);
      const instant = instantOn(span, day, clock);
      expect(dayIn(instant)).toBe(dayIn(new Date(span.from.getTime() + day * DAY)));
      expect(instant.getTime()).toBeLessThanOrEqual(until.getTime());
    }));
  });
});
