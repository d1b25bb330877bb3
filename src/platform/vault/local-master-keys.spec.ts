import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalMasterKeys } from './local-master-keys.js';
import { MasterKeyMissing } from './master-key.js';

const hex = (byte: number) => Buffer.alloc(32, byte).toString('hex');
const OLD = `old:${hex(1)}\nindex:${hex(9)}`;
const ROTATED = `new:${hex(2)}\n${OLD}`;
const CLEANED = `new:${hex(2)}\nindex:${hex(9)}`;
const key = Buffer.alloc(32, 7);

describe('local master keys', () => {
  it('gives back the key it wrapped', () => {
    const keys = LocalMasterKeys.fromText(OLD);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const wrapped = keys.wrap(Buffer.from(bytes));
        expect(wrapped.wrappedKey).toHaveLength(40);
        expect(keys.unwrap(wrapped)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('refuses a wrapped key with any bit changed', () => {
    const keys = LocalMasterKeys.fromText(OLD);
    const { masterKeyId, wrappedKey } = keys.wrap(key);
    for (let bit = 0; bit < wrappedKey.length * 8; bit += 1) {
      const changed = Buffer.from(wrappedKey);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => keys.unwrap({ masterKeyId, wrappedKey: changed })).toThrow();
    }
  });

  it('wraps with the first key and still opens what an older one wrapped', () => {
    const before = LocalMasterKeys.fromText(OLD).wrap(key);
    const rotated = LocalMasterKeys.fromText(ROTATED);
    expect(rotated.wrap(key).masterKeyId).toBe('new');
    expect(rotated.unwrap(before)).toEqual(key);
  });

  it('names the missing master key once its line is gone', () => {
    const before = LocalMasterKeys.fromText(OLD).wrap(key);
    expect(() => LocalMasterKeys.fromText(CLEANED).unwrap(before)).toThrow(MasterKeyMissing);
  });

  it('derives the same keys before and after rotation, and different ones for different purposes', () => {
    const before = LocalMasterKeys.fromText(OLD);
    const after = LocalMasterKeys.fromText(CLEANED);
    expect(after.derive('blind-index/exact', 32)).toEqual(before.derive('blind-index/exact', 32));
    expect(after.derive('token-signing/1', 32)).not.toEqual(before.derive('token-signing/2', 32));
  });
});

describe('keyring file', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'shuke-keyring-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, for its owner only, and read ever after', () => {
    const path = join(folder, 'data', 'keyring');
    const first = LocalMasterKeys.fromFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['keyring']);
    expect(LocalMasterKeys.fromFile(path).unwrap(first.wrap(key))).toEqual(key);
  });

  it('is refused when others may read it', () => {
    const path = join(folder, 'keyring');
    writeFileSync(path, OLD);
    chmodSync(path, 0o640);
    expect(() => LocalMasterKeys.fromFile(path)).toThrow(/chmod 600/);
  });

  it('is not replaced when it is damaged', () => {
    const path = join(folder, 'keyring');
    writeFileSync(path, '', { mode: 0o600 });
    expect(() => LocalMasterKeys.fromFile(path)).toThrow(/no master key/);
    expect(statSync(path).size).toBe(0);
  });
});
