import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { Clock } from '../../../kernel/clock.js';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { AuditEntry } from '../../../platform/database/tx.js';
import { PasswordGuesses, type GuessKeys } from '../persistence/password-guesses.js';
import { Passwords } from './passwords.js';

/** Whose password is guessed; `id` and `passwordHash` are missing where there is no such account, or none that may sign in. */
export interface GuessedAccount {
  readonly emailIndex: Buffer;
  readonly id?: Id;
  readonly passwordHash?: string;
}

/**
 * The only way to a password, so that every guess is counted: at most ten wrong ones in a row for an account, whoever makes them and
 * from wherever (QUALITY G44). It does the same work for accounts that do not exist (B15).
 *
 * It opens its own transactions, unlike other use cases: a wrong guess must stay counted though the request is refused, and no
 * connection may wait for the hashing.
 */
@Injectable()
export class CheckPassword {
  constructor(
    private readonly database: Database,
    private readonly guesses: PasswordGuesses,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError exhausted/sign_in_locked while the account or the network is locked, the right password included. */
  async run(by: Actor, account: GuessedAccount, password: string): Promise<boolean> {
    const keys = this.guesses.keysOf(account.emailIndex, by.address ?? '');
    await this.take(by, account, keys);
    const right = await this.check(by, account, keys, password);
    await this.database.transaction(by, async (tx) => {
      if (right) await this.guesses.forgive(tx, keys);
      else tx.audit(entry('sign_in.failed', account));
    });
    return right;
  }

  private async take(by: Actor, account: GuessedAccount, keys: GuessKeys): Promise<void> {
    const taken = await this.database.transaction(by, async (tx) => {
      const taken = await this.guesses.take(tx, keys);
      if (!taken) tx.audit(entry('sign_in.locked', account));
      return taken;
    });
    if (!taken) throw locked(await this.guesses.lockedUntil(this.database, keys), this.clock.now());
  }

  private async check(by: Actor, account: GuessedAccount, keys: GuessKeys, password: string): Promise<boolean> {
    try {
      return await this.passwords.matches(account.passwordHash, password);
    } catch (error) {
      // Too busy to look is no wrong guess; ten such moments must not lock anybody out.
      await this.database.transaction(by, (tx) => this.guesses.giveBack(tx, keys));
      throw error;
    }
  }
}

/** Guesses at an address without an account are told apart by its keyed fingerprint, written like an id. */
function entry(action: string, { id, emailIndex }: GuessedAccount): AuditEntry {
  return id === undefined ? { action, subjectType: 'unknown_account', subjectId: asId(emailIndex) } : { action, subjectType: 'user', subjectId: id };
}

function asId(bytes: Buffer): Id {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function locked(until: Date | undefined, now: Date): DomainError {
  const seconds = Math.max(1, Math.ceil(((until ?? now).getTime() - now.getTime()) / 1000));
  return new DomainError(
    'exhausted',
    'sign_in_locked',
    `Too many wrong passwords. Signing in here is locked for ${Math.ceil(seconds / 60)} more minutes, with the right password too.`,
    { retryAfterSeconds: seconds },
  );
}
