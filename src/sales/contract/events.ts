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
  /** A state of the order state machine, e.g. `payment_settled`. */
  readonly status: string;
  /** The status word of the system the order came from, as it gave it. */
  readonly sourceStatus: string | null;
  readonly currency: string;
  /** What the customer is to pay: lines less discounts, plus tax and shipping. */
  readonly totalMinor: number;
  /** Captured payments. */
  readonly paidMinor: number;
  /** Settled refunds. */
  readonly refundedMinor: number;
  /** Units over all lines. */
  readonly quantity: number;
  /** RFC 3339: when the customer ordered. */
  readonly placedAt: string;
  /** Where it was sold, e.g. `web`. */
  readonly channel: string | null;
}

export class OrderPlacedPayload {
  readonly order: OrderFacts;
}

/** Lines, totals or status changed. `from` is the status before. */
export class OrderChangedPayload {
  readonly order: OrderFacts;
  readonly from: string;
}

export class PaymentRecordedPayload {
  readonly order: OrderFacts;
  readonly paymentId: string;
  readonly method: string;
  /** `authorized`, `settled`, `declined`, `error` or `cancelled`. */
  readonly state: string;
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

export class RefundRecordedPayload {
  readonly order: OrderFacts;
  readonly refundId: string;
  readonly state: string;
  readonly amountMinor: number;
  readonly recordedAt: string;
}

export class FulfilmentRecordedPayload {
  readonly order: OrderFacts;
  readonly fulfilmentId: string;
  /** `pending`, `shipped`, `delivered` or `cancelled`. */
  readonly state: string;
  readonly quantity: number;
  readonly recordedAt: string;
}

export class ProductChangedPayload {
  readonly productId: string;
  readonly sku: string;
}

/** As `OrderWithdrawnPayload`. */
export class ProductWithdrawnPayload {
  readonly productId: string;
  readonly sku: string;
}

export const OrderPlaced = new EventType('sales.order_placed', 1, OrderPlacedPayload);
export const OrderChanged = new EventType('sales.order_changed', 1, OrderChangedPayload);
export const PaymentRecorded = new EventType('sales.payment_recorded', 1, PaymentRecordedPayload);
export const PaymentWithdrawn = new EventType('sales.payment_withdrawn', 1, PaymentWithdrawnPayload);
export const RefundRecorded = new EventType('sales.refund_recorded', 1, RefundRecordedPayload);
export const FulfilmentRecorded = new EventType('sales.fulfilment_recorded', 1, FulfilmentRecordedPayload);
export const OrderWithdrawn = new EventType('sales.order_withdrawn', 1, OrderWithdrawnPayload);
export const ProductChanged = new EventType('sales.product_changed', 1, ProductChangedPayload);
export const ProductWithdrawn = new EventType('sales.product_withdrawn', 1, ProductWithdrawnPayload);

/** Every event that carries `OrderFacts`. Their partition is the customer, so folds per customer meet one lane. */
export const orderEvents = [OrderPlaced, OrderChanged, PaymentRecorded, PaymentWithdrawn, RefundRecorded, FulfilmentRecorded, OrderWithdrawn] as const;
export const salesEvents = [...orderEvents, ProductChanged, ProductWithdrawn] as const;
