import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsDefined, IsIn, IsInt, IsString, IsUUID, Matches, Max, MaxLength, Min, MinLength, ValidateNested } from 'class-validator';
import { ExternalIdDto } from '../../../platform/http/external-id.dto.js';
import { Omittable } from '../../../platform/http/merge-patch.js';
import { IsInstant } from '../../../platform/http/query-values.js';
import { Trimmed } from '../../../platform/http/trimmed.js';
import { MOST_EXTERNAL_IDS } from '../../contract/external-reference.js';
import { MoneyInputDto, REASON } from '../../http/inputs.dto.js';
import { LONGEST_WORD } from './order-input.dto.js';

const LONGEST_EVENT_ID = 200;
const MOST_LINES = 500;
const MOST_UNITS = 1_000_000;

export const PAYMENT_REPORTS = ['authorized', 'settled', 'declined', 'error'] as const;
export const REFUND_REPORTS = ['pending', 'settled', 'failed'] as const;
export const FULFILMENT_REPORTS = ['pending', 'shipped', 'delivered'] as const;

/** What may be said with every fact. */
@ApiSchema({ name: 'FactInput' })
export class FactDto {
  /** When it happened; now if left out. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  @Omittable() @IsInstant()
  recordedAt?: string;
}

/** What may be said with every fact about money. */
@ApiSchema({ name: 'MoneyFactInput' })
export class MoneyFactDto extends FactDto {
  /** The payment provider; left out later on, it is the one the payment was recorded with. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_WORD, example: 'stripe' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_WORD)
  provider?: string;

  /** The provider's id of this event: with it the fact is recorded once, however often it is sent. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_EVENT_ID, example: 'evt_3PqL' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_EVENT_ID)
  providerEventId?: string;
}

@ApiSchema({ name: 'PaymentInput' })
export class RecordPaymentDto extends MoneyFactDto {
  @ApiProperty({ minLength: 1, maxLength: LONGEST_WORD, example: 'credit_card' })
  @Trimmed() @IsString() @MinLength(1) @MaxLength(LONGEST_WORD)
  method: string;

  /** What the provider said: promised, captured at once, refused, or broken. */
  @ApiProperty({ enum: PAYMENT_REPORTS, example: 'authorized' })
  @IsIn(PAYMENT_REPORTS)
  state: (typeof PAYMENT_REPORTS)[number];

  /** At most what is still to be paid, unless it was refused. */
  @ApiProperty({ type: MoneyInputDto })
  @IsDefined() @Type(() => MoneyInputDto) @ValidateNested()
  amount: MoneyInputDto;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, example: 3 })
  @Omittable() @IsInt() @Min(1) @Max(1000)
  installments?: number;

  @ApiPropertyOptional({ type: [ExternalIdDto], maxItems: MOST_EXTERNAL_IDS })
  @Omittable() @IsArray() @ArrayMaxSize(MOST_EXTERNAL_IDS) @Type(() => ExternalIdDto) @ValidateNested({ each: true })
  externalIds?: ExternalIdDto[];
}

@ApiSchema({ name: 'SettlementInput' })
export class SettlePaymentDto extends MoneyFactDto {
  /** All that was authorised if left out; the rest of the authorisation is released. */
  @ApiPropertyOptional({ type: MoneyInputDto })
  @Omittable() @Type(() => MoneyInputDto) @ValidateNested()
  amount?: MoneyInputDto;
}

@ApiSchema({ name: 'RefundInput' })
export class RecordRefundDto extends MoneyFactDto {
  /** The payment it gives back; left out, it is of the order's money as a whole. */
  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable() @IsUUID()
  paymentId?: string;

  @ApiPropertyOptional({ enum: REFUND_REPORTS, default: 'pending' })
  @Omittable() @IsIn(REFUND_REPORTS)
  state: (typeof REFUND_REPORTS)[number] = 'pending';

  /** At most what was captured and not yet given back; pending refunds count. */
  @ApiProperty({ type: MoneyInputDto })
  @IsDefined() @Type(() => MoneyInputDto) @ValidateNested()
  amount: MoneyInputDto;

  /** A word of your own list, to be counted by; no free text. */
  @ApiPropertyOptional({ pattern: REASON.source, example: 'arrived_broken' })
  @Omittable() @Matches(REASON, { message: 'reason must be 1 to 60 lower-case letters, digits or _, starting with a letter' })
  reason?: string;

  @ApiPropertyOptional({ type: [ExternalIdDto], maxItems: MOST_EXTERNAL_IDS })
  @Omittable() @IsArray() @ArrayMaxSize(MOST_EXTERNAL_IDS) @Type(() => ExternalIdDto) @ValidateNested({ each: true })
  externalIds?: ExternalIdDto[];
}

@ApiSchema({ name: 'FulfilledLine' })
export class FulfilledLineDto {
  /** Of the order's line. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_UNITS, example: 1 })
  @IsInt() @Min(1) @Max(MOST_UNITS)
  number: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_UNITS, example: 2 })
  @IsInt() @Min(1) @Max(MOST_UNITS)
  quantity: number;
}

@ApiSchema({ name: 'FulfilmentInput' })
export class RecordFulfilmentDto extends FactDto {
  /** Packed, handed to the carrier, or already with the customer. */
  @ApiPropertyOptional({ enum: FULFILMENT_REPORTS, default: 'pending' })
  @Omittable() @IsIn(FULFILMENT_REPORTS)
  state: (typeof FULFILMENT_REPORTS)[number] = 'pending';

  @ApiProperty({ type: [FulfilledLineDto], minItems: 1, maxItems: MOST_LINES })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_LINES) @Type(() => FulfilledLineDto) @ValidateNested({ each: true })
  lines: FulfilledLineDto[];

  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_WORD, example: 'SF Express' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_WORD)
  carrier?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 200, example: 'SF1234567890' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(200)
  trackingCode?: string;

  @ApiPropertyOptional({ type: [ExternalIdDto], maxItems: MOST_EXTERNAL_IDS })
  @Omittable() @IsArray() @ArrayMaxSize(MOST_EXTERNAL_IDS) @Type(() => ExternalIdDto) @ValidateNested({ each: true })
  externalIds?: ExternalIdDto[];
}

/** The instant as the use cases take it, and the version the caller saw. */
export function inContext<Dto extends FactDto>({ recordedAt, ...fact }: Dto, version: number | undefined) {
  return { ...fact, version, recordedAt: recordedAt === undefined ? undefined : new Date(recordedAt) };
}
