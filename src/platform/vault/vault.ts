import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import type { Sql } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import { KeyCache } from './key-cache.js';
import { MasterKeyMissing, MasterKeys, type Soon, type WrappedKey } from './master-key.js';
import { newPersonKey, openText, sealText } from './person-cipher.js';

/** A living person's key, locked. Read it in the same statement as what it opens, or by `keyOf`. */
export interface PersonKey extends WrappedKey {
  readonly personId: Id;
}

/** A person's key row; `wrappedKey` is null once the person was erased. */
export interface StoredKey {
  readonly personId: Id;
  readonly masterKeyId: string | null;
  readonly wrappedKey: Buffer | null;
}

/** A blob and, from the same statement, the key row of its person (all null if a left join found none). */
export interface SealedRow extends StoredKey {
  readonly sealed: Buffer;
}

/** As a list's left join gives it. */
export interface MaybeSealedRow extends StoredKey {
  readonly sealed: Buffer | null;
}

/** A key just made. `dek` (32 bytes, never stored or logged) is for whoever seals in bulk without the vault. */
export interface NewPersonKey extends PersonKey {
  readonly dek: Buffer;
}

interface KeyRow {
  readonly person_id: Id;
  readonly master_key_id: string;
  readonly wrapped_key: Buffer | null;
}

const INSERT_KEYS = sql<never>('vault.insert_keys', `
  insert into vault.person_key (person_id, master_key_id, wrapped_key)
  select * from unnest($1::uuid[], $2::text[], $3::bytea[])`);

const KEYS_OF = sql<KeyRow>('vault.keys_of', `
  select person_id, master_key_id, wrapped_key from vault.person_key where person_id = any($1::uuid[])`);

/** The old bytes are wanted for the cache, and the lock makes a concurrent re-wrap wait instead of bringing the key back. */
const DESTROY = sql<KeyRow>('vault.destroy', `
  with living as (
    select person_id, master_key_id, wrapped_key from vault.person_key
     where person_id = $1 and wrapped_key is not null for update
  )
  update vault.person_key k set wrapped_key = null, destroyed_at = $2
    from living where k.person_id = living.person_id
  returning living.person_id, living.master_key_id, living.wrapped_key`);

const WITHDRAW = sql<{ master_key_id: string; wrapped_key: Buffer }>('vault.withdraw_keys', 'select master_key_id, wrapped_key from vault.withdraw($1::uuid[])');

/** Ids are UUIDv7, so this is the key made last. */
const LATEST = sql<Pick<KeyRow, 'master_key_id'>>('vault.latest', `
  select master_key_id from vault.person_key order by person_id desc limit 1`);

/**
 * Personal data under a key for each person. Everything of one person is one sealed text; destroying the key erases it everywhere,
 * backups of the data included.
 *
 * With local master keys every answer is there at once (not a promise), so a list opens without a tick of the event loop; `await` suits both.
 */
@Injectable()
export class Vault {
  private readonly cache = new KeyCache();

  constructor(private readonly masterKeys: MasterKeys) {}

  /** A key for a person about to be stored. Write its row in the same transaction (own CTE or `insertKeys`) or the data never opens. */
  newPerson(personId: Id): Soon<NewPersonKey> {
    const dek = newPersonKey();
    return then(this.masterKeys.wrap(dek), ({ masterKeyId, wrappedKey }) => {
      this.cache.put({ masterKeyId, wrappedKey }, dek);
      return { personId, masterKeyId, wrappedKey, dek };
    });
  }

