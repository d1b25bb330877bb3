import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { MAX_EMAIL, MAX_PASSWORD } from '../../staff/domain/staff-user.js';

const MAX_TOKEN = 200;

@ApiSchema({ name: 'SignIn' })
export class SignInDto {
  @ApiProperty({ format: 'email', maxLength: MAX_EMAIL, example: 'mei.lin@shop.example' })
  @IsString() @MinLength(1) @MaxLength(MAX_EMAIL)
  email: string;

  @ApiProperty({ format: 'password', maxLength: MAX_PASSWORD, example: 'four random words here' })
  @IsString() @MinLength(1) @MaxLength(MAX_PASSWORD)
  password: string;
}

@ApiSchema({ name: 'RefreshSession' })
export class RefreshSessionDto {
  /** The refresh token of the last answer. It works once; one that comes twice ends the session. */
  @ApiProperty({ maxLength: MAX_TOKEN, example: 'shuke_refresh_Zm91ciByYW5kb20gd29yZHMgYXJlIG5vdCBhIHRva2Vu' })
  @IsString() @MinLength(1) @MaxLength(MAX_TOKEN)
  refreshToken: string;
}

@ApiSchema({ name: 'Tokens' })
export class TokensDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  sessionId: string;

  /** Sign in again after this, however often you refresh. */
  @ApiProperty({ format: 'date-time', example: '2026-02-14T08:00:00.000Z' })
  sessionExpiresAt: Date;

  /** Send it as `Authorization: Bearer`. Opaque to clients. */
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl' })
  accessToken: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:15:00.000Z' })
  accessTokenExpiresAt: Date;

  /** Gives the next pair at `POST /v1/sessions/refresh`, once. Keep it secret. */
  @ApiProperty({ example: 'shuke_refresh_Zm91ciByYW5kb20gd29yZHMgYXJlIG5vdCBhIHRva2Vu' })
  refreshToken: string;
}

@ApiSchema({ name: 'Session' })
export class SessionDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  /** True for the session this request belongs to. */
  @ApiProperty({ example: true })
  current: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:14:30.000Z' })
  refreshedAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-02-14T08:00:00.000Z' })
  expiresAt: Date;

  /** The address it was started from. */
  @ApiProperty({ example: '203.0.113.7' })
  address: string;

  /** What the client called itself (User-Agent). */
  @ApiProperty({ example: 'shop-frontend/2.1' })
  program: string;
}
