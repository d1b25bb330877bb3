import { describe, expect, it } from '@jest/globals';
import { inSlices, SLICE_MS } from './in-slices.js';

function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('work in slices', () => {
  it('gives each result, in order, promised or not', async () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    expect(await inSlices(items, (i) => i * 2)).toEqual(items.map((i) => i * 2));
    expect(await inSlices(items, (i) => new Promise<number>((done) => setTimeout(done, i % 3, i)))).toEqual(items);
    expect(await inSlices([], (i) => i)).toEqual([]);
  });

  it('lets other work in, again and again', async () => {
    let others = 0;
    const other = (): void => {
      others += 1;
      waiting = setImmediate(other);
    };
    let waiting = setImmediate(other);
    await inSlices(Array.from({ length: 160 }), () => busyFor(SLICE_MS / 16));
    clearImmediate(waiting);
    expect(others).toBeGreaterThanOrEqual(5);
  });

  it('takes what is quick in one go', async () => {
    let others = 0;
    const waiting = setImmediate(() => (others += 1));
    await inSlices(Array.from({ length: 100 }), () => undefined);
    clearImmediate(waiting);
    expect(others).toBe(0);
  });

  it('stops where the work fails', async () => {
    let done = 0;
    const work = inSlices(Array.from({ length: 100 }, (_, i) => i), (i) => {
      if (i === 20) throw new Error('no');
      done += 1;
    });
    await expect(work).rejects.toThrow('no');
    expect(done).toBe(20);
  });
});
