import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsNotEmpty, IsObject, IsOptional, IsString, IsTimeZone, Matches, MaxLength, ValidateNested } from 'class-validator';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { Clearable, Omittable } from '../../../platform/http/merge-patch.js';
import { ON_ERROR, type OnError } from '../domain/import-profile.js';
import { ColumnRuleDto } from './imports.dto.js';

const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';
const LONGEST_NAME = 100;

/** What files of this kind have in common; an import may say otherwise. */
@ApiSchema({ name: 'ImportProfileOptions' })
export class ImportProfileOptionsDto {
  /** IANA zone of instants without an offset. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 60, example: 'Asia/Shanghai' })
  @Clearable() @IsTimeZone() @MaxLength(60)
  timeZone?: string | null;

  /** ISO 4217, for amounts without a currency column. */
  @ApiPropertyOptional({ type: String, nullable: true, pattern: '^[A-Z]{3}$', example: 'CNY' })
  @Clearable() @Matches(/^[A-Z]{3}$/, { message: 'currency must be an ISO 4217 code such as CNY' })
  currency?: string | null;

  /** What to do about a line that is wrong. */
  @ApiPropertyOptional({ type: String, enum: ON_ERROR, nullable: true, example: 'skip' })
  @Clearable() @IsIn(ON_ERROR)
  onError?: OnError | null;
}

@ApiExtraModels(ColumnRuleDto)
@ApiSchema({ name: 'CreateImportProfile' })
export class CreateImportProfileDto {
  /** No two profiles have the same. */
  @ApiProperty({ minLength: 1, maxLength: LONGEST_NAME, example: 'Tmall orders' })
  @IsString() @IsNotEmpty() @MaxLength(LONGEST_NAME)
  name: string;

  /** One of GET /v1/imports/resources. */
  @ApiProperty({ maxLength: 100, example: 'orders' })
  @IsString() @MaxLength(100)
  resource: string;

  /** For each of our columns the file's column, or a rule. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string', minLength: 1, maxLength: 500 }, { $ref: getSchemaPath(ColumnRuleDto) }] },
    example: { 'externalIds.tmall': '订单编号', placedAt: '订单创建时间' },
  })
  @IsObject()
  mapping: Record<string, unknown>;

  @ApiPropertyOptional({ type: ImportProfileOptionsDto })
  @Omittable() @IsObject() @ValidateNested() @Type(() => ImportProfileOptionsDto)
  options?: ImportProfileOptionsDto;
}

/** A merge patch: what is left out stays, a member of `mapping` or `options` set to `null` goes. */
@ApiSchema({ name: 'UpdateImportProfile' })
export class UpdateImportProfileDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_NAME, example: 'Tmall orders' })
  @Omittable() @IsString() @IsNotEmpty() @MaxLength(LONGEST_NAME)
  name?: string;

  @ApiPropertyOptional({ maxLength: 100, example: 'orders' })
  @Omittable() @IsString() @MaxLength(100)
  resource?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string', minLength: 1, maxLength: 500 }, { $ref: getSchemaPath(ColumnRuleDto) }, { type: 'null' }] },
    example: { channel: { constant: 'tmall' }, currency: null },
  })
  @Omittable() @IsObject()
  mapping?: Record<string, unknown>;

  @ApiPropertyOptional({ type: ImportProfileOptionsDto, nullable: true })
  @Clearable() @IsObject() @ValidateNested() @Type(() => ImportProfileOptionsDto)
  options?: ImportProfileOptionsDto | null;
}

@ApiExtraModels(ColumnRuleDto)
@ApiSchema({ name: 'ImportProfile' })
export class ImportProfileDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  version: number;

  @ApiProperty({ example: 'Tmall orders' })
  name: string;

  @ApiProperty({ example: 'orders' })
  resource: string;

  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(ColumnRuleDto) }, example: { placedAt: { column: '订单创建时间' } } })
  mapping: Readonly<Record<string, ColumnRuleDto>>;

  @ApiProperty({ type: ImportProfileOptionsDto })
  options: ImportProfileOptionsDto;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  updatedAt: Date;
}

export class ListImportProfilesQuery extends ListQuery {
  /** Only those of one resource. */
  @ApiPropertyOptional({ maxLength: 100, example: 'orders' })
  @IsOptional() @IsString() @MaxLength(100)
  resource?: string;
}
