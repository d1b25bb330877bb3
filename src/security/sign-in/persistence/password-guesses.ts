import { Injectable } from '@nestjs/common';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { BlindIndex } from '../../../platform/vault/blind-index.js';
import { LOCK_MINUTES, networkOf, WRONG_FOR_ONE_ACCOUNT, WRONG_FROM_ONE_NETWORK } from '../domain/lockout.js';

/** What a guess is counted against. */
export interface GuessKeys {
  readonly account: Buffer;
  readonly network: Buffer;
}

/**
 * Counts a guess as wrong before it is checked, so that guesses made at once cannot all slip through before the first is counted.
 * Gives back as many rows as there are keys if it may be checked. Rows are locked in the order of their keys: no deadlocks.
 */
const TAKE = sql<{ key: Buffer }>('security.take_guess', `
  with wanted as (select * from unnest($1::bytea[], $2::int[]) as w (key, allowed)),
       locked as (select from security.password_guess g where g.key = any($1) and g.locked_until > $3)
  insert into security.password_guess as g (key, wrong, allowed, last_at)
  select key, 1, allowed, $3 from wanted where not exists (select from locked) order by key
  on conflict (key) do update
    set wrong = case when g.locked_until is not null or g.last_at <= $3::timestamptz - make_interval(mins => $4) then 1 else g.wrong + 1 end,
        locked_until = case when g.locked_until is null and g.last_at > $3::timestamptz - make_interval(mins => $4) and g.wrong + 1 >= g.allowed
                            then $3::timestamptz + make_interval(mins => $4) end,
        last_at = $3
  where g.locked_until is null or g.locked_until <= $3
  returning g.key`);

const LOCKED_UNTIL = sql<{ until: Date | null }>('security.locked_until', `
  select max(locked_until) as until from security.password_guess where key = any($1::bytea[])`);

/** The count was only the guess's own reservation if it was the last one allowed, so the lock goes with it. */
const GIVE_BACK = sql<never>('security.give_back_guess', `
  update security.password_guess set wrong = greatest(wrong - 1, 0), locked_until = null where key = any($1::bytea[])`);

const FORGET_ACCOUNT = sql<never>('security.forget_guesses', 'delete from security.password_guess where key = $1');

const FORGET_OLD = sql<{ key: Buffer }>('security.forget_old_guesses', `
  delete from security.password_guess where key in (
    select key from security.password_guess where last_at < $1 order by last_at limit $2 for update skip locked)
  returning key`);

/** Wrong passwords in a row, by account and by network (QUALITY G44, B13). */
@Injectable()
export class PasswordGuesses {
  constructor(private readonly blindIndex: BlindIndex) {}

  keysOf(emailIndex: Buffer, address: string): GuessKeys {
    return { account: emailIndex, network: this.blindIndex.exact('guessing_network', networkOf(address)) };
  }

  /** @returns false while the account or the network is locked; the guess must then not be checked. */
  async take(tx: Tx, { account, network }: GuessKeys): Promise<boolean> {
    const values = [[account, network], [WRONG_FOR_ONE_ACCOUNT, WRONG_FROM_ONE_NETWORK], tx.startedAt, LOCK_MINUTES];
    return (await tx.query(TAKE, values)).length === 2;
  }

  async lockedUntil(from: Sql, { account, network }: GuessKeys): Promise<Date | undefined> {
    return (await one(from, LOCKED_UNTIL, [[account, network]]))?.until ?? undefined;
  }

  /** The guess was not checked after all. */
  async giveBack(tx: Tx, { account, network }: GuessKeys): Promise<void> {
    await tx.query(GIVE_BACK, [[account, network]]);
  }

  /** The password was right. The network only gets this one guess back: an account of one's own must not pay for guesses at others. */
  async forgive(tx: Tx, { account, network }: GuessKeys): Promise<void> {
    await tx.query(FORGET_ACCOUNT, [account]);
    await tx.query(GIVE_BACK, [[network]]);
  }

  /** @param instant longer ago than any lock lasts. @returns how many, at most `limit`. */
  async forgetBefore(tx: Tx, instant: Date, limit: number): Promise<number> {
    return (await tx.query(FORGET_OLD, [instant, limit])).length;
  }
}
