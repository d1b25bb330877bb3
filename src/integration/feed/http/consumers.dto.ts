import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ListQuery } from '../../../platform/http/list.dto.js';

const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';
const LONGEST_NAME = 100;

@ApiSchema({ name: 'Consumer' })
export class ConsumerDto {
  @ApiProperty({ example: 'customer.timeline' })
  name: string;

  @ApiProperty({ type: [String], example: ['sales.order_placed.v1'] })
  hears: readonly string[];

  /** Parallel workers. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  lanes: number;

  /** False if it has effects outside the database, so that it cannot be set back. */
  @ApiProperty({ example: true })
  replayable: boolean;

  /** Everything in the log up to here is applied or parked. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 4711 })
  position: number;

  /** Positions of the log it has yet to pass. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  lag: number;

  /** Events that wait for a person, and those behind them. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  parked: number;

  /** Events that failed and are tried again by themselves. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  retrying: number;
}

@ApiSchema({ name: 'ConsumerList' })
export class ConsumerListDto {
  @ApiProperty({ type: [ConsumerDto] })
  data: readonly ConsumerDto[];
}

@ApiSchema({ name: 'ReplayConsumer' })
export class ReplayConsumerDto {
  /** It hears everything after this position again; 0 rebuilds what it keeps from the first event on. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, example: 0 })
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER)
  from: number;
}

export class ListParkedEventsQuery extends ListQuery {
  @ApiPropertyOptional({ maxLength: LONGEST_NAME, example: 'customer.timeline' })
  @IsOptional() @IsString() @MaxLength(LONGEST_NAME)
  consumer?: string;
}

/** An event a consumer could not apply, or one of the same aggregate behind it. */
@ApiSchema({ name: 'ParkedEvent' })
export class ParkedEventDto {
  @ApiProperty({ example: 'customer.timeline' })
  consumer: string;

  @ApiProperty({ type: 'integer', minimum: 1, example: 4711 })
  position: number;

  @ApiProperty({ format: 'uuid', example: ID })
  eventId: string;

  @ApiProperty({ example: 'sales.order_placed' })
  event: string;

  @ApiProperty({ format: 'uuid', example: ID })
  aggregateId: string;

  /** `retrying` is tried again by itself, `behind` waits for an earlier one, `parked` waits for a person. */
  @ApiProperty({ enum: ['retrying', 'behind', 'parked'], example: 'parked' })
  status: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 6 })
  attempts: number;

  @ApiProperty({ type: String, nullable: true, example: 'The order has no customer.' })
  error: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  parkedAt: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  nextAttemptAt: Date | null;
}

@ApiSchema({ name: 'RetriedEvent' })
export class RetriedEventDto {
  /** True if the consumer has applied it now. */
  @ApiProperty({ example: true })
  applied: boolean;

  /** The event as it waits still, with why. */
  @ApiProperty({ type: ParkedEventDto, nullable: true, example: null })
  parked: ParkedEventDto | null;
}

export class ListFailedJobsQuery extends ListQuery {
  @ApiPropertyOptional({ maxLength: LONGEST_NAME, example: 'integration.forget_uploads' })
  @IsOptional() @IsString() @MaxLength(LONGEST_NAME)
  name?: string;
}

/** A job that was tried as often as it may be. */
@ApiSchema({ name: 'FailedJob' })
export class FailedJobDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'integration.forget_uploads' })
  name: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 5 })
  attempts: number;

  @ApiProperty({ example: 'The mail server does not answer.' })
  error: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:10:00.000Z' })
  failedAt: Date;
}
