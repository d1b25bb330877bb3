import { createCipheriv, createDecipheriv, hkdfSync, randomUUID } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { newKeyringText, parseKeyring, type Keyring } from './keyring.js';
import { KEY_BYTES, MasterKeyMissing, MasterKeys, type WrappedKey } from './master-key.js';

/**
 * AES key wrap: made for locking keys, needs no nonce (so no limit on how many persons one master key serves), notices any change.
 * Source: RFC 3394, NIST SP 800-38F; the initial value is RFC 3394 §2.2.3.1.
 */
const WRAP = 'id-aes256-wrap';
const WRAP_START = Buffer.from('A6A6A6A6A6A6A6A6', 'hex');

const OTHERS_MAY_READ = 0o077;

/** Master keys held in this process, from a keyring text. */
export class LocalMasterKeys extends MasterKeys {
  readonly ids: readonly string[];

  constructor(private readonly keyring: Keyring) {
    super();
    this.ids = [...keyring.masterKeys.keys()];
  }

  /** From an environment value, in the keyring's format. */
  static fromText(text: string): LocalMasterKeys {
    return new LocalMasterKeys(parseKeyring(text));
  }

  /**
   * From a file only its owner may read; a missing one is created with random keys.
   * @param path absolute
   * @throws Error if the file is readable by others or is no keyring.
   */
  static fromFile(path: string): LocalMasterKeys {
    return LocalMasterKeys.fromText(readPrivately(path) ?? createKeyringFile(path));
  }

  wrap(key: Buffer): WrappedKey {
    const masterKeyId = this.ids[0]!;
    const cipher = createCipheriv(WRAP, this.masterKey(masterKeyId), WRAP_START);
    return { masterKeyId, wrappedKey: Buffer.concat([cipher.update(key), cipher.final()]) };
  }

  unwrap({ masterKeyId, wrappedKey }: WrappedKey): Buffer {
    const decipher = createDecipheriv(WRAP, this.masterKey(masterKeyId), WRAP_START);
    const key = Buffer.concat([decipher.update(wrappedKey), decipher.final()]);
    if (key.length !== KEY_BYTES) throw new Error(`A key wrapped by "${masterKeyId}" does not open: it was changed.`);
    return key;
  }

  derive(purpose: string, bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.keyring.indexSecret, 'shuke', purpose, bytes));
  }

  private masterKey(id: string): Buffer {
    const key = this.keyring.masterKeys.get(id);
    if (!key) throw new MasterKeyMissing(id, this.ids);
    return key;
  }
}

function readPrivately(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    if (process.platform !== 'win32' && (fstatSync(file).mode & OTHERS_MAY_READ) !== 0) {
      throw new Error(`Others may read the keyring ${path}. Run: chmod 600 ${path}`);
    }
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/**
 * Written aside, forced to disk, then linked: of two processes started together one wins and both read the winner's keys,
 * and a power cut leaves a whole file or none. Losing it after the first customer was sealed would lose the customer.
 */
function createKeyringFile(path: string): string {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${randomUUID()}.new`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, newKeyringText());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  syncFolder(folder);
  return readFileSync(path, 'utf8');
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
