import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { DomainError } from '../../../kernel/domain-error.js';
import { MasterKeys } from '../../../platform/vault/master-key.js';

/** Argon2id (the library's default kind). Source: OWASP Password Storage Cheat Sheet, 19 MiB, 2 passes, 1 lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashing runs on libuv's four threads; one is left for files and names. */
const AT_ONCE = Math.max(1, Math.min(3, availableParallelism() - 1));
/** About two seconds of work; more callers than that are told to come back. */
const MOST_WAITING = 64;

/**
 * Hashes passwords and checks them. A pepper derived from the master keys goes into every hash, so that a stolen database alone
 * gives nothing to guess against.
 */
@Injectable()
export class Passwords {
  private readonly options: { readonly secret: Buffer } & typeof COST;
  /** Checked in place of an account that is not there, so that both cost the same (QUALITY B15). */
  private readonly decoy: Promise<string>;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(keys: MasterKeys) {
    this.options = { ...COST, secret: keys.derive('password pepper', 32) };
    this.decoy = hash(randomBytes(16), this.options);
  }

  /** In PHC form, with a salt of its own. @throws DomainError unavailable/too_many_sign_ins */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFKC'), this.options));
  }

  /** Without a hash to check against it does the same work and says no. @throws DomainError unavailable/too_many_sign_ins */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    const against = stored ?? (await this.decoy);
    const right = await this.inTurn(() => verify(against, password.normalize('NFKC'), this.options));
    return right && stored !== undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= MOST_WAITING) {
        throw new DomainError('unavailable', 'too_many_sign_ins', 'Too many passwords are being checked at this moment. Try again.', { retryAfterSeconds: 2 });
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
