import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../../../platform/http/list.dto.js';
import { COMMA_LIST, CommaList } from '../../../platform/http/query-values.js';

const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';

/** Where to begin, and with what. */
export class FollowEventsQuery {
  /** The last position you have; 0 for the oldest event that is kept. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER)
  after: number = 0;

  /** Only events of these types; all if absent. */
  @ApiPropertyOptional({ type: [String], ...COMMA_LIST, example: ['sales.order_placed.v1'] })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(100, { each: true })
  types?: string[];
}

export class ListEventsQuery extends FollowEventsQuery {
  /** Events on a page. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(MAX_LIMIT)
  limit: number = DEFAULT_LIMIT;
}

/** A fact that was recorded: ids and figures, never contact data. */
@ApiSchema({ name: 'Event' })
export class EventDto {
  /** The same wherever the event is met; what was once applied under it need not be applied again. */
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  /** Grows by one from event to event. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 4711 })
  position: number;

  @ApiProperty({ example: 'customer.registered.v1' })
  type: string;

  /** What it happened to; events of one keep their order. */
  @ApiProperty({ format: 'uuid', example: ID })
  aggregateId: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  occurredAt: Date;

  /** Depends on the type. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { customerId: ID, registeredAt: '2026-01-15T08:00:00.000Z', source: 'api' } })
  data: object;
}

@ApiSchema({ name: 'EventPage' })
export class EventPageDto {
  /** Send it as `after` next time, also when the page was empty: everything up to it has been given. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 4711 })
  nextAfter: number;

  /** False at the end of the log; ask again later from `nextAfter`. */
  @ApiProperty({ example: false })
  hasMore: boolean;
}

@ApiSchema({ name: 'EventList' })
export class EventListDto {
  @ApiProperty({ type: [EventDto] })
  data: readonly EventDto[];

  @ApiProperty({ type: EventPageDto })
  page: EventPageDto;
}
