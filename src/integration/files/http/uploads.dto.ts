import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType, OmitType, PartialType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { CELL_TYPES } from '../domain/cell-type.js';
import { DELIMITERS, QUOTES } from '../domain/dialect.js';
import { ENCODING_GROUNDS, ENCODINGS } from '../domain/encoding.js';
import { HEADER_GROUNDS } from '../domain/header.js';

const LONGEST_NAME = 200;
/** Excel allows 31 characters, others more. */
const LONGEST_SHEET_NAME = 255;
const LONGEST_ENCODING_NAME = 40;
const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';
const FORMATS = ['csv', 'ndjson', 'xlsx'];

/** What the caller knows of the file; what is left out is found out and said in the answer. */
export class CreateUploadQuery {
  /** A name of your own to know the file by. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_NAME, example: 'customers.csv' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(LONGEST_NAME)
  name?: string;

  /** The encoding of a text file: one of those that `encoding` of an upload may be, or another name of it such as `gbk` or `latin1`. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_ENCODING_NAME, example: 'gbk' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(LONGEST_ENCODING_NAME)
  encoding?: string;

  /** What separates cells of a CSV file: `,`, `;`, a tab (`%09`), `|`, or a blank (`%20`) for columns laid out by runs of blanks. */
  @ApiPropertyOptional({ type: String, enum: DELIMITERS, example: ';' })
  @IsOptional() @IsIn(DELIMITERS, { message: '$property must be one of , ; | a tab (%09) or a blank (%20)' })
  delimiter?: string;

  /** What cells of a CSV file are quoted by. */
  @ApiPropertyOptional({ type: String, enum: QUOTES, example: '"' })
  @IsOptional() @IsIn(QUOTES, { message: '$property must be " (%22) or \' (%27)' })
  quote?: string;

  /** Whether the first record names the columns. Without a header they are `column 1`, `column 2` and so on. */
  @ApiPropertyOptional({ type: String, enum: ['true', 'false'], example: 'false' })
  @IsOptional() @IsIn(['true', 'false'])
  header?: string;

  /** The sheet of a workbook to read; the first that is visible unless said. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_SHEET_NAME, example: 'Orders' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(LONGEST_SHEET_NAME)
  sheet?: string;
}

/** What is known about the file. */
class UploadFactsDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ type: String, enum: FORMATS, example: 'csv' })
  format: string;

  /** What separates cells; a blank stands for runs of blanks; null for NDJSON and workbooks. */
  @ApiProperty({ type: String, nullable: true, example: ',' })
  delimiter: string | null;

  /** What cells are quoted by; null for NDJSON and workbooks. */
  @ApiProperty({ type: String, nullable: true, example: '"' })
  quote: string | null;

  /** Whether the first record names the columns; null for NDJSON. */
  @ApiProperty({ type: Boolean, nullable: true, example: true })
  header: boolean | null;

  /** How that is known: `given` by you, `detected` because the first record is plainly data, or `assumed`; null for NDJSON. */
  @ApiProperty({ type: String, nullable: true, enum: [...HEADER_GROUNDS, null], example: 'assumed' })
  headerGrounds: string | null;

  /** How the file came; it is read as UTF-8 from here on. GBK is called by its larger form gb18030, ISO-8859-1 by windows-1252. */
  @ApiProperty({ type: String, enum: ENCODINGS, example: 'utf-8' })
  encoding: string;

  /** How that is known: `given` by you, by a `byte_order_mark`, `certain` because nothing else fits, `likely` or merely `guessed` by the frequency of its characters. Look at the sample where it is guessed, and send the file again with `encoding` if it is wrong. */
  @ApiProperty({ type: String, enum: ENCODING_GROUNDS, example: 'certain' })
  encodingGrounds: string;

  /** Of the file, unpacked. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 702840 })
  bytes: number;

  /** Text lines, the header among them; of a workbook, rows down to the last that is filled. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 8136 })
  lines: number;

  /** Of the file, unpacked, in hex. */
  @ApiProperty({ minLength: 64, maxLength: 64, example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  sha256: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  /** When the file, and what imports refused of it, is deleted. */
  @ApiProperty({ format: 'date-time', example: '2026-01-22T08:00:00.000Z' })
  expiresAt: Date;

  /** Imported: its lines were deleted then, and it cannot be imported again. */
  @ApiProperty({ example: false })
  imported: boolean;
}

class SheetDto {
  @ApiProperty({ example: 'Orders' })
  name: string;

  @ApiProperty({ example: true })
  visible: boolean;
}

/** What the file says, which may be about people. */
class UploadTextDto {
  @ApiProperty({ type: String, nullable: true, example: 'customers.csv' })
  name: string | null;

  /** Those of a workbook that hold cells, in its order; empty for other files. */
  @ApiProperty({ type: [SheetDto], example: [] })
  sheets: readonly SheetDto[];

  /** The one that was read. */
  @ApiProperty({ type: String, nullable: true, example: null })
  sheet: string | null;

  /** Names to map: the header's cells, or the paths in the first lines of NDJSON. A blank header is `column 3`, a repeated one `name (2)`; without a header all are numbered. */
  @ApiProperty({ type: [String], example: ['customer_id', 'customer_city'] })
  columns: readonly string[];

  /** The first lines by column, to see whether the file was understood. */
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } }, maxItems: 5, example: [{ customer_id: '5e274e7a', customer_city: 'timoteo' }] })
  sample: readonly Readonly<Record<string, string>>[];
}

@ApiSchema({ name: 'Upload' })
export class UploadDto extends IntersectionType(UploadFactsDto, UploadTextDto) {}

/** A retry whose upload is gone by then has no text left to show. */
@ApiSchema({ name: 'CreatedUpload' })
export class CreatedUploadDto extends IntersectionType(UploadFactsDto, PartialType(UploadTextDto)) {}

class ColumnAnalysisDto {
  @ApiProperty({ example: 'customer_city' })
  name: string;

  /** What nearly all of its cells look like; `amount` is a number with decimals, `list` several texts parted by `|`, `object` a place in JSON with values below it, `blank` a column of nothing. */
  @ApiProperty({ type: String, enum: CELL_TYPES, example: 'text' })
  type: string;

  /** Of the lines looked at. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 3 })
  blank: number;

  /** Different texts among the lines looked at, blank not counted. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1000, example: 212 })
  distinct: number;

  /** Beginnings of the first texts that differ. */
  @ApiProperty({ type: [String], maxItems: 5, example: ['timoteo', 'belo horizonte'] })
  samples: readonly string[];
}

/** What the first lines say about the whole. */
@ApiSchema({ name: 'UploadAnalysis' })
export class UploadAnalysisDto extends IntersectionType(UploadFactsDto, OmitType(UploadTextDto, ['columns', 'sample'])) {
  /** Below the header, from the first one on. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1000, example: 1000 })
  linesLookedAt: number;

  /** Of these, how many could not be read; an import reports each. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1000, example: 0 })
  linesUnreadable: number;

  @ApiProperty({ type: [ColumnAnalysisDto] })
  columns: readonly ColumnAnalysisDto[];
}
