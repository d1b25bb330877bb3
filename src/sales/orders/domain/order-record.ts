import type { Id } from '../../../kernel/id.js';
import type { Currency } from '../../../kernel/money.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { LineTerms, OrderTerms } from './line-price.js';
import type { OrderState } from './order-state.js';
import type { Payment, Refund } from './payment-ledger.js';
import type { Fulfilment } from './shipments.js';

/** What is sold on one line, before the order's own discount and shipping are spread over it. */
export interface OfferedLine extends LineTerms {
  /** Undefined: its place in the list, from 1. */
  readonly number?: number;
  readonly productId: Id | null;
  readonly sku: string | null;
  readonly name: string;
}

export interface OrderLine extends Omit<OfferedLine, 'number'> {
  readonly number: number;
  readonly totalMinor: number;
  readonly cancelledQuantity: number;
}

/** What the customer and the selling system say about an order. */
export interface Placement extends OrderTerms {
  readonly customerId: Id;
  readonly currency: Currency;
  readonly channel: string | null;
  readonly sourceStatus: string | null;
  /** Undefined: now. */
  readonly placedAt?: Date;
  readonly externalIds: readonly ExternalReference[];
  readonly lines: readonly OfferedLine[];
}

/** All of an order, as rows keep it. */
export interface OrderRecord {
  readonly id: Id;
  readonly version: number;
  readonly customerId: Id;
  readonly state: OrderState;
  readonly sourceStatus: string | null;
  readonly channel: string | null;
  readonly currency: Currency;
  readonly placedAt: Date;
  readonly cancelReason: string | null;
  readonly externalIds: readonly ExternalReference[];
  readonly lines: readonly OrderLine[];
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
  readonly fulfilments: readonly Fulfilment[];
}

/** What happened to an order since it was loaded, for its events. */
export type Happening =
  | { readonly kind: 'placed' }
  | { readonly kind: 'changed'; readonly from: OrderState }
  | { readonly kind: 'payment'; readonly payment: Payment }
  | { readonly kind: 'refund'; readonly refund: Refund }
  | { readonly kind: 'fulfilment'; readonly fulfilment: Fulfilment };
