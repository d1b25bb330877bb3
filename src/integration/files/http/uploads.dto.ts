import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType, PartialType } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

const LONGEST_NAME = 200;
const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';

export class CreateUploadQuery {
  /** A name of your own to know the file by. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_NAME, example: 'customers.csv' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(LONGEST_NAME)
  name?: string;
}

/** What is known about the file. */
class UploadFactsDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ enum: ['csv', 'ndjson'], example: 'csv' })
  format: string;

  /** What separates cells; null for NDJSON. */
  @ApiProperty({ type: String, nullable: true, example: ',' })
  delimiter: string | null;

  /** How the file came; it is read as UTF-8 from here on. */
  @ApiProperty({ enum: ['utf-8', 'utf-16le', 'utf-16be'], example: 'utf-8' })
  encoding: string;

  /** Of the file, unpacked. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 702840 })
  bytes: number;

  /** Text lines, the header among them. */
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

/** What the file says, which may be about people. */
class UploadTextDto {
  @ApiProperty({ type: String, nullable: true, example: 'customers.csv' })
  name: string | null;

  /** Names to map: the header's cells, or the paths in the first lines of NDJSON. A blank header is `column 3`, a repeated one `name (2)`. */
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
