import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ExternalIdDto } from '../../../platform/http/external-id.dto.js';
import { MoneyDto } from '../../../platform/http/money.dto.js';
import { fulfilmentStates, type FulfilmentState } from '../domain/fulfilment-state.js';
import { orderStates, type OrderState } from '../domain/order-state.js';
import { paymentStates, type PaymentState } from '../domain/payment-state.js';
import { refundStates, type RefundState } from '../domain/refund-state.js';
import { FulfilledLineDto } from './fact-input.dto.js';

const ID = { format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' } as const;
const INSTANT = { format: 'date-time', example: '2026-01-15T08:00:00.000Z' } as const;

@ApiSchema({ name: 'OrderLine' })
export class OrderLineDto {
  @ApiProperty({ type: 'integer', example: 1 })
  number: number;

  @ApiProperty({ type: String, nullable: true, ...ID })
  productId: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'TEA-250' })
  sku: string | null;

  @ApiProperty({ example: 'Longjing tea, 250 g' })
  name: string;

  @ApiProperty({ type: 'integer', example: 2 })
  quantity: number;

  unitPrice: MoneyDto;

  /** Off the whole line, its share of the order's discount included. */
  discount: MoneyDto;

  tax: MoneyDto;

  /** For the whole line, its share of the order's shipping included. */
  shipping: MoneyDto;

  /** quantity × unitPrice − discount + tax + shipping. */
  total: MoneyDto;

  /** Units in fulfilments that were not cancelled. */
  @ApiProperty({ type: 'integer', example: 0 })
  fulfilledQuantity: number;

  @ApiProperty({ type: 'integer', example: 0 })
  cancelledQuantity: number;
}

@ApiSchema({ name: 'Payment' })
export class PaymentDto {
  @ApiProperty(ID)
  id: string;

  @ApiProperty(ID)
  orderId: string;

  /** Counts the payments of an order from 1. */
  @ApiProperty({ type: 'integer', example: 1 })
  sequence: number;

  @ApiProperty({ example: 'credit_card' })
  method: string;

  @ApiProperty({ enum: paymentStates.states, example: 'settled' })
  state: PaymentState;

  amount: MoneyDto;

  /** What of it was captured. */
  captured: MoneyDto;

  @ApiProperty({ type: 'integer', nullable: true, example: 3 })
  installments: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'stripe' })
  provider: string | null;

  /** When it came to its state. */
  @ApiProperty(INSTANT)
  recordedAt: string;

  externalIds: ExternalIdDto[];
}

@ApiSchema({ name: 'Refund' })
export class RefundDto {
  @ApiProperty(ID)
  id: string;

  @ApiProperty(ID)
  orderId: string;

  @ApiProperty({ type: String, nullable: true, ...ID })
  paymentId: string | null;

  @ApiProperty({ enum: refundStates.states, example: 'settled' })
  state: RefundState;

  amount: MoneyDto;

  @ApiProperty({ type: String, nullable: true, example: 'arrived_broken' })
  reason: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'stripe' })
  provider: string | null;

  /** When it came to its state. */
  @ApiProperty(INSTANT)
  recordedAt: string;

  externalIds: ExternalIdDto[];
}

@ApiSchema({ name: 'Fulfilment' })
export class FulfilmentDto {
  @ApiProperty(ID)
  id: string;

  @ApiProperty(ID)
  orderId: string;

  @ApiProperty({ enum: fulfilmentStates.states, example: 'shipped' })
  state: FulfilmentState;

  lines: FulfilledLineDto[];

  @ApiProperty({ type: String, nullable: true, example: 'SF Express' })
  carrier: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'SF1234567890' })
  trackingCode: string | null;

  @ApiProperty(INSTANT)
  recordedAt: string;

  @ApiProperty({ type: String, nullable: true, ...INSTANT })
  shippedAt: string | null;

  @ApiProperty({ type: String, nullable: true, ...INSTANT })
  deliveredAt: string | null;

  externalIds: ExternalIdDto[];
}

@ApiSchema({ name: 'OrderHeader' })
export class OrderHeaderDto {
  @ApiProperty(ID)
  id: string;

  /** What the ETag says, and the `revision` of the order's events. */
  @ApiProperty({ type: 'integer', example: 1 })
  version: number;

  /** For people. */
  @ApiProperty({ example: 'SO-100001' })
  number: string;

  @ApiProperty(ID)
  customerId: string;

  /** Follows from what was recorded about money and parcels. */
  @ApiProperty({ enum: orderStates.states, example: 'arranging_payment' })
  status: OrderState;

  /** The status word of the system the order came from, as it gave it. */
  @ApiProperty({ type: String, nullable: true, example: 'processing' })
  sourceStatus: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'web' })
  channel: string | null;

  @ApiProperty({ minLength: 3, maxLength: 3, example: 'CNY' })
  currency: string;

  /** Units over all lines. */
  @ApiProperty({ type: 'integer', example: 2 })
  quantity: number;

  /** quantity × unitPrice over all lines. */
  subtotal: MoneyDto;

  discount: MoneyDto;

  tax: MoneyDto;

  shipping: MoneyDto;

  /** What the customer is to pay. */
  total: MoneyDto;

  /** Captured. */
  paid: MoneyDto;

  /** Promised and not yet captured. */
  authorized: MoneyDto;

  /** Settled refunds. */
  refunded: MoneyDto;

  @ApiProperty({ type: String, nullable: true, example: 'changed_mind' })
  cancelReason: string | null;

  @ApiProperty(INSTANT)
  placedAt: string;

  @ApiProperty(INSTANT)
  createdAt: string;

  @ApiProperty(INSTANT)
  updatedAt: string;

  externalIds: ExternalIdDto[];
}

@ApiSchema({ name: 'Order' })
export class OrderDto extends OrderHeaderDto {
  lines: OrderLineDto[];
  payments: PaymentDto[];
  refunds: RefundDto[];
  fulfilments: FulfilmentDto[];
}

/** An order in a list: its parts only if asked for by `expand`. */
@ApiSchema({ name: 'OrderListItem' })
export class OrderListItemDto extends OrderHeaderDto {
  lines?: OrderLineDto[];
  payments?: PaymentDto[];
  refunds?: RefundDto[];
  fulfilments?: FulfilmentDto[];
}

/** The order as a fact left it. */
@ApiSchema({ name: 'OrderStanding' })
export class OrderStandingDto {
  @ApiProperty(ID)
  id: string;

  @ApiProperty({ type: 'integer', example: 2 })
  version: number;

  @ApiProperty({ enum: orderStates.states, example: 'payment_settled' })
  status: OrderState;

  total: MoneyDto;
  paid: MoneyDto;
  authorized: MoneyDto;
  refunded: MoneyDto;
}

@ApiSchema({ name: 'RecordedPayment' })
export class RecordedPaymentDto extends PaymentDto {
  order: OrderStandingDto;
}

@ApiSchema({ name: 'RecordedRefund' })
export class RecordedRefundDto extends RefundDto {
  order: OrderStandingDto;
}

@ApiSchema({ name: 'RecordedFulfilment' })
export class RecordedFulfilmentDto extends FulfilmentDto {
  order: OrderStandingDto;
}
