import { createCipheriv, createDecipheriv } from 'node:crypto';
import { KEY_BYTES } from './master-key.js';
import { randomInto } from './random-bytes.js';

/**
 * A sealed blob is: version (1 byte) | nonce (12) | tag (16) | cipher text.
 * AES-256-GCM (NIST SP 800-38D) with random nonces: safe for 2^32 seals under one key, and a person's key makes a few hundred.
 */
const VERSION = 1;
const NONCE_AT = 1;
const NONCE_BYTES = 12;
const TAG_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
const TEXT_AT = TAG_AT + TAG_BYTES;

const ALGORITHM = 'aes-256-gcm';
const OPTIONS = { authTagLength: TAG_BYTES };

/** The blob was changed, belongs to another person, or was sealed under another key. Never says which: nobody can know. */
export class SealBroken extends Error {
  constructor(personId: string, why: string) {
    super(`The sealed data of person ${personId} does not open: ${why}. Restore the row, or erase the person if it cannot be restored.`);
    this.name = 'SealBroken';
  }
}

/** A fresh key for one person. */
export function newPersonKey(): Buffer {
  // Own memory, not a slice of Node's shared pool: a cached key must not keep 8 KB of strangers' bytes alive.
  const key = Buffer.allocUnsafeSlow(KEY_BYTES);
  randomInto(key, 0, KEY_BYTES);
  return key;
}

/**
 * Seals well-formed text (what `JSON.stringify` returns always is) for one person. The blob shows the length of the text, nothing else.
 * @param personId goes into the tag: the blob opens for this person only, so rows cannot be swapped.
 */
export function sealText(key: Buffer, personId: string, text: string): Buffer {
  return sealBytes(key, personId, Buffer.from(text));
}

/** As `sealText`, for what is no text. */
export function sealBytes(key: Buffer, personId: string, bytes: Uint8Array): Buffer {
  const nonce = Buffer.allocUnsafe(NONCE_BYTES);
  randomInto(nonce, 0, NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS);
  cipher.setAAD(boundTo(personId));
  const body = cipher.update(bytes);
  cipher.final();

  const sealed = Buffer.allocUnsafe(TEXT_AT + body.length);
  sealed[0] = VERSION;
  nonce.copy(sealed, NONCE_AT);
  cipher.getAuthTag().copy(sealed, TAG_AT);
  body.copy(sealed, TEXT_AT);
  return sealed;
}

/** @throws SealBroken if one bit differs, or if it was sealed for another person or under another key. */
export function openText(key: Buffer, personId: string, sealed: Buffer): string {
  return openBytes(key, personId, sealed).toString('utf8');
}

/** What `sealBytes` sealed. @throws SealBroken as `openText`. */
export function openBytes(key: Buffer, personId: string, sealed: Buffer): Buffer {
  if (sealed.length < TEXT_AT) throw new SealBroken(personId, `it is ${sealed.length} bytes long, and ${TEXT_AT} is the least`);
  if (sealed[0] !== VERSION) throw new SealBroken(personId, `its version is ${sealed[0]}, and only ${VERSION} is known`);
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(NONCE_AT, TAG_AT), OPTIONS);
  decipher.setAAD(boundTo(personId));
  decipher.setAuthTag(sealed.subarray(TAG_AT, TEXT_AT));
  const bytes = decipher.update(sealed.subarray(TEXT_AT));
  try {
    decipher.final();
  } catch {
    throw new SealBroken(personId, 'its tag does not fit');
  }
  return bytes;
}

/** UUIDs are ASCII; the version stands before so that a blob cannot be read as one of another layout. */
function boundTo(personId: string): Buffer {
  return Buffer.from(`${VERSION}:${personId}`, 'latin1');
}
