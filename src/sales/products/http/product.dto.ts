import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Matches, MaxLength, MinLength, registerDecorator, ValidateNested } from 'class-validator';
import { DomainError } from '../../../kernel/domain-error.js';
import { parseMoney, type Money } from '../../../kernel/money.js';
import { ExternalIdDto } from '../../../platform/http/external-id.dto.js';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { Clearable, Omittable } from '../../../platform/http/merge-patch.js';
import { MoneyDto } from '../../../platform/http/money.dto.js';
import { CommaList } from '../../../platform/http/query-values.js';
import { Trimmed } from '../../../platform/http/trimmed.js';
import { LONGEST_EXTERNAL_ID, MOST_EXTERNAL_IDS, SYSTEM } from '../../contract/external-reference.js';
import { referenceOf } from '../../http/external-id-parameters.js';
import { MoneyInputDto } from '../../http/inputs.dto.js';
import type { ProductListAsk } from '../views/product.view.js';
import type { ProductDescription } from '../use-cases/upsert-product.js';

export const PRODUCT_STATUSES = ['active', 'archived'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

const LONGEST_SKU = 100;
const LONGEST_NAME = 500;
const LONGEST_CATEGORY = 200;
const MOST_ATTRIBUTES = 200;
const LONGEST_ATTRIBUTE = 2000;
const LIST = { explode: false, style: 'form' } as const;
const ATTRIBUTES = {
  type: 'object' as const,
  additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
  maxProperties: MOST_ATTRIBUTES,
  example: { weightGrams: 250, origin: '杭州' },
};

/** Names and single values, not too many and not too long. */
function AreAttributes(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'areAttributes',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length <= MOST_ATTRIBUTES && Object.entries(value).every(isAttribute),
        defaultMessage: () => `$property must be an object of at most ${MOST_ATTRIBUTES} names (1 to ${LONGEST_CATEGORY} characters) with texts, numbers, true, false or null`,
      },
    });
}

function isAttribute([name, value]: [string, unknown]): boolean {
  if (name.length === 0 || name.length > LONGEST_CATEGORY) return false;
  return typeof value === 'string' ? value.length <= LONGEST_ATTRIBUTE : value === null || typeof value === 'number' || typeof value === 'boolean';
}

/** What is left out stays as it is. */
@ApiSchema({ name: 'ProductChange' })
export class ChangeProductDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_SKU, example: 'TEA-250' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_SKU)
  sku?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: LONGEST_NAME, example: 'Longjing tea, 250 g' })
  @Trimmed() @Omittable() @IsString() @MinLength(1) @MaxLength(LONGEST_NAME)
  name?: string;

  @ApiPropertyOptional({ enum: PRODUCT_STATUSES, example: 'active' })
  @Omittable() @IsIn(PRODUCT_STATUSES)
  status?: ProductStatus;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: LONGEST_CATEGORY, example: 'tea' })
  @Trimmed() @Clearable() @IsString() @MinLength(1) @MaxLength(LONGEST_CATEGORY)
  category?: string | null;

  /** What order lines cost that name no price. */
  @ApiPropertyOptional({ type: MoneyInputDto, nullable: true })
  @Clearable() @Type(() => MoneyInputDto) @ValidateNested()
  price?: MoneyInputDto | null;

  /** By name; `null` removes one, names left out stay. */
  @ApiPropertyOptional({ ...ATTRIBUTES, nullable: true })
  @Clearable() @AreAttributes()
  attributes?: Record<string, string | number | boolean | null> | null;

  /** Added to those known. */
  @ApiPropertyOptional({ type: [ExternalIdDto], maxItems: MOST_EXTERNAL_IDS })
  @Omittable() @IsArray() @ArrayMaxSize(MOST_EXTERNAL_IDS) @Type(() => ExternalIdDto) @ValidateNested({ each: true })
  externalIds?: ExternalIdDto[];
}

/** Needs a SKU or an external id, which is then the SKU; without a name it goes by its SKU. */
@ApiSchema({ name: 'ProductInput' })
export class CreateProductDto extends ChangeProductDto {}

@ApiSchema({ name: 'Product' })
export class ProductDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  /** What the ETag says. */
  @ApiProperty({ type: 'integer', example: 1 })
  version: number;

  /** Names one product only. */
  @ApiProperty({ example: 'TEA-250' })
  sku: string;

  @ApiProperty({ example: 'Longjing tea, 250 g' })
  name: string;

  @ApiProperty({ enum: PRODUCT_STATUSES, example: 'active' })
  status: ProductStatus;

  @ApiProperty({ type: String, nullable: true, example: 'tea' })
  category: string | null;

  @ApiProperty({ type: MoneyDto, nullable: true })
  price: MoneyDto | null;

  @ApiProperty(ATTRIBUTES)
  attributes: Record<string, string | number | boolean | null>;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  updatedAt: string;

  externalIds: ExternalIdDto[];
}

export class ProductListQuery extends ListQuery {
  @ApiPropertyOptional({ enum: PRODUCT_STATUSES, isArray: true, ...LIST })
  @IsOptional() @CommaList() @IsIn(PRODUCT_STATUSES, { each: true })
  status?: ProductStatus[];

  @ApiPropertyOptional({ type: [String], ...LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_CATEGORY, { each: true })
  category?: string[];

  @ApiPropertyOptional({ type: [String], ...LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_SKU, { each: true })
  sku?: string[];

  /** Together with externalId. */
  @ApiPropertyOptional({ pattern: SYSTEM.source, example: 'shopify' })
  @IsOptional() @Matches(SYSTEM, { message: 'externalSystem must be 1 to 40 lower-case letters, digits, - or _' })
  externalSystem?: string;

  /** Together with externalSystem. */
  @ApiPropertyOptional({ maxLength: LONGEST_EXTERNAL_ID, example: '7305' })
  @IsOptional() @IsString() @MaxLength(LONGEST_EXTERNAL_ID)
  externalId?: string;
}

/** @throws DomainError malformed if one half of an external id is missing. */
export function toListAsk({ externalSystem, externalId, ...ask }: ProductListQuery): ProductListAsk {
  return { ...ask, externalId: referenceOf(externalSystem, externalId) };
}

/** @throws DomainError rule for a price that is no amount of its currency. */
export function toDescription({ price, externalIds = [], ...fields }: ChangeProductDto): ProductDescription {
  return { ...fields, externalIds, price: price ? priceOf(price) : price };
}

function priceOf(price: MoneyInputDto): Money {
  const money = parseMoney(price);
  if (money.minor >= 0) return money;
  const detail = `${price.amount} is negative. A price is zero or more.`;
  throw new DomainError('rule', 'negative_amount', detail, { errors: [{ pointer: '/price/amount', code: 'negative_amount', detail }] });
}
