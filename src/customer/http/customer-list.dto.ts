import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { parseAmount } from '../../kernel/money.js';
import { DomainError } from '../../kernel/domain-error.js';
import { CountedListQuery } from '../../platform/http/list.dto.js';
import { COMMA_LIST, CommaList, IsAmount, IsInstant } from '../../platform/http/query-values.js';
import type { CustomerStatus } from '../contract/customer-directory.js';
import { GENDERS, type Gender } from '../domain/details.js';
import { LONGEST_EXTERNAL_ID, SYSTEM } from '../domain/external-ids.js';
import { LONGEST_TAG } from '../domain/tags.js';
import { CUSTOMER_FIELDS, CUSTOMER_SORTS, type CustomerField, type CustomerListAsk, type CustomerSort } from '../views/customer-list.view.js';
import { STATUSES } from './customer.dto.js';

const MOST = 2_147_483_647;
const LONGEST_VALUE = 200;

export class CustomerListQuery extends CountedListQuery {
  @ApiPropertyOptional({ enum: STATUSES, isArray: true, default: ['active'], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsIn(STATUSES, { each: true })
  status: CustomerStatus[] = ['active'];

  /** Has at least one of these tags. */
  @ApiPropertyOptional({ type: [String], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_TAG, { each: true })
  tagsAny?: string[];

  /** Has every one of these tags. */
  @ApiPropertyOptional({ type: [String], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_TAG, { each: true })
  tagsAll?: string[];

  /** Has none of these tags. */
  @ApiPropertyOptional({ type: [String], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_TAG, { each: true })
  tagsNone?: string[];

  @ApiPropertyOptional({ enum: GENDERS, isArray: true, ...COMMA_LIST })
  @IsOptional() @CommaList() @IsIn(GENDERS, { each: true })
  gender?: Gender[];

  @ApiPropertyOptional({ type: [String], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_VALUE, { each: true })
  source?: string[];

  /** Of the main address, ISO 3166-1 alpha-2. */
  @ApiPropertyOptional({ type: [String], ...COMMA_LIST })
  @IsOptional() @CommaList() @Matches(/^[A-Z]{2}$/, { each: true, message: 'each value in $property must be two capital letters such as CN' })
  country?: string[];

  /** Of the main address. */
  @ApiPropertyOptional({ type: [String], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_VALUE, { each: true })
  province?: string[];

  /** Of the main address. */
  @ApiPropertyOptional({ type: [String], ...COMMA_LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_VALUE, { each: true })
  city?: string[];

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  createdAtGte?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  createdAtLt?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  lastOrderAtGte?: string;

  /** Leaves out customers without orders. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  lastOrderAtLt?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST })
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(MOST)
  orderCountGte?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST })
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(MOST)
  orderCountLte?: number;

  /** Spent at least this much, in the server's own currency. */
  @ApiPropertyOptional({ example: '1000.00' })
  @IsOptional() @IsAmount()
  spentGte?: string;

  /** Spent at most this much, in the server's own currency. */
  @ApiPropertyOptional({ example: '1000.00' })
  @IsOptional() @IsAmount()
  spentLte?: string;

  /** The whole number, however it is written. */
  @ApiPropertyOptional({ maxLength: 40, example: '+86 138 1234 5678' })
  @IsOptional() @IsString() @MaxLength(40)
  phone?: string;

  /** The whole address, whatever its case. */
  @ApiPropertyOptional({ maxLength: 254, example: 'li.na@example.com' })
  @IsOptional() @IsString() @MaxLength(254)
  email?: string;

  /** Together with externalId. */
  @ApiPropertyOptional({ pattern: SYSTEM.source, example: 'shopify' })
  @IsOptional() @Matches(SYSTEM, { message: 'externalSystem must be 1 to 40 lower-case letters, digits, - or _' })
  externalSystem?: string;

  /** Together with externalSystem. */
  @ApiPropertyOptional({ maxLength: LONGEST_EXTERNAL_ID, example: '7305' })
  @IsOptional() @IsString() @MaxLength(LONGEST_EXTERNAL_ID)
  externalId?: string;

  /** A part of a name, in any script, or of a phone number. Two letters, one Chinese character or three digits are the least. */
  @ApiPropertyOptional({ maxLength: 100, example: '李' })
  @IsOptional() @IsString() @MaxLength(100)
  q?: string;

  /** Equal keys are ordered by id. `spent` is in the server's own currency. */
  @ApiPropertyOptional({ enum: CUSTOMER_SORTS, default: '-createdAt' })
  @IsOptional() @IsIn(CUSTOMER_SORTS)
  sort: CustomerSort = '-createdAt';

  /** Members of each item; all if left out. The id is always there. */
  @ApiPropertyOptional({ enum: CUSTOMER_FIELDS, isArray: true, ...COMMA_LIST })
  @IsOptional() @CommaList() @IsIn(CUSTOMER_FIELDS, { each: true })
  fields?: CustomerField[];
}

/** @throws DomainError malformed if one half of an external id is missing, or an amount has more digits than the currency. */
export function toListAsk(query: CustomerListQuery, currency: string): CustomerListAsk {
  const { limit, cursor, total, sort, fields, externalSystem, externalId, spentGte, spentLte, ...filter } = query;
  if ((externalSystem === undefined) !== (externalId === undefined)) {
    throw new DomainError('malformed', 'incomplete_external_id', 'externalSystem and externalId go together. Send both or neither.', {
      errors: [{ pointer: externalId === undefined ? '?externalId' : '?externalSystem', code: 'required', detail: 'is missing' }],
    });
  }
  return {
    limit, cursor, total, sort, fields,
    filter: {
      ...filter,
      ...(externalSystem === undefined || externalId === undefined ? {} : { externalId: { system: externalSystem, id: externalId } }),
      ...(spentGte === undefined ? {} : { spentGte: parseAmount(spentGte, currency) }),
      ...(spentLte === undefined ? {} : { spentLte: parseAmount(spentLte, currency) }),
    },
  };
}
