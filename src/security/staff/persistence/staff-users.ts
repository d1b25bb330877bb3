import { Injectable } from '@nestjs/common';
import { concurrencyConflict, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { violates } from '../../../platform/database/database.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { BlindIndex } from '../../../platform/vault/blind-index.js';
import { Vault } from '../../../platform/vault/vault.js';
import { emailTaken, normaliseEmail, type StaffIdentity, type StaffStatus, type StaffUser } from '../domain/staff-user.js';

interface UserRow {
  readonly id: Id;
  readonly version: number;
  readonly sealed: Buffer;
  readonly password_hash: string;
  readonly status: StaffStatus;
  readonly roles: string[];
}

/** What signing in needs to know of an account. */
export interface Account {
  readonly id: Id;
  readonly passwordHash: string;
  readonly status: StaffStatus;
}

const ACCOUNT = sql<{ id: Id; password_hash: string; status: StaffStatus }>('security.account', `
  select id, password_hash, status from security.staff_user where email_index = $1`);

const ANY = sql<{ found: boolean }>('security.any_user', 'select exists (select from security.staff_user) as found');

const GET = sql<UserRow>('security.user', `
  select u.id, u.version, u.sealed, u.password_hash, u.status,
         array(select r.role from security.user_role r where r.user_id = u.id order by r.role) as roles
    from security.staff_user u where u.id = $1`);

const INSERT = sql<never>('security.insert_user', `
  insert into security.staff_user (id, version, sealed, email_index, password_hash, status, password_changed_at, created_at, updated_at)
  values ($1, 1, $2, $3, $4, $5, $6, $6, $6)`);

const UPDATE = sql<{ id: Id }>('security.update_user', `
  update security.staff_user
     set version = version + 1, sealed = $3, email_index = $4, password_hash = $5, status = $6, updated_at = $7,
         password_changed_at = case when password_hash = $5 then password_changed_at else $7 end
   where id = $1 and version = $2
  returning id`);

const SET_PASSWORD = sql<{ id: Id }>('security.set_password', `
  update security.staff_user set version = version + 1, password_hash = $3, password_changed_at = $4, updated_at = $4
   where id = $1 and password_hash = $2 and status = 'active'
  returning id`);

const GRANT = sql<never>('security.grant_roles', `
  insert into security.user_role (user_id, role) select $1, unnest($2::text[]) on conflict do nothing`);

const WITHDRAW = sql<never>('security.withdraw_roles', `
  delete from security.user_role where user_id = $1 and role <> all($2::text[])`);

const LOCK_ROLE = sql<never>('security.lock_role', 'select from security.role where name = $1 for no key update');

const ACTIVE_WITH_ROLE = sql<{ found: boolean }>('security.active_with_role', `
  select exists (
    select from security.user_role r join security.staff_user u on u.id = r.user_id
     where r.role = $1 and u.status = 'active' and u.id <> $2) as found`);

/** Staff users, their identity sealed under a key of their own. */
@Injectable()
export class StaffUsers {
  constructor(
    private readonly vault: Vault,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** What stands for an e-mail address in the database, whether there is such a user or not. */
  indexOf(email: string): Buffer {
    return this.blindIndex.exact('staff_email', normaliseEmail(email));
  }

  async accountAt(from: Sql, emailIndex: Buffer): Promise<Account | undefined> {
    const row = await one(from, ACCOUNT, [emailIndex]);
    return row && { id: row.id, passwordHash: row.password_hash, status: row.status };
  }

  async areThereAny(from: Sql): Promise<boolean> {
    return (await one(from, ANY))?.found === true;
  }

  /** @throws DomainError missing */
  async get(from: Sql, id: Id): Promise<StaffUser> {
    const row = await one(from, GET, [id]);
    if (!row) throw notFound('user', id);
    const identity = JSON.parse(await this.vault.openFor(from, id, row.sealed)) as StaffIdentity;
    return { id, version: row.version, identity, passwordHash: row.password_hash, status: row.status, roles: row.roles };
  }

  /** @throws DomainError conflict/email_taken */
  async insert(tx: Tx, user: StaffUser): Promise<void> {
    const key = await this.vault.newPerson(user.id);
    await this.vault.insertKeys(tx, [key]);
    const sealed = await this.vault.seal(key, JSON.stringify(user.identity));
    await this.orEmailTaken(tx.query(INSERT, [user.id, sealed, this.indexOf(user.identity.email), user.passwordHash, user.status, tx.startedAt]));
    await tx.query(GRANT, [user.id, user.roles]);
  }

  /** @throws DomainError stale/version_conflict, conflict/email_taken */
  async save(tx: Tx, user: StaffUser): Promise<void> {
    const sealed = await this.vault.sealFor(tx, user.id, JSON.stringify(user.identity));
    const values = [user.id, user.version, sealed, this.indexOf(user.identity.email), user.passwordHash, user.status, tx.startedAt];
    const [saved] = await this.orEmailTaken(tx.query(UPDATE, values));
    if (!saved) throw concurrencyConflict('user', user.id);
    await tx.query(WITHDRAW, [user.id, user.roles]);
    await tx.query(GRANT, [user.id, user.roles]);
  }

  /** @returns false if the password is not `oldHash` any more, or the user is disabled. */
  async replacePassword(tx: Tx, id: Id, oldHash: string, newHash: string): Promise<boolean> {
    const [changed] = await tx.query(SET_PASSWORD, [id, oldHash, newHash, tx.startedAt]);
    return changed !== undefined;
  }

  /** Two requests that each take this role from somebody wait for one another here, so that they cannot both leave it to the other. */
  async isAnybodyElseActiveWith(tx: Tx, role: string, id: Id): Promise<boolean> {
    await tx.query(LOCK_ROLE, [role]);
    return (await one(tx, ACTIVE_WITH_ROLE, [role, id]))?.found === true;
  }

  private async orEmailTaken<T>(saving: Promise<T>): Promise<T> {
    try {
      return await saving;
    } catch (error) {
      if (violates(error, 'staff_user_email')) throw emailTaken();
      throw error;
    }
  }
}
