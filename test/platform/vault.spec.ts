import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { newId, type Id } from '../../src/kernel/id.js';
import { BlindIndex } from '../../src/platform/vault/blind-index.js';
import { FROM_THE_START, KeyRotation, type Rewrapped } from '../../src/platform/vault/key-rotation.js';
import { LocalMasterKeys } from '../../src/platform/vault/local-master-keys.js';
import { Vault } from '../../src/platform/vault/vault.js';
import { sql } from '../../src/platform/database/statement.js';
import { openBare, type Bare } from '../support/bare.js';

const key = (byte: number) => Buffer.alloc(32, byte).toString('hex');
const OLD = LocalMasterKeys.fromText(`old:${key(1)},index:${key(9)}`);
const BOTH = LocalMasterKeys.fromText(`new:${key(2)},old:${key(1)},index:${key(9)}`);
const NEW = LocalMasterKeys.fromText(`new:${key(2)},index:${key(9)}`);
const AT = new Date('2026-03-01T08:00:00Z');

let bare: Bare;
beforeAll(async () => { bare = await openBare(); });
afterAll(() => bare.close());

/** So many persons with a key wrapped by `old`, each with a sealed text that holds their id. */
async function persons(count: number): Promise<{ id: Id; sealed: Buffer }[]> {
  const vault = new Vault(OLD);
  const keys = await Promise.all(Array.from({ length: count }, async () => vault.newPerson(newId())));
  await bare.database.transaction(SYSTEM, (tx) => vault.insertKeys(tx, keys));
  return Promise.all(keys.map(async (one) => ({ id: one.personId, sealed: await vault.seal(one, JSON.stringify({ id: one.personId })) })));
}

async function aPerson() {
  const [person] = await persons(1);
  return person!;
}

const destroy = (vault: Vault, id: Id, at = AT) => bare.database.transaction(SYSTEM, (tx) => vault.destroy(tx, id, at));

describe('keys of persons', () => {
  it('opens in another process what one process sealed', async () => {
    const { id, sealed } = await aPerson();
    expect(await new Vault(OLD).openFor(bare.database, id, sealed)).toBe(JSON.stringify({ id }));
  });

  it('reads the keys of many, without those it does not know', async () => {
    const known = await persons(3);
    const keys = await new Vault(OLD).keysOf(bare.database, [...known.map(({ id }) => id), newId()]);
    expect([...keys.keys()].sort()).toEqual(known.map(({ id }) => id).sort());
  });

  it('says of a person without a key that there is none', async () => {
    await expect(new Vault(OLD).keyOf(bare.database, newId())).rejects.toMatchObject({ refusal: 'missing', code: 'not_found' });
  });

  it('lets the app role neither delete a key row nor destroy a key without saying when', async () => {
    const { id } = await aPerson();
    const remove = sql<never>('test.vault_delete', 'delete from vault.person_key where person_id = $1');
    const empty = sql<never>('test.vault_empty', 'update vault.person_key set wrapped_key = null where person_id = $1');
    await expect(bare.database.query(remove, [id])).rejects.toThrow(/permission denied/);
    await expect(bare.database.query(empty, [id])).rejects.toThrow(/person_key_destroyed/);
  });
});

describe('destroying a key', () => {
  it('shuts the person in every process at once, warm caches included', async () => {
    const { id, sealed } = await aPerson();
    const [here, there] = [new Vault(OLD), new Vault(OLD)];
    await Promise.all([here.openFor(bare.database, id, sealed), there.openFor(bare.database, id, sealed)]);
    expect(await destroy(here, id)).toBe(true);
    for (const vault of [here, there]) {
      await expect(vault.openFor(bare.database, id, sealed)).rejects.toMatchObject({ refusal: 'gone', code: 'person_erased' });
      await expect(vault.sealFor(bare.database, id, '{}')).rejects.toMatchObject({ refusal: 'gone', code: 'person_erased' });
    }
  });

  it('leaves no wrapped key behind, and says when', async () => {
    const { id } = await aPerson();
    await destroy(new Vault(OLD), id);
    const rows = await bare.place.asOwner('select wrapped_key, destroyed_at from vault.person_key where person_id = $1', [id]);
    expect(rows).toEqual([{ wrapped_key: null, destroyed_at: AT }]);
  });

  it('answers false the second time, keeping the first instant, and for a stranger', async () => {
    const { id } = await aPerson();
    const vault = new Vault(OLD);
    await destroy(vault, id);
    expect([await destroy(vault, id, new Date('2027-01-01T00:00:00Z')), await destroy(vault, newId())]).toEqual([false, false]);
    expect(await bare.place.asOwner('select destroyed_at from vault.person_key where person_id = $1', [id])).toEqual([{ destroyed_at: AT }]);
  });

  it('changes nothing when its transaction is rolled back', async () => {
    const { id, sealed } = await aPerson();
    const vault = new Vault(OLD);
    const failing = bare.database.transaction(SYSTEM, async (tx) => {
      await vault.destroy(tx, id, AT);
      throw new Error('second thoughts');
    });
    await expect(failing).rejects.toThrow('second thoughts');
    expect(await vault.openFor(bare.database, id, sealed)).toBe(JSON.stringify({ id }));
  });
});

