import { createHash } from 'node:crypto';
import { SYSTEM } from '../../src/kernel/actor.js';
import type { DomainEvent } from '../../src/kernel/event.js';
import { newId } from '../../src/kernel/id.js';
import type { Database } from '../../src/platform/database/database.js';
import { OrderChanged, OrderPlaced, PaymentRecorded, type OrderFacts } from '../../src/sales/contract/events.js';

const NUMBERED = /^\w{1,6}$/;

/** The same id for the same name in every test, in the order of the names where they are short: `idOf('customer', 'A')`. */
export function idOf(kind: 'customer' | 'order' | 'payment', name: string | number): string {
  const text = String(name);
  const digits = NUMBERED.test(text) ? Buffer.from(text).toString('hex').padStart(12, '0') : createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `00000000-${{ customer: 'c000', order: '0000', payment: 'a000' }[kind]}-7000-8000-${digits}`;
}

/** The facts as a plain record, to vary by spreading. */
export type Facts = Pick<OrderFacts, keyof OrderFacts>;

/** An order of 100.00 CNY of customer A, settled and not sent. */
export function anOrder(facts: Partial<Facts> = {}): Facts {
  return {
    orderId: newId(), revision: 1, customerId: idOf('customer', 'A'), status: 'payment_settled', sourceStatus: null, currency: 'CNY', totalMinor: 10_000,
    paidMinor: 10_000, refundedMinor: 0, quantity: 1, placedAt: '2026-01-15T08:00:00.000Z', channel: 'web', ...facts,
  };
}

export function placed(order: Facts): DomainEvent {
  return OrderPlaced.of(order.orderId, { order }, order.customerId);
}

export function changed(order: Facts): DomainEvent {
  return OrderChanged.of(order.orderId, { order, from: 'arranging_payment' }, order.customerId);
}

export interface PaymentFacts {
  readonly paymentId?: string;
  readonly method?: string;
  readonly state?: string;
  readonly amountMinor?: number;
  readonly recordedAt?: string;
}

/** The whole total by Alipay, captured when the order was placed. */
export function paid(order: Facts, { paymentId = newId(), method = 'alipay', state = 'settled', amountMinor = order.totalMinor, recordedAt = order.placedAt }: PaymentFacts = {}): DomainEvent {
  return PaymentRecorded.of(order.orderId, { order, paymentId, method, state, amountMinor, recordedAt }, order.customerId);
}

/** Sales says so, in this order. */
export async function tell(database: Database, events: readonly DomainEvent[]): Promise<void> {
  await database.transaction(SYSTEM, async (tx) => tx.record(...events));
}
