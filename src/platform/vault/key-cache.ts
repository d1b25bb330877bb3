import type { WrappedKey } from './master-key.js';

export const CACHED_KEYS = 200_000;
export const CACHED_MINUTES = 10;

interface Entry {
  readonly key: Buffer;
  readonly expiresAt: number;
}

/**
 * Unwrapped keys of persons, found by the **bytes of their wrapped form**. Whoever asks must have just read those bytes from the row,
 * so a key destroyed or re-wrapped by any process is out of reach at once, without a message between processes.
 * Expiry only bounds how long such an orphan stays in memory.
 *
 * Bounded by two generations instead of a list: reads of the young one move nothing, which keeps a hit under 0.2 µs;
 * what was not asked for during a whole generation is dropped.
 */
export class KeyCache {
  private young = new Map<string, Entry>();
  private old = new Map<string, Entry>();

  /** @param now Unix ms; given so that expiry can be tested. */
  constructor(
    private readonly capacity = CACHED_KEYS,
    private readonly minutes = CACHED_MINUTES,
    private readonly now: () => number = Date.now,
  ) {}

  get size(): number {
    return this.young.size + this.old.size;
  }

  get(wrapped: WrappedKey): Buffer | undefined {
    const name = nameOf(wrapped);
    let entry = this.young.get(name);
    if (!entry) {
      entry = this.old.get(name);
      if (entry) this.promote(name, entry);
    }
    if (!entry) return undefined;
    if (entry.expiresAt > this.now()) return entry.key;
    this.young.delete(name);
    return undefined;
  }

  put(wrapped: WrappedKey, key: Buffer): void {
    const name = nameOf(wrapped);
    this.old.delete(name);
    this.keep(name, { key, expiresAt: this.now() + this.minutes * 60_000 });
  }

  forget(wrapped: WrappedKey): void {
    const name = nameOf(wrapped);
    this.young.delete(name);
    this.old.delete(name);
  }

  private promote(name: string, entry: Entry): void {
    this.old.delete(name);
    this.keep(name, entry);
  }

  private keep(name: string, entry: Entry): void {
    if (this.young.size >= Math.max(1, Math.floor(this.capacity / 2))) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(name, entry);
  }
}

/** The id is part of the name: bytes said to be wrapped by another master key must fail as they would without a cache. */
function nameOf({ masterKeyId, wrappedKey }: WrappedKey): string {
  return masterKeyId + wrappedKey.toString('latin1');
}
