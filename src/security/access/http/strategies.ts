import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy as CustomStrategy } from 'passport-custom';
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt';
import { AccessTokens, ALGORITHM, ISSUER } from '../use-cases/access-tokens.js';
import { CheckApiKey } from '../use-cases/check-api-key.js';
import type { Credential } from '../views/principals.js';
import { bearerOf } from './bearer.js';

/** A signed access token. Its time is held against our own clock with every request, so the library is told not to look. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(JwtStrategy, 'access-token') {
  constructor(private readonly tokens: AccessTokens) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: tokens.key,
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      ignoreExpiration: true,
    });
  }

  validate(payload: object): Credential | false {
    const claims = this.tokens.read(payload);
    return claims ? { kind: 'session', id: claims.sessionId, expiresAt: claims.expiresAt } : false;
  }
}

/** `shuke_live_<id>_<secret>`, sent like an access token. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(CustomStrategy, 'api-key') {
  constructor(private readonly checkApiKey: CheckApiKey) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Credential | false> {
    const id = await this.checkApiKey.run(bearerOf(request) ?? '');
    return id === undefined ? false : { kind: 'api_key', id };
  }
}
