import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bordersOf, dayAfter, monthAfter, monthOf, monthsBetween, startOfDay } from './calendar.js';

describe('calendar', () => {
  it.each([
    ['2026-03-01', 'UTC', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01', 'Asia/Shanghai', '2026-02-28T16:00:00.000Z'],
    ['2026-07-01', 'America/New_York', '2026-07-01T04:00:00.000Z'],
    ['2026-12-01', 'America/New_York', '2026-12-01T05:00:00.000Z'],
    ['2026-01-01', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
    ['2026-01-01', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
    // Clocks went forward at midnight: the day began at 01:00.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    // Clocks went back at midnight to 23:00 of the day before.
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
    // The day that was left out when Samoa crossed the date line begins and ends at once.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('the %s begins in %s at %s', (day, timeZone, instant) => {
    expect(startOfDay(day, timeZone).toISOString()).toBe(instant);
  });

  it('knows the month and day after, also over the turn of the year', () => {
    expect(monthAfter('2025-12')).toBe('2026-01');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
    expect(dayAfter('2024-02-28')).toBe('2024-02-29');
    expect(dayAfter('2025-12-31')).toBe('2026-01-01');
    expect(monthsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(monthsBetween('2026-02', '2025-11')).toEqual([]);
  });

  it('an instant lies between the borders of its month, in every zone', () => {
    const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca');
    const instants = fc.date({ min: new Date('1995-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(fc.property(instants, zones, (instant, timeZone) => {
      const [begin, end] = bordersOf([monthOf(instant, timeZone)], timeZone);
      expect(begin!.getTime()).toBeLessThanOrEqual(instant.getTime());
      expect(end!.getTime()).toBeGreaterThan(instant.getTime());
    }));
  });
});
