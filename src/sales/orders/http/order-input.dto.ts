import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsDefined, IsInt, IsString, IsUUID, Matches, Max, MaxLength, Min, MinLength, ValidateNested } from 'class-validator';
import { ExternalIdDto } from '../../../platform/http/external-id.dto.js';
import { Omittable } from '../../../platform/http/merge-patch.js';
import { IsInstant } from '../../../platform/http/query-values.js';
import { Trimmed } from '../../../platform/http/trimmed.js';
import { MOST_EXTERNAL_IDS } from '../../contract/external-reference.js';
import { CURRENCY, MoneyInputDto, REASON } from '../../http/inputs.dto.js';
import type { OrderInput } from '../use-cases/placement-reader.js';
import type { OrderUpsert } from '../use-cases/upsert-order.js';

export const LONGEST_WORD = 100;
const LONGEST_NAME = 500;
const MOST_LINES = 500;
const MOST_UNITS = 1_000_000;

/** One of the two. */
@ApiSchema({ name: 'CustomerChoice' })
export class CustomerChoiceDto {
  @ApiPropertyOptional({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  @Omittable() @IsUUID()
  id?: string;

  @ApiPropertyOptional({ type: ExternalIdDto })
  @Omittable() @Type(() => ExternalIdDto) @ValidateNested()
  externalId?: ExternalIdDto;
}

/** Names a product, or says itself what is sold and for how much. */
@ApiSchema({ name: 'OrderLineInput' })
export class OrderLineInputDto {
  /** The place in the list, from 1, if left out. Give numbers if lines may come and go. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_UNITS, example: 1 })
  @Omittable() @IsInt() @Min(1) @Max(MOST_UNITS)
  number?: number;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable() @IsUUID()
  productId?: string;

  @ApiPropertyOptional({ type: ExternalIdDto })
  @Omittable() @Type(() => ExternalIdDto) @ValidateNested()
  productExternalId?: ExternalIdDto;

  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_WORD, example: 'TEA-250' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_WORD)
  sku?: string;

  /** The product's own if left out. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_NAME, example: 'Longjing tea, 250 g' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_NAME)
  name?: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_UNITS, example: 2 })
  @IsInt() @Min(1) @Max(MOST_UNITS)
  quantity: number;

  /** The product's own if left out. */
  @ApiPropertyOptional({ type: MoneyInputDto })
  @Omittable() @Type(() => MoneyInputDto) @ValidateNested()
  unitPrice?: MoneyInputDto;

  /** Off the whole line; at most its value. */
  @ApiPropertyOptional({ type: MoneyInputDto })
  @Omittable() @Type(() => MoneyInputDto) @ValidateNested()
  discount?: MoneyInputDto;

  /** On top of the price, for the whole line. */
  @ApiPropertyOptional({ type: MoneyInputDto })
  @Omittable() @Type(() => MoneyInputDto) @ValidateNested()
  tax?: MoneyInputDto;

  /** For the whole line. */
  @ApiPropertyOptional({ type: MoneyInputDto })
  @Omittable() @Type(() => MoneyInputDto) @ValidateNested()
  shipping?: MoneyInputDto;
}

@ApiSchema({ name: 'OrderInput' })
export class PlaceOrderDto {
  @ApiProperty({ type: CustomerChoiceDto })
  @IsDefined() @Type(() => CustomerChoiceDto) @ValidateNested()
  customer: CustomerChoiceDto;

  /** ISO 4217; every amount of the order is in it. */
  @ApiProperty({ pattern: CURRENCY.source, example: 'CNY' })
  @Matches(CURRENCY, { message: 'currency must be three capital letters such as CNY' })
  currency: string;

  /** Where it was sold. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_WORD, example: 'web' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_WORD)
  channel?: string;

  /** The status word of the system the order comes from, kept as it is. */
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_WORD, example: 'processing' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_WORD)
  sourceStatus?: string;

  /** When the customer ordered; now if left out. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  @Omittable() @IsInstant()
  placedAt?: string;

  @ApiPropertyOptional({ type: [ExternalIdDto], maxItems: MOST_EXTERNAL_IDS })
  @Omittable() @IsArray() @ArrayMaxSize(MOST_EXTERNAL_IDS) @Type(() => ExternalIdDto) @ValidateNested({ each: true })
  externalIds?: ExternalIdDto[];

  /** Off the whole order; spread over the lines by value. */
  @ApiPropertyOptional({ type: MoneyInputDto })
  @Omittable() @Type(() => MoneyInputDto) @ValidateNested()
  discount?: MoneyInputDto;

  /** For the whole order; spread over the lines by value. */
  @ApiPropertyOptional({ type: MoneyInputDto })
  @Omittable() @Type(() => MoneyInputDto) @ValidateNested()
  shipping?: MoneyInputDto;

  @ApiProperty({ type: [OrderLineInputDto], minItems: 1, maxItems: MOST_LINES })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_LINES) @Type(() => OrderLineInputDto) @ValidateNested({ each: true })
  lines: OrderLineInputDto[];
}

@ApiSchema({ name: 'Cancellation' })
export class CancellationDto {
  /** A word of your own list, to be counted by; no free text. */
  @ApiPropertyOptional({ pattern: REASON.source, example: 'changed_mind' })
  @Omittable() @Matches(REASON, { message: 'reason must be 1 to 60 lower-case letters, digits or _, starting with a letter' })
  reason?: string;
}

/** The whole order as the other system has it. */
@ApiSchema({ name: 'OrderUpsert' })
export class UpsertOrderDto extends PlaceOrderDto {
  /** Present if the other system cancelled the order. */
  @ApiPropertyOptional({ type: CancellationDto })
  @Omittable() @Type(() => CancellationDto) @ValidateNested()
  cancellation?: CancellationDto;
}

export function toOrderInput({ placedAt, ...input }: PlaceOrderDto): OrderInput;
export function toOrderInput({ placedAt, ...input }: UpsertOrderDto): OrderUpsert;
export function toOrderInput({ placedAt, ...input }: UpsertOrderDto): OrderUpsert {
  return placedAt === undefined ? input : { ...input, placedAt: new Date(placedAt) };
}
