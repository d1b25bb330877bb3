import { describe, expect, it } from '@jest/globals';
import { KeyCache } from './key-cache.js';

const wrapped = (n: number, masterKeyId = 'k') => ({ masterKeyId, wrappedKey: Buffer.from(`wrapped ${n}`) });
const key = (n: number) => Buffer.alloc(32, n);

describe('key cache', () => {
  it('gives a key for the same bytes, whatever buffer they come in', () => {
    const cache = new KeyCache();
    cache.put(wrapped(1), key(1));
    expect(cache.get(wrapped(1))).toEqual(key(1));
  });

  it('knows nothing of other bytes or the same bytes under another master key', () => {
    const cache = new KeyCache();
    cache.put(wrapped(1), key(1));
    expect(cache.get(wrapped(2))).toBeUndefined();
    expect(cache.get(wrapped(1, 'other'))).toBeUndefined();
  });

  it('forgets one at once, in both generations', () => {
    const cache = new KeyCache(4);
    cache.put(wrapped(1), key(1));
    cache.put(wrapped(2), key(2));
    cache.put(wrapped(3), key(3));
    cache.forget(wrapped(1));
    cache.forget(wrapped(3));
    expect([1, 2, 3].map((n) => cache.get(wrapped(n))?.[0])).toEqual([undefined, 2, undefined]);
  });

  it('never grows past its capacity', () => {
    const cache = new KeyCache(100);
    for (let n = 0; n < 1_000; n += 1) {
      cache.put(wrapped(n), key(n % 256));
      cache.get(wrapped(n - 60));
      expect(cache.size).toBeLessThanOrEqual(100);
    }
  });

  it('keeps what is asked for and drops what is not', () => {
    const cache = new KeyCache(20);
    for (let n = 0; n < 200; n += 1) {
      cache.put(wrapped(n), key(1));
      cache.get(wrapped(0));
    }
    expect(cache.get(wrapped(0))).toBeDefined();
    expect(cache.get(wrapped(1))).toBeUndefined();
  });

  it('drops a key after its minutes, asked for or not', () => {
    let now = 0;
    const cache = new KeyCache(100, 10, () => now);
    cache.put(wrapped(1), key(1));
    now = 10 * 60_000 - 1;
    expect(cache.get(wrapped(1))).toBeDefined();
    now += 1;
    expect(cache.get(wrapped(1))).toBeUndefined();
    expect(cache.size).toBe(0);
  });
});
