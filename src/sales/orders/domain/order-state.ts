import { StateMachine } from './state-machine.js';

export type OrderState =
  | 'created'
  | 'adding_items'
  | 'draft'
  | 'arranging_payment'
  | 'payment_authorized'
  | 'payment_settled'
  | 'partially_shipped'
  | 'shipped'
  | 'partially_delivered'
  | 'delivered'
  | 'modifying'
  | 'arranging_additional_payment'
  | 'cancelled';

const UNDER_WAY = ['payment_authorized', 'payment_settled', 'partially_shipped', 'shipped', 'partially_delivered'] as const satisfies readonly OrderState[];

/** Source: DOMAIN.md, Order (Vendure `default-order-process.ts`). */
export const orderStates = new StateMachine<OrderState>('order', {
  created: ['adding_items', 'draft'],
  adding_items: ['arranging_payment', 'cancelled'],
  draft: ['arranging_payment', 'cancelled'],
  arranging_payment: ['payment_authorized', 'payment_settled', 'adding_items', 'cancelled'],
  payment_authorized: ['payment_settled', 'cancelled', 'modifying', 'arranging_additional_payment'],
  payment_settled: ['partially_shipped', 'shipped', 'partially_delivered', 'delivered', 'cancelled', 'modifying', 'arranging_additional_payment'],
  partially_shipped: ['shipped', 'partially_delivered', 'cancelled', 'modifying'],
  shipped: ['partially_delivered', 'delivered', 'cancelled', 'modifying'],
  partially_delivered: ['delivered', 'cancelled', 'modifying'],
  delivered: ['cancelled'],
  modifying: [...UNDER_WAY, 'arranging_additional_payment'],
  arranging_additional_payment: [...UNDER_WAY, 'cancelled'],
  cancelled: [],
});

/** How much of the total is there: nothing sure yet, promised by authorisations, or captured. */
export type Coverage = 'none' | 'authorized' | 'settled';

const COVERAGES: readonly Coverage[] = ['none', 'authorized', 'settled'];

export function coversLess(one: Coverage, other: Coverage): boolean {
  return COVERAGES.indexOf(one) < COVERAGES.indexOf(other);
}

/** Units of the order: still wanted, handed to a carrier (delivered ones included), and with the customer. */
export interface Units {
  readonly wanted: number;
  readonly shipped: number;
  readonly delivered: number;
}

export type ShippedState = 'partially_shipped' | 'shipped' | 'partially_delivered' | 'delivered';

/** What the parcels say, or undefined while none has left. Delivery counts before shipment, as the table orders them. */
export function stateByUnits({ wanted, shipped, delivered }: Units): ShippedState | undefined {
  if (delivered > 0) return delivered >= wanted ? 'delivered' : 'partially_delivered';
  if (shipped > 0) return shipped >= wanted ? 'shipped' : 'partially_shipped';
  return undefined;
}

/** What the money says about an order that was put together: nothing to rely on means more must be arranged. */
export function stateByMoney(coverage: Coverage): 'payment_settled' | 'payment_authorized' | 'arranging_additional_payment' {
  if (coverage === 'settled') return 'payment_settled';
  return coverage === 'authorized' ? 'payment_authorized' : 'arranging_additional_payment';
}

const PROGRESS: readonly OrderState[] = ['arranging_payment', ...UNDER_WAY, 'delivered'];

/** True if `one` is an earlier stage than `other` on the way from payment to delivery. States beside that way come before all. */
export function isBefore(one: OrderState, other: OrderState): boolean {
  return PROGRESS.indexOf(one) < PROGRESS.indexOf(other);
}
