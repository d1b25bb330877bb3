import { describe, expect, it } from '@jest/globals';
import { nextFiring } from './cron.js';

describe('the next firing of a schedule', () => {
  it('is in the zone of the schedule', () => {
    expect(nextFiring('30 3 * * *', 'Asia/Shanghai', new Date('2026-03-01T00:00:00Z'))).toEqual(new Date('2026-03-01T19:30:00Z'));
  });

  it('is after the instant, even if that is a firing itself', () => {
    expect(nextFiring('0 * * * *', 'UTC', new Date('2026-03-01T05:00:00Z'))).toEqual(new Date('2026-03-01T06:00:00Z'));
  });

  it('passes over an hour that summer time leaves out only once', () => {
    expect(nextFiring('30 2 * * *', 'Europe/Berlin', new Date('2026-03-28T12:00:00Z')).getTime()).toBeLessThan(new Date('2026-03-30T12:00:00Z').getTime());
  });

  it.each([['every day', 'UTC'], ['0 3 * *', 'Mars/Olympus'], ['61 * * * *', 'UTC']])('refuses "%s" in %s with a remedy', (cron, zone) => {
    expect(() => nextFiring(cron, zone, new Date('2026-03-01T00:00:00Z'))).toThrow(/Write five cron fields/);
  });
});
