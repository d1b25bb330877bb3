import { EventType } from '../../kernel/event.js';

/**
 * The order as it stands after the event; every event about an order carries it, so a consumer keeps the one with the
 * highest `revision` per order and needs no other. Amounts are minor units of `currency`.
 */
export class OrderFacts {
  readonly orderId: string;
  /** Grows with every change of the order, from 1. */
  readonly revision: number;
  readonly customerId: string;
  /**
   * A state of the order state machine.
   * @example "payment_settled"
   */
  readonly status: string;
  /**
   * The status word of the system the order came from, as it gave it.
   * @example "PAID"
   */
  readonly sourceStatus: string | null;
  /** @example "CNY" */
  readonly currency: string;
  /**
   * What the customer is to pay: lines less discounts, plus tax and shipping.
   * @example 19900
   */
  readonly totalMinor: number;
  /**
   * Captured payments.
   * @example 19900
   */
  readonly paidMinor: number;
  /**
   * Settled refunds.
   * @example 0
   */
  readonly refundedMinor: number;
  /** Units over all lines. */
  readonly quantity: number;
  /** RFC 3339: when the customer ordered. */
  readonly placedAt: string;
  /**
   * Where it was sold.
   * @example "web"
   */
  readonly channel: string | null;
}

/** A customer ordered. */
export class OrderPlacedPayload {
  readonly order: OrderFacts;
}

/** Lines, totals or status of an order changed. */
export class OrderChangedPayload {
  readonly order: OrderFacts;
  /**
   * The status before.
   * @example "payment_authorized"
   */
  readonly from: string;
}

/** A payment of an order was made, or its state changed. */
export class PaymentRecordedPayload {
  readonly order: OrderFacts;
  readonly paymentId: string;
  /** @example "alipay" */
  readonly method: string;
  /**
   * `authorized`, `settled`, `declined`, `error` or `cancelled`.
   * @example "settled"
   */
  readonly state: string;
  /** @example 19900 */
  readonly amountMinor: number;
  readonly recordedAt: string;
}

/** The payment was recorded by mistake and is gone, as if it had never been; the order is as it stands without it. */
export class PaymentWithdrawnPayload {
  readonly order: OrderFacts;
  readonly paymentId: string;
}

/** The order was brought in by mistake and is gone, as if it had never been; here it is as it last stood. Nothing follows about it. */
export class OrderWithdrawnPayload {
  readonly order: OrderFacts;
}

/** A refund of an order was made, or its state changed. */
export class RefundRecordedPayload {
  readonly order: OrderFacts;
  readonly refundId: string;
  /**
   * `pending`, `settled` or `failed`.
   * @example "settled"
   */
  readonly state: string;
  /** @example 19900 */
  readonly amountMinor: number;
  readonly recordedAt: string;
}

/** As `PaymentWithdrawnPayload`. */
export class RefundWithdrawnPayload {
  readonly order: OrderFacts;
  readonly refundId: string;
}

/** Goods of an order were prepared, shipped or delivered, or their shipment was cancelled. */
export class FulfilmentRecordedPayload {
  readonly order: OrderFacts;
  readonly fulfilmentId: string;
  /**
   * `pending`, `shipped`, `delivered` or `cancelled`.
   * @example "shipped"
   */
  readonly state: string;
  readonly quantity: number;
  readonly recordedAt: string;
}

/** As `PaymentWithdrawnPayload`: nothing was sent. */
export class FulfilmentWithdrawnPayload {
  readonly order: OrderFacts;
  readonly fulfilmentId: string;
}

/** A product was made or changed. */
export class ProductChangedPayload {
  readonly productId: string;
  /** @example "TEA-250" */
  readonly sku: string;
}

/** As `OrderWithdrawnPayload`. */
export class ProductWithdrawnPayload {
  readonly productId: string;
  /** @example "TEA-250" */
  readonly sku: string;
}

export const OrderPlaced = new EventType('sales.order_placed', 1, OrderPlacedPayload);
export const OrderChanged = new EventType('sales.order_changed', 1, OrderChangedPayload);
export const PaymentRecorded = new EventType('sales.payment_recorded', 1, PaymentRecordedPayload);
export const PaymentWithdrawn = new EventType('sales.payment_withdrawn', 1, PaymentWithdrawnPayload);
export const RefundRecorded = new EventType('sales.refund_recorded', 1, RefundRecordedPayload);
export const RefundWithdrawn = new EventType('sales.refund_withdrawn', 1, RefundWithdrawnPayload);
export const FulfilmentRecorded = new EventType('sales.fulfilment_recorded', 1, FulfilmentRecordedPayload);
export const FulfilmentWithdrawn = new EventType('sales.fulfilment_withdrawn', 1, FulfilmentWithdrawnPayload);
export const OrderWithdrawn = new EventType('sales.order_withdrawn', 1, OrderWithdrawnPayload);
export const ProductChanged = new EventType('sales.product_changed', 1, ProductChangedPayload);
export const ProductWithdrawn = new EventType('sales.product_withdrawn', 1, ProductWithdrawnPayload);

/** Every event that carries `OrderFacts`. Their partition is the customer, so folds per customer meet one lane. */
export const orderEvents = [
  OrderPlaced, OrderChanged, PaymentRecorded, PaymentWithdrawn, RefundRecorded, RefundWithdrawn, FulfilmentRecorded, FulfilmentWithdrawn, OrderWithdrawn,
] as const;
export const salesEvents = [...orderEvents, ProductChanged, ProductWithdrawn] as const;
