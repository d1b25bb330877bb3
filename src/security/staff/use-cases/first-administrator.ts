import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import { newId } from '../../../kernel/id.js';
import { AppConfig } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.js';
import { LOCKS } from '../../../platform/database/locks.js';
import { sql } from '../../../platform/database/statement.js';
import { Passwords } from '../../sign-in/use-cases/passwords.js';
import { ADMINISTRATOR } from '../domain/roles.js';
import { normaliseEmail } from '../domain/staff-user.js';
import { StaffUsers } from '../persistence/staff-users.js';

export interface FirstAdministratorMade {
  readonly email: string;
  /** Only if we made it up; to be printed once, it is stored nowhere. */
  readonly password?: string;
}

/** Waits for whoever else is making one. */
const LOCK = sql<never>('security.lock_first_administrator', 'select pg_advisory_xact_lock($1)');

/** Random bytes of a made-up password: 120 bits. */
const PASSWORD_BYTES = 15;

/** Lets somebody into a new installation. */
@Injectable()
export class FirstAdministrator {
  constructor(
    private readonly database: Database,
    private readonly users: StaffUsers,
    private readonly passwords: Passwords,
    private readonly config: AppConfig,
  ) {}

  /** Makes one if there is no user at all; of processes that start together, one does. @returns undefined if there was somebody already. */
  async ensure(): Promise<FirstAdministratorMade | undefined> {
    if (await this.users.areThereAny(this.database)) return undefined;
    const email = normaliseEmail(this.config.adminEmail);
    const made = this.config.adminPassword === undefined ? randomBytes(PASSWORD_BYTES).toString('base64url') : undefined;
    const passwordHash = await this.passwords.hash(this.config.adminPassword ?? made ?? '');

    return this.database.transaction(SYSTEM, async (tx) => {
      await tx.query(LOCK, [LOCKS.firstAdministrator]);
      if (await this.users.areThereAny(tx)) return undefined;
      const id = newId(tx.startedAt.getTime());
      await this.users.insert(tx, { id, version: 1, identity: { email, name: 'Administrator' }, passwordHash, status: 'active', roles: [ADMINISTRATOR] });
      tx.audit({ action: 'user.created', subjectType: 'user', subjectId: id, details: { roles: ADMINISTRATOR } });
      return made === undefined ? { email } : { email, password: made };
    });
  }
}
