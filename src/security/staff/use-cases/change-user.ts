import { Injectable } from '@nestjs/common';
import { concurrencyConflict } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Sessions, type EndedBy } from '../../sign-in/persistence/sessions.js';
import { Passwords } from '../../sign-in/use-cases/passwords.js';
import { ADMINISTRATOR } from '../domain/roles.js';
import { assertPasswordHolds, lastAdministrator, normaliseEmail, type StaffStatus, type StaffUser } from '../domain/staff-user.js';
import { Roles } from '../persistence/roles.js';
import { StaffUsers } from '../persistence/staff-users.js';
import { assertWithinOwnRights } from './own-rights.js';

/** Absent stays as it is. */
export interface UserChange {
  readonly email?: string;
  readonly name?: string;
  readonly roles?: readonly string[];
  readonly status?: StaffStatus;
  readonly passwordHash?: string;
}

/** What somebody who manages users changes of another, or of themselves. Whatever narrows or proves rights ends the user's sessions (QUALITY B14). */
@Injectable()
export class ChangeUser {
  constructor(
    private readonly users: StaffUsers,
    private readonly roles: Roles,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly database: Database,
  ) {}

  /** Hashes a new password, before the transaction: no connection waits for it. @throws DomainError missing, rule/password_too_weak */
  async prepare(id: Id, { password, ...change }: Omit<UserChange, 'passwordHash'> & { readonly password?: string }): Promise<UserChange> {
    if (password === undefined) return change;
    const { identity } = await this.users.get(this.database, id);
    assertPasswordHolds(password, change.email ?? identity.email, '/password');
    return { ...change, passwordHash: await this.passwords.hash(password) };
  }

  /** @throws DomainError missing, stale, conflict/email_taken, conflict/last_administrator, rule/unknown_role, forbidden/beyond_own_rights */
  async run(tx: Tx, id: Id, version: number, change: UserChange): Promise<StaffUser> {
    const before = await this.users.get(tx, id);
    if (before.version !== version) throw concurrencyConflict('user', id);
    const after = changed(before, change);
    assertWithinOwnRights(tx.actor, await this.roles.permissionsOf(tx, [...before.roles, ...after.roles]));
    const fields = fieldsThatDiffer(before, after, 'passwordHash' in change);
    if (fields.length === 0) return before;

    if (isAdministrator(before) && !isAdministrator(after) && !(await this.users.isAnybodyElseActiveWith(tx, ADMINISTRATOR, id))) throw lastAdministrator();
    await this.users.save(tx, after);
    const reason = reasonToEndSessions(fields, after);
    const ended = reason === undefined ? 0 : await this.sessions.endAllOf(tx, id, reason);
    tx.audit({ action: 'user.changed', subjectType: 'user', subjectId: id, fields, details: { status: after.status, roles: after.roles.join(' '), sessionsEnded: ended } });
    return { ...after, version: version + 1 };
  }
}

function changed(user: StaffUser, { email, name, roles, status, passwordHash }: UserChange): StaffUser {
  return {
    ...user,
    identity: { email: email === undefined ? user.identity.email : normaliseEmail(email), name: name ?? user.identity.name },
    roles: roles === undefined ? user.roles : [...new Set(roles)].sort(),
    status: status ?? user.status,
    passwordHash: passwordHash ?? user.passwordHash,
  };
}

function fieldsThatDiffer(before: StaffUser, after: StaffUser, hasNewPassword: boolean): string[] {
  const differs: Readonly<Record<string, boolean>> = {
    email: before.identity.email !== after.identity.email,
    name: before.identity.name !== after.identity.name,
    roles: before.roles.join() !== after.roles.join(),
    status: before.status !== after.status,
    password: hasNewPassword,
  };
  return Object.keys(differs).filter((field) => differs[field]);
}

function reasonToEndSessions(fields: readonly string[], { status }: StaffUser): EndedBy | undefined {
  if (status === 'disabled') return 'disabled';
  if (fields.includes('password')) return 'password_change';
  return fields.includes('roles') ? 'role_change' : undefined;
}

function isAdministrator({ roles, status }: StaffUser): boolean {
  return status === 'active' && roles.includes(ADMINISTRATOR);
}