describe('rotation', () => {
  const rotation = new KeyRotation(BOTH);
  const remaining = () => bare.database.transaction(SYSTEM, (tx) => rotation.remaining(tx));

  async function rotateOnce(chunk: number): Promise<Pick<Rewrapped, 'count' | 'failed'>> {
    let count = 0;
    const failed: Id[] = [];
    for (let after: Id | null = FROM_THE_START; after !== null; ) {
      const from: Id = after;
      const done: Rewrapped = await bare.database.transaction(SYSTEM, (tx) => rotation.rewrap(tx, from, chunk));
      count += done.count;
      failed.push(...done.failed);
      after = done.next;
    }
    return { count, failed };
  }

  it('moves every key once, with two at work, while persons are read and erased', async () => {
    await rotateOnce(500);
    const everybody = await persons(2_000);
    const leaving = everybody.slice(0, 40);
    const staying = everybody.slice(40);
    const vault = new Vault(BOTH);
    let rotating = true;
    const reader = (async () => {
      let reads = 0;
      for (; rotating; reads += 1) {
        const { id, sealed } = staying[reads % staying.length]!;
        expect(await vault.openFor(bare.database, id, sealed)).toBe(JSON.stringify({ id }));
      }
      return reads;
    })();
    const eraser = (async () => {
      for (const { id } of leaving) await destroy(vault, id);
    })();
    const counts = (await Promise.all([rotateOnce(100), rotateOnce(100)])).map(({ count }) => count);
    await eraser;
    const last = await rotateOnce(500);
    rotating = false;

    expect(await reader).toBeGreaterThan(0);
    expect(await remaining()).toEqual([]);
    const moved = counts.reduce((sum, count) => sum + count, last.count);
    expect(moved).toBeGreaterThanOrEqual(staying.length);
    expect(moved).toBeLessThanOrEqual(everybody.length);
    const keys = await vault.keysOf(bare.database, leaving.map(({ id }) => id));
    expect([...keys.values()].filter(({ wrappedKey }) => wrappedKey !== null)).toEqual([]);
  });

  it('needs the old master key no more, and refuses what it had wrapped', async () => {
    const { id, sealed } = await aPerson();
    const before = await new Vault(OLD).keyOf(bare.database, id);
    await rotateOnce(500);
    const vault = new Vault(NEW);
    expect(await vault.openFor(bare.database, id, sealed)).toBe(JSON.stringify({ id }));
    expect(() => vault.open({ ...before, sealed })).toThrow(expect.objectContaining({ name: 'MasterKeyMissing' }));
  });

  it('sets a damaged key aside and goes on', async () => {
    const [damaged, whole] = await persons(2);
    await bare.place.asOwner(`update vault.person_key set wrapped_key = '\\x0011' where person_id = $1`, [damaged!.id]);
    const { failed } = await rotateOnce(1);
    expect(failed).toEqual([damaged!.id]);
    expect((await new Vault(NEW).keyOf(bare.database, whole!.id)).masterKeyId).toBe('new');
    expect(await remaining()).toEqual([{ masterKeyId: 'old', persons: 1 }]);
    await destroy(new Vault(OLD), damaged!.id);
  });

  it('notices at start a keyring this database was not written with', async () => {
    await aPerson();
    await expect(new Vault(OLD).assertKeyring(bare.database)).resolves.toBeUndefined();
    await expect(new Vault(NEW).assertKeyring(bare.database)).rejects.toThrow(/master key "old"/);
  });
});

describe('fragments in PostgreSQL', () => {
  it('finds by @> the rows whose grams hold those of the query', async () => {
    const index = new BlindIndex(OLD);
    const names = ['张三丰', '张伟', '李三', 'John Smith', 'Johanna Smithson'];
    const find = sql<{ name: string }>('test.vault_fragment', `
      select name from jsonb_to_recordset($1::jsonb) as r (name text, grams int4[]) where grams @> $2::int4[]`);
    const rows = JSON.stringify(names.map((name) => ({ name, grams: index.grams([{ kind: 'name', text: name }]) })));
    const found = async (query: string) => (await bare.database.query(find, [rows, index.gramsOf('name', query)])).map(({ name }) => name);
    expect(await found('三')).toEqual(['张三丰', '李三']);
    expect(await found('张三')).toEqual(['张三丰']);
    expect(await found('smith joh')).toEqual(['John Smith', 'Johanna Smithson']);
  });
});
