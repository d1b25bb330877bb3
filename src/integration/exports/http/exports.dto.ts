import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsObject, IsString, IsTimeZone, MaxLength } from 'class-validator';
import { Omittable } from '../../../platform/http/merge-patch.js';
import { OPERATION_STATUSES, OperationErrorDto, ProgressDto } from '../../operations/http/operations.dto.js';
import { EXPORT_FORMATS, type ExportFormat } from '../domain/export-order.js';

const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';
const MOST_COLUMNS = 500;
const COLUMN_TYPES = ['text', 'integer', 'amount', 'instant', 'date', 'boolean', 'list'];
const FILTERS = { type: 'object' as const, additionalProperties: { oneOf: [{ type: 'string' }, { type: 'integer' }, { type: 'array', items: { type: 'string' } }] } };

@ApiSchema({ name: 'ExportColumn' })
export class ExportColumnDto {
  /** As in an import of the same resource. `<…>` at the end stands for a word, as in `externalIds.shopify`. */
  @ApiProperty({ example: 'externalIds.<system>' })
  name: string;

  @ApiProperty({ example: 'Id of the person in another system.' })
  description: string;

  /** In a workbook amounts are numbers and instants dates; in CSV and NDJSON they are decimals and RFC 3339. */
  @ApiProperty({ enum: COLUMN_TYPES, example: 'text' })
  type: string;

  /** Worked out from the others, so no import takes it; in a file only if `columns` names it. */
  @ApiProperty({ example: false })
  derived: boolean;
}

@ApiSchema({ name: 'ExportFilter' })
export class ExportFilterDto {
  @ApiProperty({ example: 'tagsAny' })
  name: string;

  @ApiProperty({ example: 'Has at least one of these tags.' })
  description: string;

  @ApiProperty({ enum: ['text', 'word', 'integer', 'amount', 'instant', 'id'], example: 'text' })
  type: string;

  /** Takes a list, any of which will do. */
  @ApiProperty({ example: true })
  many: boolean;

  /** What a `word` may be. */
  @ApiProperty({ type: [String], example: [] })
  oneOf: readonly string[];
}

@ApiSchema({ name: 'ExportResource' })
export class ExportResourceDto {
  @ApiProperty({ example: 'customers' })
  resource: string;

  @ApiProperty({ example: 'Customers' })
  title: string;

  /** Needed beside `export:run`. */
  @ApiProperty({ example: 'customer:read' })
  permission: string;

  @ApiProperty({ type: [ExportColumnDto] })
  columns: readonly ExportColumnDto[];

  @ApiProperty({ type: [ExportFilterDto] })
  filters: readonly ExportFilterDto[];
}

@ApiSchema({ name: 'ExportResourceList' })
export class ExportResourceListDto {
  @ApiProperty({ type: [ExportResourceDto] })
  data: readonly ExportResourceDto[];
}

@ApiSchema({ name: 'CreateExport' })
export class CreateExportDto {
  /** One of GET /v1/exports/resources. */
  @ApiProperty({ maxLength: 100, example: 'customers' })
  @IsString() @MaxLength(100)
  resource: string;

  /** One line a record in `csv` (UTF-8) and `xlsx`, one JSON object a line in `ndjson`. */
  @ApiProperty({ enum: EXPORT_FORMATS, example: 'csv' })
  @IsIn(EXPORT_FORMATS)
  format: ExportFormat;

  /** By name, as listed with the resource; several are joined by "and". */
  @ApiPropertyOptional({ ...FILTERS, example: { tagsAny: ['vip'], createdAtGte: '2026-01-01T00:00:00Z' } })
  @Omittable() @IsObject()
  filters?: Record<string, unknown>;

  /** In this order; all that can be imported again if left out. */
  @ApiPropertyOptional({ type: [String], minItems: 1, maxItems: MOST_COLUMNS, example: ['id', 'name', 'externalIds.shopify'] })
  @Omittable() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_COLUMNS) @IsString({ each: true }) @MaxLength(300, { each: true })
  columns?: string[];

  /** IANA zone in which instants are shown; UTC if absent. */
  @ApiPropertyOptional({ maxLength: 60, example: 'Asia/Shanghai' })
  @Omittable() @IsTimeZone() @MaxLength(60)
  timeZone?: string;

  /** Packs the file by gzip; not for `xlsx`. */
  @ApiPropertyOptional({ default: false })
  @Omittable() @IsBoolean()
  compress?: boolean;
}

@ApiSchema({ name: 'Export' })
export class ExportDto {
  /** Of its operation too. */
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'customers' })
  resource: string;

  @ApiProperty({ enum: EXPORT_FORMATS, example: 'csv' })
  format: string;

  @ApiProperty({ example: false })
  compress: boolean;

  @ApiProperty({ ...FILTERS, example: { tagsAny: ['vip'] } })
  filters: Record<string, string | number | readonly string[]>;

  /** Of the file, in its order. */
  @ApiProperty({ type: [String], example: ['id', 'name', 'externalIds.shopify'] })
  columns: readonly string[];

  @ApiProperty({ example: 'Asia/Shanghai' })
  timeZone: string;

  @ApiProperty({ enum: OPERATION_STATUSES, example: 'succeeded' })
  status: string;

  /** Records. */
  @ApiProperty({ type: ProgressDto })
  progress: ProgressDto;

  /** Of the file so far, its header not among them. A record that does not fit into a line has several. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 8135 })
  lines: number;

  /** Of the file so far. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 1048576 })
  bytes: number;

  @ApiProperty({ example: 'customers-20260115-0800.csv' })
  fileName: string;

  /** Why it failed. */
  @ApiProperty({ type: OperationErrorDto, nullable: true, example: null })
  error: OperationErrorDto | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:03.000Z' })
  updatedAt: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:03.000Z' })
  finishedAt: Date | null;

  /** When the file is deleted; null until it is there. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-22T08:00:03.000Z' })
  expiresAt: Date | null;
}
