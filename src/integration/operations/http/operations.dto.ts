import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ListQuery } from '../../../platform/http/list.dto.js';
import type { OperationStatus } from '../../../platform/jobs/operation.js';

export const OPERATION_STATUSES: readonly OperationStatus[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

export class ListOperationsQuery extends ListQuery {
  @ApiPropertyOptional({ maxLength: 100, example: 'integration.import' })
  @IsOptional() @IsString() @MaxLength(100)
  kind?: string;

  @ApiPropertyOptional({ enum: OPERATION_STATUSES })
  @IsOptional() @IsIn(OPERATION_STATUSES)
  status?: OperationStatus;
}

@ApiSchema({ name: 'Progress' })
export class ProgressDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 4000 })
  done: number;

  /** Null while it is not known. */
  @ApiProperty({ type: 'integer', minimum: 0, nullable: true, example: 8135 })
  total: number | null;
}

/** Why an operation failed. */
@ApiSchema({ name: 'OperationError' })
export class OperationErrorDto {
  /** Stable, lower_snake. */
  @ApiProperty({ example: 'not_csv' })
  code: string;

  @ApiProperty({ example: 'The operation was refused' })
  title: string;

  @ApiProperty({ example: 'More than 50 lines open quotes that are never closed. Check that the file is CSV.' })
  detail: string;
}

/** Work that takes longer than a request may. */
@ApiSchema({ name: 'Operation' })
export class OperationDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  @ApiProperty({ example: 'integration.import' })
  kind: string;

  /** What was done before it failed or was cancelled stays, and it can be resumed from there. */
  @ApiProperty({ enum: OPERATION_STATUSES, example: 'running' })
  status: OperationStatus;

  @ApiProperty({ type: ProgressDto })
  progress: ProgressDto;

  /** What it came to; depends on the kind. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true, example: null })
  result: object | null;

  @ApiProperty({ type: OperationErrorDto, nullable: true, example: null })
  error: OperationErrorDto | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:03.000Z' })
  updatedAt: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  finishedAt: Date | null;
}
