import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ageOn, dayOf, isCalendarDate } from './calendar-date.js';

describe('calendar date', () => {
  it.each(['1990-02-28', '2024-02-29', '1900-12-31', '0101-01-01'])('takes %s', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  it.each(['2023-02-29', '1990-13-01', '1990-00-10', '1990-1-1', '19900101', '0050-01-01', '1990-01-01T00:00:00Z', ''])('refuses %p', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });

  it('takes every day there is', () => {
    const days = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(days, (day) => isCalendarDate(dayOf(day))));
  });
});

describe('age', () => {
  it.each([
    ['1990-06-15', '2026-06-14', 35],
    ['1990-06-15', '2026-06-15', 36],
    ['2000-02-29', '2025-02-28', 24],
    ['2000-02-29', '2025-03-01', 25],
    ['2026-01-01', '2026-01-01', 0],
  ])('of one born on %s is, on %s, %d', (bornOn, on, years) => {
    expect(ageOn(bornOn, on)).toBe(years);
  });
});
