import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsObject, IsString, IsTimeZone, IsUUID, Matches, MaxLength, ValidateIf, ValidateNested } from 'class-validator';
import { Omittable } from '../../../platform/http/merge-patch.js';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { ON_ERROR, type OnError } from '../domain/import-profile.js';
import { OPERATION_STATUSES, OperationErrorDto, ProgressDto } from '../../operations/http/operations.dto.js';

const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';

@ApiSchema({ name: 'ImportColumn' })
export class ImportColumnDto {
  /** `<…>` at the end stands for a word of your own, as in `externalIds.shopify`. */
  @ApiProperty({ example: 'externalIds.<system>' })
  name: string;

  @ApiProperty({ example: 'The id that another system knows the customer by' })
  description: string;

  @ApiProperty({ example: false })
  required: boolean;

  /** `amount` is a decimal with a point, `instant` RFC 3339 or local time in the import's zone, `list` is separated by `|`. */
  @ApiProperty({ enum: ['text', 'integer', 'amount', 'instant', 'date', 'boolean', 'list'], example: 'text' })
  type: string;

  @ApiProperty({ example: '820982911946154508' })
  example: string;

  /** What headers of other systems have for it; a suggested mapping goes by them. */
  @ApiProperty({ type: [String], example: ['customer id', '客户编号'] })
  aliases: readonly string[];
}

@ApiSchema({ name: 'ImportResource' })
export class ImportResourceDto {
  @ApiProperty({ example: 'customers' })
  resource: string;

  @ApiProperty({ example: 'Customers' })
  title: string;

  /** Needed beside `import:run`. */
  @ApiProperty({ example: 'customer:write' })
  permission: string;

  @ApiProperty({ type: [ImportColumnDto] })
  columns: readonly ImportColumnDto[];
}

@ApiSchema({ name: 'ImportResourceList' })
export class ImportResourceListDto {
  @ApiProperty({ type: [ImportResourceDto] })
  data: readonly ImportResourceDto[];
}

/** Where the value of one of our columns comes from. */
@ApiSchema({ name: 'ColumnRule' })
export class ColumnRuleDto {
  /** The file's column, or the path in NDJSON. */
  @ApiPropertyOptional({ minLength: 1, maxLength: 500, example: 'order_status' })
  column?: string;

  /** For every line, or, beside `column`, for lines whose cell is blank. */
  @ApiPropertyOptional({ maxLength: 1000, example: 'web' })
  constant?: string;

  /** Words of the file and ours; a word that is not listed stays as it is. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { canceled: 'cancelled' } })
  valueMap?: Record<string, string>;

  /** `skip` leaves out lines where the cell is blank, or `valueMap` makes it blank: of a file of orders, those without a date of payment are no payments. They are counted as `skipped`. */
  @ApiPropertyOptional({ type: String, enum: ['skip'], example: 'skip' })
  onBlank?: 'skip';

  /** The number of the line in the file, from 1, instead of a cell: an external id for records of a file that gives them none. The same file brought again finds them; give another file another system, as in `externalIds.till_2026`. */
  @ApiPropertyOptional({ type: Boolean, enum: [true], example: true })
  fileLine?: true;
}

@ApiSchema({ name: 'ImportOptions' })
export class ImportOptionsDto {
  /** Tries every line and keeps nothing; the first 100 problems are listed. The counts are those of the import, as long as nobody changes the records meanwhile; of a file of more than 50,000 lines each 50,000 are tried for themselves, see `countsExact`. */
  @ApiPropertyOptional({ default: false })
  @Omittable() @IsBoolean()
  dryRun?: boolean;

  /** IANA zone of instants without an offset; UTC if absent. */
  @ApiPropertyOptional({ maxLength: 60, example: 'America/Sao_Paulo' })
  @Omittable() @IsTimeZone() @MaxLength(60)
  timeZone?: string;

  /** ISO 4217, for amounts without a currency column; the server's own if absent. */
  @ApiPropertyOptional({ pattern: '^[A-Z]{3}$', example: 'BRL' })
  @Omittable() @Matches(/^[A-Z]{3}$/, { message: 'currency must be an ISO 4217 code such as CNY' })
  currency?: string;

  /** `skip` refuses the line that is wrong and goes on with the next. `stop` ends the import as failed before the part of up to 1,000 lines that holds it, of which nothing is kept, and lists its wrong lines; the parts before stay. A trial goes on in any case. `skip` if absent. */
  @ApiPropertyOptional({ type: String, enum: ON_ERROR, example: 'skip' })
  @Omittable() @IsIn(ON_ERROR)
  onError?: OnError;
}

