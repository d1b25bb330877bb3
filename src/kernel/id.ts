/** UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, so keys made later sort later. */
export type Id = string;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** What our ids look like in a file, so that a header such as "id" over those of another system is not taken for ours. */
export const LOOKS_LIKE_ID = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/i;

const POOL_BYTES = 4096;
const RANDOM_BYTES_PER_ID = 10;

const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;
let lastMillis = 0;
let sequence = 0;

/** A new id for the instant `atMillis` (Unix ms). Ids of one process are strictly growing within a millisecond (12-bit counter). */
export function newId(atMillis: number = Date.now()): Id {
  if (used + RANDOM_BYTES_PER_ID > POOL_BYTES) {
    globalThis.crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = new Uint8Array(16);
  bytes.set(pool.subarray(used, used + RANDOM_BYTES_PER_ID), 6);
  used += RANDOM_BYTES_PER_ID;
  const random12 = ((bytes[6]! & 0x07) << 8) | bytes[7]!;
  if (atMillis === lastMillis && sequence < 0xfff) sequence += 1;
  else sequence = random12;
  lastMillis = atMillis;

  let rest = atMillis;
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (sequence >> 8);
  bytes[7] = sequence & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return hex(bytes);
}

export function isId(value: unknown): value is Id {
  return typeof value === 'string' && UUID.test(value);
}

/** When an id was made (Unix ms), as it says itself; undefined for a UUID of another version, which is none of ours. */
export function madeAt(id: Id): number | undefined {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(b: Uint8Array): string {
  const h = (i: number) => HEX[b[i]!]!;
  return (
    h(0) + h(1) + h(2) + h(3) + '-' + h(4) + h(5) + '-' + h(6) + h(7) + '-' + h(8) + h(9) + '-' +
    h(10) + h(11) + h(12) + h(13) + h(14) + h(15)
  );
}
