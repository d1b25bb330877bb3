import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MoneyDto } from '../../platform/http/money.dto.js';
import { CustomerDto, PurchaseTotalsDto } from './customer.dto.js';
import { TimelineEntryDto } from './timeline.dto.js';

@ApiSchema({ name: 'CustomerOrder' })
export class CustomerOrderDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** A state of the order state machine. */
  @ApiProperty({ example: 'delivered' })
  status: string;

  @ApiProperty({ type: String, nullable: true, example: 'web' })
  channel: string | null;

  /** Units over all lines. */
  @ApiProperty({ type: 'integer', example: 2 })
  quantity: number;

  @ApiProperty({ type: MoneyDto })
  total: MoneyDto;

  @ApiProperty({ type: MoneyDto })
  paid: MoneyDto;

  @ApiProperty({ type: MoneyDto })
  refunded: MoneyDto;

  @ApiProperty({ format: 'date-time', example: '2026-01-10T02:00:00.000Z' })
  placedAt: string;
}

@ApiSchema({ name: 'CustomerOverview' })
export class CustomerOverviewDto {
  @ApiProperty({ type: CustomerDto })
  customer: CustomerDto;

  @ApiProperty({ type: PurchaseTotalsDto })
  purchases: PurchaseTotalsDto;

  /** The last 20, latest first, cancelled ones included. */
  @ApiProperty({ type: [CustomerOrderDto] })
  lastOrders: CustomerOrderDto[];

  /** The last 20 entries, latest first. */
  @ApiProperty({ type: [TimelineEntryDto] })
  timeline: TimelineEntryDto[];

  /** Up to when orders, totals and timeline are complete; null before the first event. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:00.000Z' })
  asOf: string | null;
}