/** An import that goes by no profile says itself what it maps; one that does may not say it again. */
function ofItsOwn({ profileId, resource, mapping }: CreateImportDto): boolean {
  return profileId === undefined || resource !== undefined || mapping !== undefined;
}

@ApiExtraModels(ColumnRuleDto)
@ApiSchema({ name: 'CreateImport' })
export class CreateImportDto {
  @ApiProperty({ format: 'uuid', example: ID })
  @IsUUID()
  uploadId: string;

  /** Instead of `resource` and `mapping`; `options` given here go before the profile's. */
  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable() @IsUUID()
  profileId?: string;

  /** One of GET /v1/imports/resources. Needed without `profileId`. */
  @ApiPropertyOptional({ maxLength: 100, example: 'customers' })
  @ValidateIf(ofItsOwn) @IsString() @MaxLength(100)
  resource?: string;

  /** For each of our columns the file's column, or a rule. Needed without `profileId`. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string', minLength: 1, maxLength: 500 }, { $ref: getSchemaPath(ColumnRuleDto) }] },
    example: { 'externalIds.olist_person': 'customer_unique_id', 'address.city': 'customer_city', 'address.country': { constant: 'BR' } },
  })
  @ValidateIf(ofItsOwn) @IsObject()
  mapping?: Record<string, unknown>;

  @ApiPropertyOptional({ type: ImportOptionsDto })
  @Omittable() @IsObject() @ValidateNested() @Type(() => ImportOptionsDto)
  options?: ImportOptionsDto;
}

/** Lines of the file by what became of them. */
@ApiSchema({ name: 'ImportCounts' })
export class ImportCountsDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 8016 })
  created: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 100 })
  updated: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 19 })
  unchanged: number;

  /** Left out, as the mapping says of lines where a column is blank. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  refused: number;
}

@ApiSchema({ name: 'Import' })
export class ImportDto {
  /** Of its operation too. */
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'customers' })
  resource: string;

  @ApiProperty({ format: 'uuid', example: ID })
  uploadId: string;

  @ApiProperty({ example: false })
  dryRun: boolean;

  @ApiProperty({ example: 'America/Sao_Paulo' })
  timeZone: string;

  @ApiProperty({ example: 'BRL' })
  currency: string;

  @ApiProperty({ type: String, enum: ON_ERROR, example: 'skip' })
  onError: string;

  /** Lines that went in stay when an import is cancelled or fails. */
  @ApiProperty({ enum: OPERATION_STATUSES, example: 'running' })
  status: string;

  /** Text lines of the file. */
  @ApiProperty({ type: ProgressDto })
  progress: ProgressDto;

  @ApiProperty({ type: ImportCountsDto })
  counts: ImportCountsDto;

  /** False for a trial of more than 50,000 lines: it tries each 50,000 for themselves, so a record that two such parts speak of is counted as created by both. */
  @ApiProperty({ example: true })
  countsExact: boolean;

  /** Why it failed. */
  @ApiProperty({ type: OperationErrorDto, nullable: true, example: null })
  error: OperationErrorDto | null;

  /** The operation that last took it back. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  revertId: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:03.000Z' })
  updatedAt: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  finishedAt: Date | null;
}

@ApiSchema({ name: 'ImportProblem' })
export class ImportProblemDto {
  /** Where the line begins in the file, as an editor counts: a header is line 1. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 17 })
  line: number;

  /** Ours, where one is to blame. */
  @ApiProperty({ type: String, nullable: true, example: 'email' })
  column: string | null;

  @ApiProperty({ example: 'invalid_email' })
  code: string;

  @ApiProperty({ example: '"ada@" is not an e-mail address. Correct it or leave the cell blank.' })
  detail: string;
}

export class ListImportProblemsQuery extends ListQuery {}

@ApiSchema({ name: 'FieldChange' })
export class FieldChangeDto {
  /** Ours. */
  @ApiProperty({ example: 'address.city' })
  column: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  before: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'timoteo' })
  after: string | null;
}

@ApiSchema({ name: 'ImportChange' })
export class ImportChangeDto {
  /** Where the line begins in the file, as an editor counts: a header is line 1. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  line: number;

  @ApiProperty({ enum: ['created', 'updated', 'unchanged'], example: 'created' })
  deed: string;

  /** Of the record (of an order line, its order), unless the line created it in a trial. What an earlier line of a trial created is not there to be read. */
  @ApiPropertyOptional({ format: 'uuid', example: ID })
  id?: string;

  /** Those that differ, as cells of a file; several values of one field are separated by `|`. */
  @ApiProperty({ type: [FieldChangeDto] })
  fields: readonly FieldChangeDto[];
}

export class ListImportChangesQuery extends ListQuery {}
