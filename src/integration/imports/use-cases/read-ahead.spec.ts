import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { readAhead } from './read-ahead.js';

describe('reading ahead', () => {
  let read: number[];
  let isClosed: boolean;
  async function* numbers(count: number, fault?: Error): AsyncGenerator<number, void> {
    read = [];
    isClosed = false;
    try {
      for (let n = 1; n <= count; n += 1) {
        await setImmediate();
        read.push(n);
        yield n;
      }
      if (fault) throw fault;
    } finally {
      isClosed = true;
    }
  }

  it('gives everything in order, and has the next at hand while one is worked on, but not the one behind it', async () => {
    const given: number[] = [];
    for await (const n of readAhead(numbers(4))) {
      await setImmediate();
      await setImmediate();
      given.push(n);
      expect(read).toEqual([1, 2, 3, 4].slice(0, n + 1));
    }
    expect(given).toEqual([1, 2, 3, 4]);
    expect(isClosed).toBe(true);
  });

  it('fails where the source fails, behind all that came before, however long those take', async () => {
    const given: number[] = [];
    const work = async (): Promise<void> => {
      for await (const n of readAhead(numbers(2, new Error('the file is gone')))) {
        for (let turn = 0; turn < 5; turn += 1) await setImmediate();
        given.push(n);
      }
    };
    await expect(work()).rejects.toThrow('the file is gone');
    expect(given).toEqual([1, 2]);
  });

  it('closes the source when the work stops', async () => {
    for await (const n of readAhead(numbers(9))) if (n === 2) break;
    expect(isClosed).toBe(true);
    expect(read).toEqual([1, 2, 3]);
  });
});
