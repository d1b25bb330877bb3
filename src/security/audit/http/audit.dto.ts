import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { IsInstant } from '../../../platform/http/query-values.js';

export class ListAuditEntriesQuery extends ListQuery {
  /** Only what was done to, or read of, this record. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional() @IsUUID()
  subjectId?: string;

  /** Only what this user or API key did. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional() @IsUUID()
  actorId?: string;

  @ApiPropertyOptional({ example: 'customer.registered' })
  @IsOptional() @IsString() @MaxLength(100) @Matches(/^[a-z_.]+$/)
  action?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  atGte?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  atLt?: string;
}

/** Who did or read what, when and from where. Names of fields, never their content. */
@ApiSchema({ name: 'AuditEntry' })
export class AuditEntryDto {
  /** Its place in the chain; dense. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 4711 })
  position: number;

  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  at: Date;

  @ApiProperty({ enum: ['user', 'api_key', 'system'], example: 'user' })
  actorKind: string;

  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  actorId: string;

  @ApiProperty({ type: String, nullable: true, example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  requestId: string | null;

  /** Of the client, as the server saw it. */
  @ApiProperty({ type: String, nullable: true, example: '203.0.113.7' })
  address: string | null;

  @ApiProperty({ example: 'customer.registered' })
  action: string;

  @ApiProperty({ example: 'customer' })
  subjectType: string;

  @ApiProperty({ type: [String], format: 'uuid', example: ['0192f0c1-2b3c-7def-8abc-1234567890ab'] })
  subjectIds: readonly string[];

  @ApiProperty({ type: 'object', additionalProperties: true, example: { fields: ['name'] } })
  details: Readonly<Record<string, unknown>>;

  /** SHA-256 over this entry and the hash of the one before it, in hex. */
  @ApiProperty({ minLength: 64, maxLength: 64, example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  hash: string;
}

@ApiSchema({ name: 'AuditHead' })
export class AuditHeadDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 4711 })
  position: number;

  @ApiProperty({ minLength: 64, maxLength: 64, example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  hash: string;
}

@ApiSchema({ name: 'AuditFault' })
export class AuditFaultDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 42 })
  position: number;

  /** `altered` content, a `missing` entry, a chain that does not end at its `head`, or one that is not what was anchored outside the database. */
  @ApiProperty({ enum: ['altered', 'missing', 'head', 'anchor'], example: 'altered' })
  kind: string;

  @ApiProperty({ example: 'Entry 42 was altered, inserted or moved: its content and the entry before it do not give its hash.' })
  detail: string;
}

@ApiSchema({ name: 'AuditVerdict' })
export class AuditVerdictDto {
  /** True if every entry is as it was sealed and none is missing. */
  @ApiProperty({ example: true })
  ok: boolean;

  /** Entries whose hash was computed anew. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 4711 })
  checked: number;

  /** Compare it with a head you noted elsewhere. */
  @ApiProperty({ type: AuditHeadDto })
  head: AuditHeadDto;

  /** Where it first goes wrong. */
  @ApiProperty({ type: AuditFaultDto, required: false })
  firstBad?: AuditFaultDto;
}
