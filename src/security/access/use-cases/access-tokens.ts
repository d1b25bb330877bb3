import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../../kernel/clock.js';
import { isId, type Id } from '../../../kernel/id.js';
import { AppConfig } from '../../../platform/config/config.js';
import { MasterKeys } from '../../../platform/vault/master-key.js';

/** What a genuine access token says: which session it belongs to, and until when it is taken. What its user may do is looked up. */
export interface AccessClaims {
  readonly sessionId: Id;
  /** Unix ms. */
  readonly expiresAt: number;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

interface Payload {
  readonly sid?: unknown;
  readonly exp?: unknown;
}

/** The one algorithm, whatever a token's header says. */
export const ALGORITHM = 'HS256';
export const ISSUER = 'shuke';

/** Short-lived signed tokens (JWT) for sessions. The key is derived, so every process has it and it serves nothing else. */
@Injectable()
export class AccessTokens {
  readonly key: Buffer;

  constructor(
    private readonly jwt: JwtService,
    private readonly clock: Clock,
    private readonly config: AppConfig,
    keys: MasterKeys,
  ) {
    this.key = keys.derive('access tokens', 32);
  }

  /** @param sessionEnds no token outlives its session. */
  issue(sessionId: Id, userId: Id, sessionEnds: Date): AccessToken {
    const now = this.clock.now().getTime();
    const expiresAt = Math.min(now + this.config.accessTokenMinutes * 60_000, sessionEnds.getTime());
    const claims = { iss: ISSUER, sub: userId, sid: sessionId, iat: seconds(now), exp: seconds(expiresAt) };
    return { token: this.jwt.sign(claims, { secret: this.key, algorithm: ALGORITHM }), expiresAt: new Date(claims.exp * 1000) };
  }

  /** What a payload whose signature was found genuine says. Its time is looked at with every request, not here. */
  read({ sid, exp }: Payload): AccessClaims | undefined {
    return isId(sid) && typeof exp === 'number' ? { sessionId: sid, expiresAt: exp * 1000 } : undefined;
  }
}

/** NumericDate of RFC 7519. */
function seconds(millis: number): number {
  return Math.floor(millis / 1000);
}
