import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MoneyDto } from '../../platform/http/money.dto.js';
import { COMMA_LIST, CommaList } from '../../platform/http/query-values.js';
import { CalendarQuery, PeriodQuery, ReportDto } from './report.dto.js';

const MONTH = { pattern: '^\\d{4}-\\d{2}$', example: '2025-11' };
const COUNT = { type: 'integer', minimum: 0 } as const;
const RATE = { type: Number, nullable: true, minimum: 0, maximum: 1, example: 0.25 } as const;

export class MonthsQuery extends PeriodQuery {
  /** Only orders sold there. */
  @ApiPropertyOptional({ type: [String], example: ['web'], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(100, { each: true })
  channel?: string[];
}

export class StatusesQuery extends CalendarQuery {
  /** The first month; by default from the first order on. */
  @ApiPropertyOptional({ pattern: MONTH.pattern, example: '2025-01' })
  @IsOptional() @Matches(/^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/, { message: '$property must be a month such as 2026-03' })
  from?: string;

  /** The last month; by default to the last order. */
  @ApiPropertyOptional({ pattern: MONTH.pattern, example: '2025-12' })
  @IsOptional() @Matches(/^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/, { message: '$property must be a month such as 2026-03' })
  to?: string;
}

@ApiSchema({ name: 'MonthOfSales' })
export class MonthOfSalesDto {
  @ApiProperty(MONTH)
  month: string;

  @ApiProperty({ ...COUNT, example: 120 })
  orders: number;

  /** Customers with at least one of these orders. */
  @ApiProperty({ ...COUNT, example: 110 })
  customers: number;

  /** Customers whose first counted order in the currency is one of these. */
  @ApiProperty({ ...COUNT, example: 80 })
  newCustomers: number;

  @ApiProperty({ type: MoneyDto })
  revenue: MoneyDto;

  /** What went back to the customers of these orders, at any time. */
  @ApiProperty({ type: MoneyDto })
  refunded: MoneyDto;

  /** Revenue over orders, rounded to the currency's digits; null without orders. */
  @ApiProperty({ type: MoneyDto, nullable: true })
  averageOrderValue: MoneyDto | null;
}

@ApiSchema({ name: 'MonthsReport' })
export class MonthsReportDto extends ReportDto {
  @ApiProperty({ type: [MonthOfSalesDto] })
  data: readonly MonthOfSalesDto[];
}

/** Of so many customers who ordered, so many ordered twice or more. */
@ApiSchema({ name: 'RepeatRate' })
export class RepeatRateDto {
  @ApiProperty({ ...COUNT, example: 120 })
  customers: number;

  @ApiProperty({ ...COUNT, example: 30 })
  repeatCustomers: number;

  /** repeatCustomers over customers; null without customers. */
  @ApiProperty(RATE)
  rate: number | null;
}

@ApiSchema({ name: 'MonthOfRepeats' })
export class MonthOfRepeatsDto {
  @ApiProperty(MONTH)
  month: string;

  /** Who ordered in the month, and who did so twice or more within it. */
  @ApiProperty({ type: RepeatRateDto })
  inMonth: RepeatRateDto;

  /** Whose first order was in the month, and who has ordered again since, at any time. */
  @ApiProperty({ type: RepeatRateDto })
  cohort: RepeatRateDto;
}

@ApiSchema({ name: 'RepeatPurchaseReport' })
export class RepeatPurchaseReportDto extends ReportDto {
  /** From the first month to the last as one time. */
  @ApiProperty({ type: RepeatRateDto })
  overall: RepeatRateDto;

  @ApiProperty({ type: [MonthOfRepeatsDto] })
  data: readonly MonthOfRepeatsDto[];
}

@ApiSchema({ name: 'ActiveShare' })
export class ActiveShareDto {
  @ApiProperty({ ...COUNT, example: 1 })
  monthsLater: number;

  @ApiProperty({ ...MONTH, example: '2025-12' })
  month: string;

  /** Customers of the cohort who ordered in this month. */
  @ApiProperty({ ...COUNT, example: 30 })
  customers: number;

  /** Of the cohort; null if it is empty. */
  @ApiProperty(RATE)
  share: number | null;
}

@ApiSchema({ name: 'Cohort' })
export class CohortDto {
  /** The month of their first counted order. */
  @ApiProperty(MONTH)
  month: string;

  @ApiProperty({ ...COUNT, example: 120 })
  customers: number;

  /** Month by month, from the first (0 months later) to the last of the report. */
  @ApiProperty({ type: [ActiveShareDto] })
  active: readonly ActiveShareDto[];
}

@ApiSchema({ name: 'RetentionReport' })
export class RetentionReportDto extends ReportDto {
  @ApiProperty({ type: [CohortDto] })
  data: readonly CohortDto[];
}

@ApiSchema({ name: 'MethodOfPayment' })
export class MethodOfPaymentDto {
  @ApiProperty({ example: 'alipay' })
  method: string;

  @ApiProperty({ ...COUNT, example: 95 })
  payments: number;

  @ApiProperty({ type: MoneyDto })
  amount: MoneyDto;
}

@ApiSchema({ name: 'PaymentsReport' })
export class PaymentsReportDto extends ReportDto {
  @ApiProperty({ type: [MethodOfPaymentDto] })
  data: readonly MethodOfPaymentDto[];
}

@ApiSchema({ name: 'StatusCount' })
export class StatusCountDto {
  /** A state of the order. */
  @ApiProperty({ example: 'delivered' })
  status: string;

  /** The word of the system it came from, as that gave it. */
  @ApiProperty({ type: String, nullable: true, example: 'fulfilled' })
  sourceStatus: string | null;

  @ApiProperty({ ...COUNT, example: 87 })
  orders: number;
}

@ApiSchema({ name: 'OrderStatusesReport' })
export class OrderStatusesReportDto extends ReportDto {
  @ApiProperty({ type: [StatusCountDto] })
  data: readonly StatusCountDto[];
}
