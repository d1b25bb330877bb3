import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { AuditReads } from '../../../platform/audit/audit-reads.js';
import { Database } from '../../../platform/database/database.js';
import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { Vault } from '../../../platform/vault/vault.js';
import type { StaffIdentity, StaffStatus } from '../domain/staff-user.js';

export interface StaffUserSeen {
  readonly id: Id;
  readonly version: number;
  /** Empty once the user's key was destroyed. */
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly status: StaffStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly passwordChangedAt: Date;
}

export interface UsersWanted {
  readonly status?: StaffStatus;
  readonly role?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface Row {
  readonly id: Id;
  readonly version: number;
  readonly sealed: Buffer;
  readonly roles: string[];
  readonly status: StaffStatus;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly password_changed_at: Date;
}

const LIST = sql<Row>('security.list_users', `
  select u.id, u.version, u.sealed, u.status, u.created_at, u.updated_at, u.password_changed_at,
         array(select r.role from security.user_role r where r.user_id = u.id order by r.role) as roles
    from security.staff_user u
   where ($1::uuid is null or u.id < $1)
     and ($2::text is null or u.status = $2)
     and ($3::text is null or exists (select from security.user_role r where r.user_id = u.id and r.role = $3))
   order by u.id desc limit $4`);

const ONE = sql<Row>('security.see_user', `
  select u.id, u.version, u.sealed, u.status, u.created_at, u.updated_at, u.password_changed_at,
         array(select r.role from security.user_role r where r.user_id = u.id order by r.role) as roles
    from security.staff_user u where u.id = $1`);

const CURSOR = 'users:-createdAt';
const NOBODY: StaffIdentity = { email: '', name: '' };

/** Staff users, newest first. Whoever looks is written down before they see anything. */
@Injectable()
export class StaffUsersView {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly cursors: Cursors,
    private readonly reads: AuditReads,
  ) {}

  async list(actor: Actor, { status, role, limit, cursor }: UsersWanted): Promise<Page<StaffUserSeen>> {
    const after = cursor === undefined ? null : this.cursors.decode(CURSOR, cursor)[0];
    const rows = await this.database.query(LIST, [after, status ?? null, role ?? null, limit + 1]);
    const { data, page } = pageOf(rows, limit, ({ id }) => this.cursors.encode(CURSOR, [id]));
    await this.reads.record(actor, { action: 'user.listed', subjectType: 'user', subjectIds: data.map(({ id }) => id) });
    return { data: await this.open(this.database, data), page };
  }

  /** @throws DomainError missing */
  async get(actor: Actor, id: Id): Promise<StaffUserSeen> {
    const user = await this.asOf(this.database, id);
    await this.reads.record(actor, { action: 'user.read', subjectType: 'user', subjectIds: [id] });
    return user;
  }

  /** For the answer to a change, which is written down itself. @throws DomainError missing */
  async asOf(from: Sql, id: Id): Promise<StaffUserSeen> {
    const [user] = await this.open(from, await from.query(ONE, [id]));
    if (!user) throw notFound('user', id);
    return user;
  }

  private async open(from: Sql, rows: readonly Row[]): Promise<StaffUserSeen[]> {
    const keys = await this.vault.keysOf(from, rows.map(({ id }) => id));
    const none = { masterKeyId: null, wrappedKey: null };
    const texts = await this.vault.openMany(rows.map(({ id, sealed }) => ({ ...(keys.get(id) ?? none), personId: id, sealed })));
    return rows.map((row, i) => seen(row, texts[i] ?? null));
  }
}

function seen(row: Row, text: string | null): StaffUserSeen {
  const { email, name } = text === null ? NOBODY : (JSON.parse(text) as StaffIdentity);
  const { id, version, roles, status, created_at: createdAt, updated_at: updatedAt, password_changed_at: passwordChangedAt } = row;
  return { id, version, email, name, roles, status, createdAt, updatedAt, passwordChangedAt };
}
