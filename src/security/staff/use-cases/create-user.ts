import { Injectable } from '@nestjs/common';
import { newId } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Passwords } from '../../sign-in/use-cases/passwords.js';
import { assertPasswordHolds, normaliseEmail, type StaffUser } from '../domain/staff-user.js';
import { Roles } from '../persistence/roles.js';
import { StaffUsers } from '../persistence/staff-users.js';
import { assertWithinOwnRights } from './own-rights.js';

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly passwordHash: string;
}

@Injectable()
export class CreateUser {
  constructor(
    private readonly users: StaffUsers,
    private readonly roles: Roles,
    private readonly passwords: Passwords,
  ) {}

  /** Hashes, before the transaction: no connection waits for it. @throws DomainError rule/password_too_weak */
  async prepare({ password, ...user }: Omit<NewUser, 'passwordHash'> & { readonly password: string }): Promise<NewUser> {
    assertPasswordHolds(password, user.email, '/password');
    return { ...user, passwordHash: await this.passwords.hash(password) };
  }

  /** @throws DomainError conflict/email_taken, rule/unknown_role, forbidden/beyond_own_rights */
  async run(tx: Tx, { email, name, roles, passwordHash }: NewUser): Promise<StaffUser> {
    assertWithinOwnRights(tx.actor, await this.roles.permissionsOf(tx, roles));
    const user: StaffUser = {
      id: newId(tx.startedAt.getTime()),
      version: 1,
      identity: { email: normaliseEmail(email), name },
      passwordHash,
      status: 'active',
      roles: [...new Set(roles)].sort(),
    };
    await this.users.insert(tx, user);
    tx.audit({ action: 'user.created', subjectType: 'user', subjectId: user.id, details: { roles: user.roles.join(' ') } });
    return user;
  }
}
