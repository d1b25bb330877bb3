import { Injectable } from '@nestjs/common';
import { newId, type Id } from '../../../kernel/id.js';
import { AppConfig } from '../../../platform/config/config.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Vault } from '../../../platform/vault/vault.js';
import { AccessTokens } from '../../access/use-cases/access-tokens.js';
import { fingerprint, newSecret } from '../../access/use-cases/secrets.js';
import { Sessions } from '../persistence/sessions.js';
import type { Visitor } from './visitor.js';

/** What a client holds after signing in or refreshing. */
export interface Tokens {
  readonly sessionId: Id;
  readonly userId: Id;
  readonly sessionExpiresAt: Date;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
}

const MILLIS_A_DAY = 86_400_000;

/** Begins a session for somebody whose password was just found right. It lasts its days from here, however often it is refreshed. */
@Injectable()
export class StartSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly vault: Vault,
    private readonly tokens: AccessTokens,
    private readonly config: AppConfig,
  ) {}

  /** @param passwordHash the one that was checked. @returns undefined if the password was changed or the user disabled since. */
  async run(tx: Tx, userId: Id, passwordHash: string, { address, program }: Visitor): Promise<Tokens | undefined> {
    const id = newId(tx.startedAt.getTime());
    const expiresAt = new Date(tx.startedAt.getTime() + this.config.refreshTokenDays * MILLIS_A_DAY);
    const sealed = await this.vault.sealFor(tx, userId, JSON.stringify({ address, program }));
    if (!(await this.sessions.start(tx, { id, userId, passwordHash, sealed, expiresAt }))) return undefined;
    tx.audit({ action: 'session.started', subjectType: 'session', subjectId: id });
    return this.handOut(tx, id, userId, expiresAt);
  }

  /** A new access token and the next single-use refresh token of a session that lives. */
  async handOut(tx: Tx, sessionId: Id, userId: Id, sessionExpiresAt: Date): Promise<Tokens> {
    const refreshToken = `shuke_refresh_${newSecret()}`;
    await this.sessions.addToken(tx, sessionId, fingerprint(refreshToken));
    const { token, expiresAt } = this.tokens.issue(sessionId, userId, sessionExpiresAt);
    return { sessionId, userId, sessionExpiresAt, accessToken: token, accessTokenExpiresAt: expiresAt, refreshToken };
  }
}
