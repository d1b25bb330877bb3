import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { Vault } from '../../../platform/vault/vault.js';

export interface SessionSeen {
  readonly id: Id;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  readonly expiresAt: Date;
  /** Where it was started. */
  readonly address: string;
  /** What the client called itself. */
  readonly program: string;
}

interface Row {
  readonly id: Id;
  readonly sealed: Buffer;
  readonly created_at: Date;
  readonly refreshed_at: Date;
  readonly expires_at: Date;
}

const LIST = sql<Row>('security.list_sessions', `
  select id, sealed, created_at, refreshed_at, expires_at from security.session
   where user_id = $1 and ended_at is null and expires_at > $2 and ($3::uuid is null or id < $3)
   order by id desc limit $4`);

const CURSOR = 'sessions:-createdAt';

/** A user's own living sessions, newest first. */
@Injectable()
export class SessionsView {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  async of(userId: Id, limit: number, cursor?: string): Promise<Page<SessionSeen>> {
    const after = cursor === undefined ? null : this.cursors.decode(CURSOR, cursor)[0];
    const rows = await this.database.query(LIST, [userId, this.clock.now(), after, limit + 1]);
    const { data, page } = pageOf(rows, limit, ({ id }) => this.cursors.encode(CURSOR, [id]));
    return { data: await this.open(userId, data), page };
  }

  private async open(userId: Id, rows: readonly Row[]): Promise<SessionSeen[]> {
    if (rows.length === 0) return [];
    const key = await this.vault.keyOf(this.database, userId);
    const texts = await this.vault.openMany(rows.map(({ sealed }) => ({ ...key, sealed })));
    return rows.map(({ id, created_at: createdAt, refreshed_at: refreshedAt, expires_at: expiresAt }, i) => {
      const { address, program } = JSON.parse(texts[i] ?? '{}') as Pick<SessionSeen, 'address' | 'program'>;
      return { id, createdAt, refreshedAt, expiresAt, address, program };
    });
  }
}
