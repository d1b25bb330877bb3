import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../../kernel/domain-error.js';
import { Database } from '../../../platform/database/database.js';
import { Public } from '../../../platform/http/access.js';
import { Creates, Gives, Problems } from '../../../platform/http/answers.js';
import { created, type Reply } from '../../../platform/http/reply.js';
import { ask } from '../../access/http/passport.js';
import { RightsEpoch } from '../../access/views/rights-epoch.js';
import { RefreshSession } from '../use-cases/refresh-session.js';
import type { Tokens } from '../use-cases/start-session.js';
import { visitor } from '../use-cases/visitor.js';
import { PasswordStrategy } from './password.strategy.js';
import { RefreshSessionDto, SignInDto, TokensDto } from './sessions.dto.js';

/** How one gets in. No Idempotency-Key here: nobody is signed in to whom a stored answer would belong, and it would hold tokens. */
@ApiTags('security')
@Controller('v1/sessions')
export class SignInController {
  constructor(
    private readonly passwords: PasswordStrategy,
    private readonly refreshSession: RefreshSession,
    private readonly database: Database,
    private readonly rights: RightsEpoch,
  ) {}

  /** Passport runs here and not as a guard, because guards come before the body is read and checked. */
  @Post()
  @Public()
  @ApiOperation({ operationId: 'createSession', summary: 'Sign in with e-mail and password' })
  @Creates(TokensDto, { description: 'Signed in. The access token works for minutes; the refresh token gives the next one.' })
  @Problems(401, 429)
  async signIn(@Body() _credentials: SignInDto, @Req() request: FastifyRequest): Promise<Reply<TokensDto>> {
    const tokens = await ask<Tokens>([this.passwords], request);
    if (!tokens) throw new DomainError('unauthenticated', 'wrong_credentials', 'E-mail and password are needed.');
    return created(present(tokens), { location: `/v1/sessions/${tokens.sessionId}` });
  }

  @Post('refresh')
  @Public()
  @ApiOperation({ operationId: 'refreshSession', summary: 'Get the next access token' })
  @Gives(TokensDto, { description: 'The next pair of tokens; the refresh token sent is used up.', plain: true })
  @Problems(401)
  async refresh(@Body() { refreshToken }: RefreshSessionDto, @Req() request: FastifyRequest): Promise<TokensDto> {
    const refreshed = await this.database.transaction(visitor(request), (tx) => this.refreshSession.run(tx, refreshToken));
    if (refreshed.outcome === 'refreshed') return present(refreshed.tokens);
    if (refreshed.outcome === 'replayed') await this.rights.settled();
    throw new DomainError(
      'unauthenticated',
      'invalid_refresh_token',
      'This refresh token is not one that works: unknown, expired, or used before (which ends its session, since two parties hold it). Sign in again.',
    );
  }
}

function present({ sessionId, sessionExpiresAt, accessToken, accessTokenExpiresAt, refreshToken }: Tokens): TokensDto {
  return { sessionId, sessionExpiresAt, accessToken, accessTokenExpiresAt, refreshToken };
}
