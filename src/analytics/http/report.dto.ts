import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsOptional, IsTimeZone, Matches } from 'class-validator';
import { TableQuery } from '../../platform/http/table-reply.js';

const MONTH = /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/;
const MONTH_MESSAGE = '$property must be a month such as 2026-03';

/** What every report takes. */
export class CalendarQuery extends TableQuery {
  /** The IANA zone whose calendar days and months are meant. */
  @ApiPropertyOptional({ default: 'UTC', example: 'Asia/Shanghai' })
  @IsOptional() @IsTimeZone()
  timeZone: string = 'UTC';
}

export class ReportQuery extends CalendarQuery {
  /** Only orders in this currency (ISO 4217). */
  @ApiPropertyOptional({ minLength: 3, maxLength: 3, example: 'CNY' })
  @IsOptional() @Matches(/^[A-Z]{3}$/, { message: '$property must be an ISO 4217 code such as CNY' })
  currency?: string;
}


export class PeriodQuery extends ReportQuery {
  /** The first month; by default that of the first order, or ten years before the last. */
  @ApiPropertyOptional({ pattern: MONTH.source, example: '2025-01' })
  @IsOptional() @Matches(MONTH, { message: MONTH_MESSAGE })
  from?: string;

  /** The last month; by default that of the last order. */
  @ApiPropertyOptional({ pattern: MONTH.source, example: '2025-12' })
  @IsOptional() @Matches(MONTH, { message: MONTH_MESSAGE })
  to?: string;
}

/** How the answer was counted. */
@ApiSchema({ name: 'CountingRule' })
export class CountingRuleDto {
  /** Which orders count. */
  @ApiProperty({ example: 'Every order that is not cancelled counts, whatever else its status is.' })
  orders: string;

  /** Which instant of an order places it in time. */
  @ApiProperty({ example: 'An order belongs to the instant it was placed (placedAt), read on the calendar of timeZone.' })
  dates: string;

  /** Which currencies count. */
  @ApiProperty({ example: 'Only orders in this currency; amounts of another are never converted or added. leftOut says how many others there are.' })
  currencies: string;

  /** Orders (or payments) of the same time that are not in the answer because they are in another currency. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  leftOut: number;

  @ApiProperty({ example: 'UTC' })
  timeZone: string;
}

/** How the answer was counted. */
@ApiSchema({ name: 'ReportDefinition' })
export class ReportDefinitionDto extends CountingRuleDto {
  /** What an amount is; null in a report without amounts. */
  @ApiProperty({ type: String, nullable: true, example: 'What the customer was to pay: lines less discounts, plus tax and shipping. Refunds are not taken off.' })
  amounts: string | null;

  /** The currency of the orders; null where those of every currency count. */
  @ApiProperty({ type: String, nullable: true, example: 'CNY' })
  currency: string | null;

  /** The first month. */
  @ApiProperty({ type: String, nullable: true, example: '2025-01' })
  from: string | null;

  /** The last month. */
  @ApiProperty({ type: String, nullable: true, example: '2025-12' })
  to: string | null;
}

@ApiSchema({ name: 'Report' })
export class ReportDto {
  /** Everything recorded before this instant is counted; null before anything is. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:00.000Z' })
  asOf: string | null;

  @ApiProperty({ type: ReportDefinitionDto })
  definition: ReportDefinitionDto;
}
