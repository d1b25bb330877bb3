import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import { MasterKeys, type WrappedKey } from './master-key.js';

/** Rows whose lock is held (being erased, or taken by another rotation) are left for the next round. */
const NEXT_TO_REWRAP = sql<{ person_id: Id; master_key_id: string; wrapped_key: Buffer }>('vault.next_to_rewrap', `
  select person_id, master_key_id, wrapped_key from vault.person_key
   where person_id > $1 and master_key_id = any($2::text[]) and wrapped_key is not null
   order by person_id limit $3 for update skip locked`);

const STORE_REWRAPPED = sql<never>('vault.store_rewrapped', `
  update vault.person_key k set master_key_id = n.master_key_id, wrapped_key = n.wrapped_key
    from unnest($1::uuid[], $2::text[], $3::bytea[]) as n (person_id, master_key_id, wrapped_key)
   where k.person_id = n.person_id`);

const REMAINING = sql<{ master_key_id: string; persons: number }>('vault.remaining', `
  select master_key_id, count(*)::int as persons from vault.person_key
   where wrapped_key is not null and master_key_id <> $1 group by master_key_id order by master_key_id`);

/** Before the first id. */
export const FROM_THE_START: Id = '00000000-0000-0000-0000-000000000000';

/** What one chunk did. `next` is where the following chunk starts; null when the end was reached. */
export interface Rewrapped {
  readonly count: number;
  readonly next: Id | null;
  /** Persons whose key did not open; they keep what they have, and nobody behind them has to wait. */
  readonly failed: readonly Id[];
}

/**
 * Moves persons' keys from older master keys to the current one, while the product runs. Data is not touched: the keys inside stay the same.
 * A stopped rotation starts again anywhere, since rows already moved are not found again.
 */
@Injectable()
export class KeyRotation {
  constructor(private readonly masterKeys: MasterKeys) {}

  /**
   * Re-wraps up to `limit` keys in the caller's transaction (500 hold their row locks for about 20 ms).
   * Call with `next` until it is null, then again from the start until `remaining` is empty.
   */
  async rewrap(tx: Tx, after: Id = FROM_THE_START, limit = 500): Promise<Rewrapped> {
    const [, ...older] = this.masterKeys.ids;
    if (older.length === 0) return { count: 0, next: null, failed: [] };
    const rows = await tx.query(NEXT_TO_REWRAP, [after, older, limit]);
    const moved = await Promise.all(rows.map((row) => this.move({ masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key })));
    const done = rows.flatMap((row, i) => (moved[i] ? [{ personId: row.person_id, ...moved[i] }] : []));
    if (done.length > 0) {
      await tx.query(STORE_REWRAPPED, [done.map((key) => key.personId), done.map((key) => key.masterKeyId), done.map((key) => key.wrappedKey)]);
    }
    return {
      count: done.length,
      next: rows.length < limit ? null : rows[rows.length - 1]!.person_id,
      failed: rows.filter((_row, i) => !moved[i]).map((row) => row.person_id),
    };
  }

  /** Living keys not under the current master key, by master key. Empty: older lines may be taken out of the keyring. Reads the whole table. */
  async remaining(tx: Tx): Promise<{ masterKeyId: string; persons: number }[]> {
    const rows = await tx.query(REMAINING, [this.masterKeys.ids[0]]);
    return rows.map((row) => ({ masterKeyId: row.master_key_id, persons: row.persons }));
  }

  /** Undefined if the key does not open: it was damaged, and only its own person is the worse for it. */
  private async move(old: WrappedKey): Promise<WrappedKey | undefined> {
    let key: Buffer;
    try {
      key = await this.masterKeys.unwrap(old);
    } catch {
      return undefined;
    }
    return this.masterKeys.wrap(key);
  }
}
