import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_RETRY, pause, pauseAfter, retryAfterOf } from './backoff.js';

const anyTries = fc.integer({ min: 1, max: 50 });
const anyChance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the pause before another try', () => {
  it.each([
    [1, 0, 100],
    [1, 0.5, 150],
    [2, 0.5, 300],
    [6, 0, 3200],
    [7, 0, 5000],
  ])('after try %i, by chance %d, is %i ms', (tries, chance, millis) => {
    expect(pauseAfter(tries, undefined, DEFAULT_RETRY, chance)).toBe(millis);
  });

  it('is never longer than the longest, and at least half of what it could be', () => {
    fc.assert(fc.property(anyTries, anyChance, (tries, chance) => {
      const most = Math.min(DEFAULT_RETRY.longestPauseMillis, DEFAULT_RETRY.firstPauseMillis * 2 ** (tries - 1));
      const millis = pauseAfter(tries, undefined, DEFAULT_RETRY, chance);
      expect(millis).toBeLessThanOrEqual(most);
      expect(millis).toBeGreaterThanOrEqual(most / 2);
    }));
  });

  it('is never shorter than the server asked for', () => {
    fc.assert(fc.property(anyTries, anyChance, fc.nat(3600), (tries, chance, seconds) => {
      expect(pauseAfter(tries, seconds, DEFAULT_RETRY, chance)).toBeGreaterThanOrEqual(seconds * 1000);
    }));
  });

  it('ends at once, with the reason, when it is aborted', async () => {
    const controller = new AbortController();
    const waiting = pause(3_600_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(pause(0, controller.signal)).rejects.toThrow('enough');
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-15T08:00:00Z');

  it.each([
    [null, undefined],
    ['7', 7],
    ['Thu, 15 Jan 2026 08:00:30 GMT', 30],
    ['Thu, 15 Jan 2026 07:00:00 GMT', 0],
    ['soon', undefined],
  ])('%p is %p seconds', (header, seconds) => {
    expect(retryAfterOf(header, now)).toBe(seconds);
  });
});
