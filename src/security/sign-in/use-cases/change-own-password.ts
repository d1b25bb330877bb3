import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import { assertPasswordHolds } from '../../staff/domain/staff-user.js';
import { StaffUsers } from '../../staff/persistence/staff-users.js';
import { Sessions } from '../persistence/sessions.js';
import { CheckPassword } from './check-password.js';
import { Passwords } from './passwords.js';

/** Both as hashes: the one that was checked, and the one to come. */
export interface PasswordChange {
  readonly from: string;
  readonly to: string;
}

/** Whoever knows the old password sets a new one; everybody else who is signed in as this user is out (QUALITY B14). */
@Injectable()
export class ChangeOwnPassword {
  constructor(
    private readonly database: Database,
    private readonly users: StaffUsers,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly checkPassword: CheckPassword,
  ) {}

  /**
   * Checks and hashes, before the transaction: no connection waits for it. A stolen access token does not open a second way to guess,
   * because the old password counts as one for signing in.
   * @throws DomainError rule/wrong_password, rule/password_too_weak, exhausted/sign_in_locked
   */
  async prepare(actor: Actor, current: string, next: string): Promise<PasswordChange> {
    const { identity, passwordHash } = await this.users.get(this.database, actor.id);
    assertPasswordHolds(next, identity.email, '/newPassword');
    const emailIndex = this.users.indexOf(identity.email);
    if (!(await this.checkPassword.run(actor, { emailIndex, id: actor.id, passwordHash }, current))) {
      throw new DomainError('rule', 'wrong_password', 'The current password is not the one you sent. Nothing was changed.', {
        errors: [{ pointer: '/currentPassword', code: 'wrong_password', detail: 'is not your password' }],
      });
    }
    return { from: passwordHash, to: await this.passwords.hash(next) };
  }

  /** @throws DomainError conflict/password_changed if somebody else changed it meanwhile. */
  async run(tx: Tx, { from, to }: PasswordChange, keep: Id): Promise<void> {
    const userId = tx.actor.id;
    if (!(await this.users.replacePassword(tx, userId, from, to))) {
      throw new DomainError('conflict', 'password_changed', 'Your password was changed by another request at the same moment. Sign in with the new one.');
    }
    const ended = await this.sessions.endAllOf(tx, userId, 'password_change', keep);
    tx.audit({ action: 'user.password_changed', subjectType: 'user', subjectId: userId, fields: ['password'], details: { sessionsEnded: ended } });
  }
}
