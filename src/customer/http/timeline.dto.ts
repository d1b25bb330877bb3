import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { ListQuery, PageDto } from '../../platform/http/list.dto.js';
import { COMMA_LIST, CommaList } from '../../platform/http/query-values.js';
import { TIMELINE_KINDS, type TimelineKind } from '../views/timeline-entry.js';
import { MoneyDto } from '../../platform/http/money.dto.js';

export class TimelineQuery extends ListQuery {
  @ApiPropertyOptional({ enum: TIMELINE_KINDS, isArray: true, ...COMMA_LIST })
  @IsOptional() @CommaList() @IsIn(TIMELINE_KINDS, { each: true })
  kind?: TimelineKind[];
}

/** Ids and facts; which are there depends on the event. */
@ApiSchema({ name: 'TimelineFacts' })
export class TimelineFactsDto {
  @ApiPropertyOptional({ format: 'uuid' })
  orderId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  paymentId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  refundId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  fulfilmentId?: string;

  /** Of what the entry is about, after the event. */
  @ApiPropertyOptional({ example: 'payment_settled' })
  status?: string;

  /** The status before. */
  @ApiPropertyOptional({ example: 'arranging_payment' })
  from?: string;

  @ApiPropertyOptional({ type: MoneyDto })
  amount?: MoneyDto;

  @ApiPropertyOptional({ example: 'credit_card' })
  method?: string;

  @ApiPropertyOptional({ type: 'integer' })
  quantity?: number;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'web' })
  channel?: string | null;

  @ApiPropertyOptional({ example: 'api' })
  source?: string;

  /** Names of the fields that changed. */
  @ApiPropertyOptional({ type: [String] })
  fields?: string[];
}

@ApiSchema({ name: 'TimelineEntry' })
export class TimelineEntryDto {
  /** The id of the event it came from. */
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-10T02:00:00.000Z' })
  at: string;

  @ApiProperty({ enum: TIMELINE_KINDS, example: 'purchase' })
  kind: TimelineKind;

  @ApiProperty({ example: 'sales.order_placed' })
  event: string;

  @ApiProperty({ type: TimelineFactsDto })
  facts: TimelineFactsDto;
}

@ApiSchema({ name: 'Timeline' })
export class TimelineDto {
  /** Latest first. */
  @ApiProperty({ type: [TimelineEntryDto] })
  data: TimelineEntryDto[];

  @ApiProperty({ type: PageDto })
  page: PageDto;

  /** Up to when it is complete; null before the first event. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:00.000Z' })
  asOf: string | null;
}
