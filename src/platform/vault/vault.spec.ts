import { describe, expect, it } from '@jest/globals';
import { LocalMasterKeys } from './local-master-keys.js';
import { MasterKeys, type WrappedKey } from './master-key.js';
import { SealBroken } from './person-cipher.js';
import { Vault, type NewPersonKey } from './vault.js';

const ZHANG = '019abf00-0000-7000-8000-000000000001';
const LI = '019abf00-0000-7000-8000-000000000002';
const local = LocalMasterKeys.fromText(`k:${'a1'.repeat(32)},index:${'1d'.repeat(32)}`);

/** Master keys across a network: every answer is a promise; counts what was asked. */
class RemoteMasterKeys extends MasterKeys {
  readonly ids = local.ids;
  unwrapped = 0;
  wrap = async (key: Buffer) => local.wrap(key);
  unwrap = async (wrapped: WrappedKey) => {
    this.unwrapped += 1;
    return local.unwrap(wrapped);
  };
  derive = (purpose: string, bytes: number) => local.derive(purpose, bytes);
}

describe('vault with local keys', () => {
  const vault = new Vault(local);
  const zhang = vault.newPerson(ZHANG) as NewPersonKey;
  const sealed = vault.seal(zhang, '{"name":"张三"}') as Buffer;

  it('seals and opens at once, without a promise', () => {
    expect(vault.open({ ...zhang, sealed })).toBe('{"name":"张三"}');
  });

  it('opens in a process that has never seen the key', () => {
    expect(new Vault(local).open({ ...zhang, sealed })).toBe('{"name":"张三"}');
  });

  it('refuses an erased person although the key is still in the cache', () => {
    const erased = { personId: ZHANG, masterKeyId: 'k', wrappedKey: null };
    const refusal = expect.objectContaining({ refusal: 'gone', code: 'person_erased' });
    expect(() => vault.open({ ...erased, sealed })).toThrow(refusal);
    expect(() => vault.seal(erased, '{}')).toThrow(refusal);
    expect(() => vault.open({ ...erased, masterKeyId: null, sealed })).toThrow(refusal);
  });

  it('refuses a blob put into another person\'s row', () => {
    const li = vault.newPerson(LI) as NewPersonKey;
    expect(() => vault.open({ ...li, sealed })).toThrow(SealBroken);
    expect(() => vault.open({ ...zhang, personId: LI, sealed })).toThrow(SealBroken);
  });

  it('opens a list in order, with null for the erased and the empty', () => {
    const li = vault.newPerson(LI) as NewPersonKey;
    const rows = [
      { ...li, sealed: vault.seal(li, '"li"') as Buffer },
      { personId: ZHANG, masterKeyId: 'k', wrappedKey: null, sealed },
      { ...zhang, sealed: null },
      { ...zhang, sealed },
    ];
    expect(vault.openMany(rows)).toEqual(['"li"', null, null, '{"name":"张三"}']);
  });
});

describe('vault with a remote KMS', () => {
  it('asks for a key once and opens at once from then on', async () => {
    const keys = new RemoteMasterKeys();
    const zhang = await new Vault(keys).newPerson(ZHANG);
    const vault = new Vault(keys);
    const sealed = await vault.seal(zhang, '{}');
    expect(vault.open({ ...zhang, sealed })).toBe('{}');
    expect(keys.unwrapped).toBe(1);
  });

  it('opens a list whose keys it must fetch', async () => {
    const keys = new RemoteMasterKeys();
    const zhang = await new Vault(keys).newPerson(ZHANG);
    const sealed = await new Vault(keys).seal(zhang, '{}');
    await expect(new Vault(keys).openMany([{ ...zhang, sealed }, { ...zhang, sealed: null }])).resolves.toEqual(['{}', null]);
  });
});
