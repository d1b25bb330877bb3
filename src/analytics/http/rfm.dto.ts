import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator';
import { ListQuery, PageDto } from '../../platform/http/list.dto.js';
import { MoneyDto } from '../../platform/http/money.dto.js';
import { COMMA_LIST, CommaList } from '../../platform/http/query-values.js';
import { RFM_SEGMENTS, type RfmSegment } from '../domain/rfm-segment.js';
import { RFM_SORTS, type RfmSort } from '../views/rfm.view.js';
import { CountingRuleDto, ReportQuery } from './report.dto.js';

const DAY = /^(?:19|20)\d{2}-\d{2}-\d{2}$/;
const COUNT = { type: 'integer', minimum: 0 } as const;
const SCORE = { type: 'integer', minimum: 1, maximum: 5 } as const;
const SCORES = { type: 'array', items: SCORE, ...COMMA_LIST } as const;
const SHARE = { type: Number, nullable: true, minimum: 0, maximum: 1, example: 0.12 } as const;

/** `4,5` as a list of scores. */
function Scores(): PropertyDecorator {
  // class-transformer runs the last one first.
  const asNumbers = Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(Number) : value));
  return applyDecorators(IsOptional(), asNumbers, CommaList(), IsInt({ each: true }), Min(1, { each: true }), Max(5, { each: true }));
}

export class RfmQuery extends ReportQuery {
  /** Look back from the end of this day in `timeZone`, and leave later orders out; by default from now. */
  @ApiPropertyOptional({ format: 'date', example: '2025-12-31' })
  @IsOptional() @Matches(DAY, { message: '$property must be a day such as 2025-12-31' }) @IsISO8601({ strict: true })
  measuredOn?: string;
}

export class RfmListQuery extends IntersectionType(RfmQuery, ListQuery) {
  /** Only customers of these segments. */
  @ApiPropertyOptional({ enum: RFM_SEGMENTS, isArray: true, example: ['champions'], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsIn(RFM_SEGMENTS, { each: true })
  segment?: RfmSegment[];

  /** Scores of recency. */
  @ApiPropertyOptional({ ...SCORES, example: [4, 5] })
  @Scores()
  r?: number[];

  /** Scores of frequency. */
  @ApiPropertyOptional({ ...SCORES, example: [5] })
  @Scores()
  f?: number[];

  /** Scores of money. */
  @ApiPropertyOptional({ ...SCORES, example: [1, 2] })
  @Scores()
  m?: number[];

  /** A minus for the highest first. Equal values go by customer. */
  @ApiPropertyOptional({ enum: RFM_SORTS, default: 'customerId' })
  @IsOptional() @IsIn(RFM_SORTS)
  sort: RfmSort = 'customerId';
}

/** How the scores were made. */
@ApiSchema({ name: 'RfmDefinition' })
export class RfmDefinitionDto extends CountingRuleDto {
  /** What an amount is. */
  @ApiProperty({ example: 'What the customer was to pay: lines less discounts, plus tax and shipping. Refunds are not taken off.' })
  amounts: string;

  @ApiProperty({ minLength: 3, maxLength: 3, example: 'CNY' })
  currency: string;

  /** Recency is counted from here; later orders are left out. */
  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  measuredAt: string;

  /** How r, f and m are made. */
  @ApiProperty({ example: 'r, f and m are fifths of all customers with a counted order, 5 the best.' })
  scores: string;

  /** How a segment is named. */
  @ApiProperty({ example: 'Named by r and by fm, the mean of f and m with halves rounded up.' })
  segments: string;
}

@ApiSchema({ name: 'CustomerRfm' })
export class CustomerRfmDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  customerId: string;

  /** Whole days of 24 hours since the last counted order. */
  @ApiProperty({ ...COUNT, example: 12 })
  recencyDays: number;

  /** Counted orders. */
  @ApiProperty({ ...COUNT, example: 4 })
  frequency: number;

  /** What they come to. */
  @ApiProperty({ type: MoneyDto })
  monetary: MoneyDto;

  @ApiProperty({ ...SCORE, example: 5 })
  r: number;

  @ApiProperty({ ...SCORE, example: 4 })
  f: number;

  @ApiProperty({ ...SCORE, example: 4 })
  m: number;

  /** The three as one number: 100·r + 10·f + m. */
  @ApiProperty({ type: 'integer', minimum: 111, maximum: 555, example: 544 })
  score: number;

  @ApiProperty({ enum: RFM_SEGMENTS, example: 'champions' })
  segment: RfmSegment;
}

@ApiSchema({ name: 'RfmOfCustomer' })
export class RfmOfCustomerDto extends CustomerRfmDto {
  /** Everything recorded before this instant is counted; null before anything is. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:00.000Z' })
  asOf: string | null;

  @ApiProperty({ type: RfmDefinitionDto })
  definition: RfmDefinitionDto;
}

@ApiSchema({ name: 'RfmList' })
export class RfmListDto {
  /** Everything recorded before this instant is counted; null before anything is. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:00.000Z' })
  asOf: string | null;

  @ApiProperty({ type: RfmDefinitionDto })
  definition: RfmDefinitionDto;

  @ApiProperty({ type: [CustomerRfmDto] })
  data: readonly CustomerRfmDto[];

  @ApiProperty({ type: PageDto })
  page: PageDto;
}

@ApiSchema({ name: 'SegmentSize' })
export class SegmentSizeDto {
  @ApiProperty({ enum: RFM_SEGMENTS, example: 'champions' })
  segment: RfmSegment;

  @ApiProperty({ ...COUNT, example: 120 })
  customers: number;

  /** Of all customers; null if there are none. */
  @ApiProperty(SHARE)
  share: number | null;

  @ApiProperty({ type: MoneyDto })
  revenue: MoneyDto;

  /** Of all revenue; null if there is none. */
  @ApiProperty(SHARE)
  revenueShare: number | null;
}

@ApiSchema({ name: 'RfmSegments' })
export class RfmSegmentsDto {
  /** Everything recorded before this instant is counted; null before anything is. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:00.000Z' })
  asOf: string | null;

  @ApiProperty({ type: RfmDefinitionDto })
  definition: RfmDefinitionDto;

  /** Customers with a counted order. */
  @ApiProperty({ ...COUNT, example: 1000 })
  customers: number;

  @ApiProperty({ type: MoneyDto })
  revenue: MoneyDto;

  /** One for each segment, the empty ones too. */
  @ApiProperty({ type: [SegmentSizeDto] })
  data: readonly SegmentSizeDto[];
}
