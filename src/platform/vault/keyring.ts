import { createHash, randomBytes } from 'node:crypto';
import { KEY_BYTES } from './master-key.js';

/** All secrets of an installation, as its keyring text holds them. */
export interface Keyring {
  /** By id; the first is current. */
  readonly masterKeys: ReadonlyMap<string, Buffer>;
  /**
   * Root of the keys that must outlive rotation. Blind indexes live in millions of rows and cannot be computed again without opening
   * every person, so they must not hang on a key that is changed every few weeks.
   */
  readonly indexSecret: Buffer;
}

const INDEX_ENTRY = 'index';
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const HEX_KEY = /^[0-9a-fA-F]{64}$/;
const BASE64_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * Reads `id:key` entries, one a line (or parted by commas, for an environment value); `#` starts a comment line.
 * Keys are 32 bytes in base64 or hex. The first is current; exactly one entry must be called `index`.
 * @throws Error naming the entry by its place, never its text, which is secret.
 */
export function parseKeyring(text: string): Keyring {
  const masterKeys = new Map<string, Buffer>();
  let indexSecret: Buffer | undefined;

  for (const [place, entry] of entriesOf(text).entries()) {
    const colon = entry.indexOf(':');
    const id = entry.slice(0, Math.max(colon, 0));
    const key = readKey(entry.slice(colon + 1));
    if (!ID.test(id) || !key) {
      throw new Error(`Entry ${place + 1} of the keyring is not "id:key" with 32 bytes in base64 or hex. Make a key with: openssl rand -base64 32`);
    }
    if (masterKeys.has(id) || (id === INDEX_ENTRY && indexSecret)) throw new Error(`The keyring has two entries called "${id}". Keep one.`);
    if (id === INDEX_ENTRY) indexSecret = key;
    else masterKeys.set(id, key);
  }

  if (masterKeys.size === 0) throw new Error('The keyring has no master key. Add an entry such as "k1:" and the output of: openssl rand -base64 32');
  if (!indexSecret) {
    throw new Error(
      'The keyring has no "index:" entry. On a new installation add one with the output of: openssl rand -base64 32. ' +
        'On an old one put the same entry back: search and uniqueness of phone and e-mail hang on it.',
    );
  }
  return { masterKeys, indexSecret };
}

/** A keyring for a new installation. The id is taken from the key, so that a lost keyring is noticed and not taken for its successor. */
export function newKeyringText(): string {
  const key = randomBytes(KEY_BYTES);
  const id = `k-${createHash('sha256').update('shuke master key id').update(key).digest('hex').slice(0, 8)}`;
  return [
    '# Shuke keyring. Whoever has it can read personal data; without it nobody can. Back it up apart from the database.',
    '# The first key wraps; to rotate, put a new line above it, restart, re-wrap, then remove the old line. Never change "index".',
    `${id}:${key.toString('base64')}`,
    `${INDEX_ENTRY}:${randomBytes(KEY_BYTES).toString('base64')}`,
    '',
  ].join('\n');
}

function entriesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function readKey(text: string): Buffer | undefined {
  if (HEX_KEY.test(text)) return Buffer.from(text, 'hex');
  if (BASE64_KEY.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}
