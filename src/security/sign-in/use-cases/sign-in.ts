import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import { Database } from '../../../platform/database/database.js';
import { StaffUsers } from '../../staff/persistence/staff-users.js';
import { CheckPassword } from './check-password.js';
import { StartSession, type Tokens } from './start-session.js';
import type { Visitor } from './visitor.js';

/** E-mail and password for a session. Opens its own transactions, for the reasons CheckPassword gives. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly users: StaffUsers,
    private readonly checkPassword: CheckPassword,
    private readonly startSession: StartSession,
  ) {}

  /** @throws DomainError unauthenticated/wrong_credentials, the same for every reason; exhausted/sign_in_locked */
  async run(visitor: Visitor, email: string, password: string): Promise<Tokens> {
    const emailIndex = this.users.indexOf(email);
    const account = await this.users.accountAt(this.database, emailIndex);
    const passwordHash = account?.status === 'active' ? account.passwordHash : undefined;
    const right = await this.checkPassword.run(visitor, { emailIndex, id: account?.id, passwordHash }, password);
    if (!right || !account) throw wrongCredentials();

    const user = { ...visitor, kind: 'user', id: account.id } as const;
    const tokens = await this.database.transaction(user, (tx) => this.startSession.run(tx, account.id, account.passwordHash, visitor));
    if (!tokens) throw wrongCredentials();
    return tokens;
  }
}

function wrongCredentials(): DomainError {
  return new DomainError('unauthenticated', 'wrong_credentials', 'E-mail and password do not belong together, or the account may not sign in. Check both; after ten wrong passwords the account is locked for a while.');
}