  async insertKeys(tx: Tx, keys: readonly PersonKey[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(INSERT_KEYS, [keys.map((key) => key.personId), keys.map((key) => key.masterKeyId), keys.map((key) => key.wrappedKey)]);
  }

  /** @throws DomainError `missing/not_found` if the person never had a key, `gone/person_erased` if it was destroyed. */
  async keyOf(from: Sql, personId: Id): Promise<PersonKey> {
    const stored = (await this.keysOf(from, [personId])).get(personId);
    if (!stored) throw new DomainError('missing', 'not_found', `There is no person ${personId} with a key. Check the id.`);
    return living(stored);
  }

  /** Key rows of many in one statement; erased ones have no `wrappedKey`, unknown ones are not in the answer. */
  async keysOf(from: Sql, personIds: readonly Id[]): Promise<Map<Id, StoredKey>> {
    if (personIds.length === 0) return new Map();
    const rows = await from.query(KEYS_OF, [personIds]);
    return new Map(rows.map((row) => [row.person_id, { personId: row.person_id, masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key }]));
  }

  /** @param text well-formed, as `JSON.stringify` returns it. @throws DomainError `gone/person_erased` */
  seal(key: StoredKey, text: string): Soon<Buffer> {
    return then(this.unlock(living(key)), (dek) => sealText(dek, key.personId, text));
  }

  /** @throws DomainError `gone/person_erased` if the row has no key; SealBroken if the blob is not what was sealed for this person. */
  open(row: SealedRow): Soon<string> {
    return then(this.unlock(living(row)), (dek) => openText(dek, row.personId, row.sealed));
  }

  /** Each row's text, in order; null where the person was erased or nothing is sealed, so that one erased person does not hide a list. */
  openMany(rows: readonly MaybeSealedRow[]): Soon<(string | null)[]> {
    const keys = rows.map((row) => (row.sealed && isLiving(row) ? this.unlock(row) : null));
    const openAll = (deks: readonly (Buffer | null)[]) => rows.map((row, i) => (deks[i] && row.sealed ? openText(deks[i], row.personId, row.sealed) : null));
    return keys.some((key) => key instanceof Promise) ? Promise.all(keys as Promise<Buffer | null>[]).then(openAll) : openAll(keys as (Buffer | null)[]);
  }

  /** Seals for a person whose key row is not at hand: one statement more. @throws as `keyOf` */
  async sealFor(from: Sql, personId: Id, text: string): Promise<Buffer> {
    return this.seal(await this.keyOf(from, personId), text);
  }

  /** @throws as `keyOf` and `open` */
  async openFor(from: Sql, personId: Id, sealed: Buffer): Promise<string> {
    return this.open({ ...(await this.keyOf(from, personId)), sealed });
  }

  /**
   * Destroys the person's key: from commit on nothing sealed for them opens, in any process, since readers bring the key row with the blob.
   * Remains of the locked key in the WAL and in backups die with the master key that locked them, or with the backups (30 days).
   * @returns false if it was destroyed before, or there never was one.
   */
  async destroy(tx: Tx, personId: Id, at: Date): Promise<boolean> {
    const [was] = await tx.query(DESTROY, [personId, at]);
    if (!was?.wrapped_key) return false;
    const wrapped = { masterKeyId: was.master_key_id, wrappedKey: was.wrapped_key };
    tx.afterCommit(() => this.cache.forget(wrapped));
    return true;
  }

  /** Removes keys as if these persons had never had any. Whoever was erased stays on record. */
  async withdraw(tx: Tx, personIds: readonly Id[]): Promise<void> {
    if (personIds.length === 0) return;
    const gone = await tx.query(WITHDRAW, [personIds]);
    tx.afterCommit(() => {
      for (const row of gone) this.cache.forget({ masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key });
    });
  }

  /**
   * For start-up: are these the master keys this database was written with? A keyring made anew in an empty data folder
   * would otherwise lock new persons while the old ones stay shut.
   * @throws MasterKeyMissing
   */
  async assertKeyring(from: Sql): Promise<void> {
    const [latest] = await from.query(LATEST);
    if (latest && !this.masterKeys.ids.includes(latest.master_key_id)) throw new MasterKeyMissing(latest.master_key_id, this.masterKeys.ids);
  }

  private unlock(key: PersonKey): Soon<Buffer> {
    const cached = this.cache.get(key);
    if (cached) return cached;
    return then(this.masterKeys.unwrap(key), (dek) => {
      this.cache.put(key, dek);
      return dek;
    });
  }
}

function isLiving(key: StoredKey): key is PersonKey {
  return key.wrappedKey !== null && key.masterKeyId !== null;
}

function living(key: StoredKey): PersonKey {
  if (isLiving(key)) return key;
  throw new DomainError('gone', 'person_erased', `The personal data of ${key.personId} was erased and cannot be read or changed any more. Only its figures remain.`);
}

/** Goes on at once where the value is there. */
function then<T, R>(soon: Soon<T>, use: (value: T) => R): Soon<R> {
  return soon instanceof Promise ? soon.then(use) : use(soon);
}
