import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { CountedListQuery } from '../../../platform/http/list.dto.js';
import { CommaList, IsInstant } from '../../../platform/http/query-values.js';
import { LONGEST_EXTERNAL_ID, SYSTEM } from '../../contract/external-reference.js';
import { referenceOf } from '../../http/external-id-parameters.js';
import { orderStates, type OrderState } from '../domain/order-state.js';
import { ORDER_PARTS, ORDER_SORTS, type OrderListAsk, type OrderPartName, type OrderSort } from '../views/order-list.view.js';
import { LONGEST_WORD } from './order-input.dto.js';

const LIST = { explode: false, style: 'form' } as const;

export class OrderListQuery extends CountedListQuery {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional() @IsUUID()
  customerId?: string;

  @ApiPropertyOptional({ enum: orderStates.states, isArray: true, ...LIST })
  @IsOptional() @CommaList() @IsIn(orderStates.states, { each: true })
  status?: OrderState[];

  /** The words of the systems the orders came from. */
  @ApiPropertyOptional({ type: [String], ...LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_WORD, { each: true })
  sourceStatus?: string[];

  @ApiPropertyOptional({ type: [String], ...LIST })
  @IsOptional() @CommaList() @IsString({ each: true }) @MaxLength(LONGEST_WORD, { each: true })
  channel?: string[];

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  placedAtGte?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional() @IsInstant()
  placedAtLt?: string;

  /** Together with externalId. */
  @ApiPropertyOptional({ pattern: SYSTEM.source, example: 'shopify' })
  @IsOptional() @Matches(SYSTEM, { message: 'externalSystem must be 1 to 40 lower-case letters, digits, - or _' })
  externalSystem?: string;

  /** Together with externalSystem. */
  @ApiPropertyOptional({ maxLength: LONGEST_EXTERNAL_ID, example: '7305' })
  @IsOptional() @IsString() @MaxLength(LONGEST_EXTERNAL_ID)
  externalId?: string;

  /** Equal instants are ordered by id. */
  @ApiPropertyOptional({ enum: ORDER_SORTS, default: '-placedAt' })
  @IsOptional() @IsIn(ORDER_SORTS)
  sort: OrderSort = '-placedAt';

  /** Parts to show with each order. */
  @ApiPropertyOptional({ enum: ORDER_PARTS, isArray: true, ...LIST })
  @IsOptional() @CommaList() @IsIn(ORDER_PARTS, { each: true })
  expand: OrderPartName[] = [];
}

/** @throws DomainError malformed if one half of an external id is missing. */
export function toListAsk({ limit, cursor, total, sort, expand, externalSystem, externalId, placedAtGte, placedAtLt, ...filter }: OrderListQuery): OrderListAsk {
  return {
    limit, cursor, total, sort, expand,
    filter: { ...filter, placedAtGte: dateOf(placedAtGte), placedAtLt: dateOf(placedAtLt), externalId: referenceOf(externalSystem, externalId) },
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
