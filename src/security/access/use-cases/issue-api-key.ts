import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import { newId, type Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { apiKeyPrefix, writeApiKey } from '../domain/api-key.js';
import { ApiKeys } from '../persistence/api-keys.js';
import { fingerprint, newSecret } from './secrets.js';

export interface KeyWanted {
  readonly name: string;
  readonly scopes: readonly string[];
  /** A year from now if absent. */
  readonly expiresAt?: Date;
}

export interface IssuedKey {
  readonly id: Id;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly issuedBy: Id;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The whole key. Told to whoever issued it, now and never again. */
  readonly key: string;
}

const MILLIS_A_DAY = 86_400_000;
const USUAL_DAYS = 365;
/** A key that outlives the people who know of it is nobody's. */
const LONGEST_DAYS = 5 * 365;

@Injectable()
export class IssueApiKey {
  constructor(private readonly keys: ApiKeys) {}

  /** @throws DomainError rule/scope_not_held, rule/invalid_expiry */
  async run(tx: Tx, { name, scopes, expiresAt }: KeyWanted): Promise<IssuedKey> {
    assertHeld(tx.actor, scopes);
    const createdAt = tx.startedAt;
    const until = expiresAt ?? daysAfter(createdAt, USUAL_DAYS);
    if (until <= createdAt || until > daysAfter(createdAt, LONGEST_DAYS)) throw invalidExpiry(until);

    const id = newId(createdAt.getTime());
    const secret = newSecret();
    const issued = { id, name, scopes: [...new Set(scopes)].sort(), issuedBy: await this.issuer(tx), expiresAt: until };
    await this.keys.insert(tx, { ...issued, hash: fingerprint(secret) });
    tx.audit({ action: 'api_key.issued', subjectType: 'api_key', subjectId: id, details: { scopes: issued.scopes.join(' '), expiresAt: until.toISOString() } });
    return { ...issued, prefix: apiKeyPrefix(id), createdAt, key: writeApiKey({ id, secret }) };
  }

  private async issuer(tx: Tx): Promise<Id> {
    if (tx.actor.kind !== 'api_key') return tx.actor.id;
    const issuer = await this.keys.issuerOf(tx, tx.actor.id);
    if (issuer === undefined) throw notFound('API key', tx.actor.id);
    return issuer;
  }
}

/** A permission nobody declared is held by nobody, so this refuses misspelt ones too. */
function assertHeld(actor: Actor, scopes: readonly string[]): void {
  const missing = scopes.filter((scope) => !actor.permissions.has(scope));
  if (missing.length === 0) return;
  throw new DomainError('rule', 'scope_not_held', `A key can only be given permissions you hold yourself, and you do not hold ${missing.slice(0, 5).join(', ')}. GET /v1/me lists yours.`, {
    errors: missing.map((scope) => ({ pointer: `/scopes/${scopes.indexOf(scope)}`, code: 'scope_not_held', detail: 'not among your permissions' })),
  });
}

function invalidExpiry(until: Date): DomainError {
  return new DomainError('rule', 'invalid_expiry', `A key expires after now and within five years; ${until.toISOString()} is not.`, {
    errors: [{ pointer: '/expiresAt', code: 'invalid_expiry', detail: 'must be after now and within five years' }],
  });
}

function daysAfter(instant: Date, days: number): Date {
  return new Date(instant.getTime() + days * MILLIS_A_DAY);
}
