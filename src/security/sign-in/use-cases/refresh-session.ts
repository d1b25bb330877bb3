import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import { fingerprint } from '../../access/use-cases/secrets.js';
import { Sessions } from '../persistence/sessions.js';
import { StartSession, type Tokens } from './start-session.js';

/** `replayed`: the token was used before, so it is in two hands, and its session was ended. That must be committed though the caller is refused. */
export type Refreshed = { readonly outcome: 'refreshed'; readonly tokens: Tokens } | { readonly outcome: 'refused' | 'replayed' };

/** The next access token for a refresh token, which is thereby used up (RFC 9700 §4.14.2). */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly startSession: StartSession,
  ) {}

  async run(tx: Tx, refreshToken: string): Promise<Refreshed> {
    const hash = fingerprint(refreshToken);
    const sessionId = await this.sessions.spend(tx, hash);
    if (sessionId === undefined) return this.refuse(tx, hash);
    const session = await this.sessions.refresh(tx, sessionId);
    if (!session) return { outcome: 'refused' };
    tx.audit({ action: 'session.refreshed', subjectType: 'session', subjectId: session.id, details: { userId: session.userId } });
    return { outcome: 'refreshed', tokens: await this.startSession.handOut(tx, session.id, session.userId, session.expiresAt) };
  }

  private async refuse(tx: Tx, hash: Buffer): Promise<Refreshed> {
    const sessionId = await this.sessions.sessionOfSpent(tx, hash);
    if (sessionId === undefined) return { outcome: 'refused' };
    const userId = await this.sessions.end(tx, sessionId, 'token_reuse');
    if (userId === undefined) return { outcome: 'refused' };
    tx.audit({ action: 'session.ended', subjectType: 'session', subjectId: sessionId, details: { reason: 'token_reuse', userId } });
    return { outcome: 'replayed' };
  }
}
