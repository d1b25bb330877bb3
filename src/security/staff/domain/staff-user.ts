import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';

export type StaffStatus = 'active' | 'disabled';

/** What is sealed under the user's own key. */
export interface StaffIdentity {
  readonly email: string;
  readonly name: string;
}

export interface StaffUser {
  readonly id: Id;
  readonly version: number;
  readonly identity: StaffIdentity;
  readonly passwordHash: string;
  readonly status: StaffStatus;
  /** Names, sorted. */
  readonly roles: readonly string[];
}

/** Length beats rules about characters. Source: NIST SP 800-63B-4 §3.1.1.2, which asks for 8 with a second factor and 15 without. */
export const MIN_PASSWORD = 12;
/** Bounds the work of hashing; far beyond any passphrase. */
export const MAX_PASSWORD = 200;
const FEWEST_CHARACTERS = 5;
export const MAX_EMAIL = 254;

/** The one spelling under which an account is found. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/**
 * @param pointer where the password stands in the request, such as `/newPassword`.
 * @throws DomainError rule/password_too_weak if it would be among the first guesses for this account.
 */
export function assertPasswordHolds(password: string, email: string, pointer: string): void {
  const name = normaliseEmail(email);
  const folded = password.normalize('NFKC').toLowerCase();
  const tooFew = new Set(folded).size < FEWEST_CHARACTERS;
  if (tooFew || folded.includes(name) || name.includes(folded)) {
    throw new DomainError(
      'rule',
      'password_too_weak',
      'The password holds the e-mail address or only a few different characters. Choose one nobody would guess from the account, such as four random words.',
      { errors: [{ pointer, code: 'password_too_weak', detail: 'too easy to guess' }] },
    );
  }
}

export function lastAdministrator(): DomainError {
  return new DomainError(
    'conflict',
    'last_administrator',
    'This is the last active administrator; without one nobody could manage users. Make somebody else administrator first.',
  );
}

export function emailTaken(): DomainError {
  return new DomainError('conflict', 'email_taken', 'Another user signs in with this e-mail address. Use another one, or change that user.', {
    errors: [{ pointer: '/email', code: 'email_taken', detail: 'used by another user' }],
  });
}
