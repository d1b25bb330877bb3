import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { one } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';

export type EndedBy = 'sign_out' | 'token_reuse' | 'password_change' | 'role_change' | 'disabled';

export interface NewSession {
  readonly id: Id;
  readonly userId: Id;
  /** The hash that was just checked. */
  readonly passwordHash: string;
  readonly sealed: Buffer;
  readonly expiresAt: Date;
}

export interface LiveSession {
  readonly id: Id;
  readonly userId: Id;
  readonly expiresAt: Date;
}

/** The share lock makes a password change wait, which then ends this session too; one that came first leaves nothing to insert. */
const START = sql<{ id: Id }>('security.start_session', `
  with holder as (
    select id from security.staff_user where id = $2 and password_hash = $3 and status = 'active' for share
  )
  insert into security.session (id, user_id, sealed, created_at, refreshed_at, expires_at)
  select $1, holder.id, $4, $5, $5, $6 from holder
  returning id`);

const ADD_TOKEN = sql<never>('security.add_refresh_token', `
  insert into security.refresh_token (hash, session_id, created_at) values ($1, $2, $3)`);

const SPEND_TOKEN = sql<{ session_id: Id }>('security.spend_refresh_token', `
  update security.refresh_token set used_at = $2 where hash = $1 and used_at is null returning session_id`);

const SPENT_TOKEN = sql<{ session_id: Id }>('security.spent_refresh_token', `
  select session_id from security.refresh_token where hash = $1 and used_at is not null`);

const REFRESH = sql<{ user_id: Id; expires_at: Date }>('security.refresh_session', `
  update security.session set refreshed_at = $2 where id = $1 and ended_at is null and expires_at > $2
  returning user_id, expires_at`);

const END = sql<{ user_id: Id }>('security.end_session', `
  update security.session set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null returning user_id`);

const END_OWN = sql<{ id: Id }>('security.end_own_session', `
  update security.session set ended_at = $3, ended_by = 'sign_out'
   where id = $1 and user_id = $2 and ended_at is null and expires_at > $3
  returning id`);

const END_ALL = sql<{ id: Id }>('security.end_sessions', `
  update security.session set ended_at = $2, ended_by = $3
   where user_id = $1 and ended_at is null and id is distinct from $4
  returning id`);

const FORGET = sql<{ id: Id }>('security.forget_sessions', `
  delete from security.session where id in (
    select id from security.session where expires_at < $1 order by expires_at limit $2 for update skip locked)
  returning id`);

/** Sessions and the single-use tokens that prolong them. */
@Injectable()
export class Sessions {
  /** @returns false if the password was changed or the user disabled since the hash was read. */
  async start(tx: Tx, session: NewSession): Promise<boolean> {
    const { id, userId, passwordHash, sealed, expiresAt } = session;
    return (await one(tx, START, [id, userId, passwordHash, sealed, tx.startedAt, expiresAt])) !== undefined;
  }

  async addToken(tx: Tx, sessionId: Id, hash: Buffer): Promise<void> {
    await tx.query(ADD_TOKEN, [hash, sessionId, tx.startedAt]);
  }

  /** Uses the token up: of two that bring the same one, only one gets its session. */
  async spend(tx: Tx, hash: Buffer): Promise<Id | undefined> {
    return (await one(tx, SPEND_TOKEN, [hash, tx.startedAt]))?.session_id;
  }

  /** The session of a token that was used before. */
  async sessionOfSpent(tx: Tx, hash: Buffer): Promise<Id | undefined> {
    return (await one(tx, SPENT_TOKEN, [hash]))?.session_id;
  }

  /** @returns undefined if the session ended or expired. */
  async refresh(tx: Tx, id: Id): Promise<LiveSession | undefined> {
    const row = await one(tx, REFRESH, [id, tx.startedAt]);
    return row && { id, userId: row.user_id, expiresAt: row.expires_at };
  }

  /** @returns whose it was, or undefined if it had ended before. */
  async end(tx: Tx, id: Id, by: EndedBy): Promise<Id | undefined> {
    return (await one(tx, END, [id, tx.startedAt, by]))?.user_id;
  }

  /** @returns false if the user has no such session that is still alive. */
  async endOwn(tx: Tx, id: Id, userId: Id): Promise<boolean> {
    return (await one(tx, END_OWN, [id, userId, tx.startedAt])) !== undefined;
  }

  /** @returns how many there were. */
  async endAllOf(tx: Tx, userId: Id, by: EndedBy, except: Id | null = null): Promise<number> {
    return (await tx.query(END_ALL, [userId, tx.startedAt, by, except])).length;
  }

  /** Deletes sessions with their tokens. @returns how many, at most `limit`. */
  async forgetExpired(tx: Tx, before: Date, limit: number): Promise<number> {
    return (await tx.query(FORGET, [before, limit])).length;
  }
}
