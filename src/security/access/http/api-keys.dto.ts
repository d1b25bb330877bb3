import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { Omittable } from '../../../platform/http/merge-patch.js';
import { IsInstant } from '../../../platform/http/query-values.js';

const MAX_NAME = 100;
const MAX_SCOPES = 200;
const MAX_SCOPE = 100;

@ApiSchema({ name: 'CreateApiKey' })
export class CreateApiKeyDto {
  /** What the key is for. */
  @ApiProperty({ minLength: 1, maxLength: MAX_NAME, example: 'Warehouse connector' })
  @IsString() @MinLength(1) @MaxLength(MAX_NAME)
  name: string;

  /** Permissions the key shall have, each one you hold yourself. */
  @ApiProperty({ type: [String], minItems: 1, maxItems: MAX_SCOPES, example: ['order:read', 'order:write'] })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MAX_SCOPES) @IsString({ each: true }) @MaxLength(MAX_SCOPE, { each: true })
  scopes: string[];

  /** Within five years; a year from now if absent. */
  @ApiPropertyOptional({ format: 'date-time', example: '2027-01-15T08:00:00.000Z' })
  @Omittable() @IsInstant()
  expiresAt?: string;
}

export class ListApiKeysQuery extends ListQuery {
  /** Only keys this user issued. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional() @IsUUID()
  issuedBy?: string;
}

@ApiSchema({ name: 'ApiKey' })
export class ApiKeyDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  @ApiProperty({ example: 'Warehouse connector' })
  name: string;

  /** What the key begins with, to recognise it by. */
  @ApiProperty({ example: 'shuke_live_0192f0c12b3c7def8abc1234567890ab' })
  prefix: string;

  @ApiProperty({ type: [String], example: ['order:read', 'order:write'] })
  scopes: readonly string[];

  /** The user who issued it. The key goes on working when that user leaves. */
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  issuedBy: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2027-01-15T08:00:00.000Z' })
  expiresAt: Date;

  /** To the minute. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:14:00.000Z' })
  lastUsedAt: Date | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  revokedAt: Date | null;
}

@ApiSchema({ name: 'IssuedApiKey' })
export class IssuedApiKeyDto extends ApiKeyDto {
  /** The key itself. This answer is the only one that ever holds it. */
  @ApiProperty({ example: 'shuke_live_0192f0c12b3c7def8abc1234567890ab_Zm91ciByYW5kb20gd29yZHMgYXJlIG5vdCBhIGtleQ' })
  key: string;
}
