import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8192;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes, each handed out once. From a pool because a call into OpenSSL for 12 bytes costs a quarter of a whole seal. */
export function randomInto(target: Buffer, from: number, count: number): void {
  if (used + count > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(target, from, used, used + count);
  // What was handed out must not be found in the pool later.
  pool.fill(0, used, used + count);
  used += count;
}
