import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';

export interface NewApiKey {
  readonly id: Id;
  readonly name: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  /** The user who issued it, or who issued the key that issued it. */
  readonly issuedBy: Id;
  readonly expiresAt: Date;
}

const INSERT = sql<never>('security.insert_api_key', `
  insert into security.api_key (id, name, hash, scopes, issued_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`);

const HASH = sql<{ hash: Buffer }>('security.api_key_hash', 'select hash from security.api_key where id = $1 and revoked_at is null');

const ISSUER = sql<{ issued_by: Id }>('security.api_key_issuer', 'select issued_by from security.api_key where id = $1');

const REVOKE = sql<{ id: Id }>('security.revoke_api_key', `
  update security.api_key set revoked_at = $2 where id = $1 and revoked_at is null returning id`);

/** At most one write a minute and key, over all processes. */
const USED = sql<never>('security.api_key_used', `
  update security.api_key set last_used_at = $2
   where id = $1 and (last_used_at is null or last_used_at <= $2::timestamptz - interval '1 minute')`);

@Injectable()
export class ApiKeys {
  async insert(tx: Tx, key: NewApiKey): Promise<void> {
    await tx.query(INSERT, [key.id, key.name, key.hash, key.scopes, key.issuedBy, tx.startedAt, key.expiresAt]);
  }

  /** @returns undefined if there is no such key, or it was revoked. */
  async hashOf(from: Sql, id: Id): Promise<Buffer | undefined> {
    return (await one(from, HASH, [id]))?.hash;
  }

  async issuerOf(from: Sql, id: Id): Promise<Id | undefined> {
    return (await one(from, ISSUER, [id]))?.issued_by;
  }

  /** @returns false if there is no such key, or it was revoked before. */
  async revoke(tx: Tx, id: Id): Promise<boolean> {
    return (await one(tx, REVOKE, [id, tx.startedAt])) !== undefined;
  }

  async used(on: Sql, id: Id, at: Date): Promise<void> {
    await on.query(USED, [id, at]);
  }
}
