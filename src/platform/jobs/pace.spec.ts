import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AppConfig } from '../config/config.js';
import type { Load } from '../http/load.js';
import { Pace } from './pace.js';

function pace(requestsPerSecond: number, operationsGiveWay = true): Pace {
  return new Pace({ requestsPerSecond } as Load, { operationsGiveWay } as AppConfig);
}

async function restOf(paced: Pace, workedMillis: number): Promise<boolean> {
  const stop = new AbortController();
  const rested = paced.rest(workedMillis, stop.signal).then(() => 'rested');
  const outcome = await Promise.race([rested, new Promise((resolve) => setImmediate(() => resolve('resting')))]);
  stop.abort();
  await rested;
  return outcome === 'resting';
}

describe('the pace of an operation', () => {
  it('is full where nobody asks, and small where many do', () => {
    expect([0, 1, 4, 19, 500].map((requests) => pace(requests).portion(1000))).toEqual([1000, 500, 200, 50, 50]);
  });

  it('never grows with the requests, and never leaves the bounds', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true }), (most, a, b) => {
      const [fewer, more] = [pace(Math.min(a, b)).portion(most), pace(Math.max(a, b)).portion(most)];
      expect(more).toBeLessThanOrEqual(fewer);
      expect(fewer).toBeLessThanOrEqual(most);
      expect(more).toBeGreaterThanOrEqual(Math.min(most, 50));
    }));
  });

  it('rests only while somebody asks, and not beyond its end', async () => {
    expect(await restOf(pace(0), 500)).toBe(false);
    expect(await restOf(pace(10), 500)).toBe(true);
  });

  it('takes no notice of callers where it was told not to', async () => {
    expect(pace(500, false).portion(1000)).toBe(1000);
    expect(await restOf(pace(500, false), 500)).toBe(false);
  });
});
