import { SYSTEM } from '../../src/kernel/actor.js';
import type { DomainEvent } from '../../src/kernel/event.js';
import { newId, type Id } from '../../src/kernel/id.js';
import { OrderChanged, OrderPlaced, PaymentRecorded, RefundRecorded, FulfilmentRecorded, type OrderFacts } from '../../src/sales/contract/events.js';
import type { TestApp } from '../support/app.js';

/** Order facts as a plain object. */
export type Facts = Pick<OrderFacts, keyof OrderFacts>;

/** An order as sales tells of it; 199.00 CNY placed on 2026-01-10 unless said. */
export function anOrder(customerId: Id, facts: Partial<Facts> = {}): Facts {
  return {
    orderId: newId(), revision: 1, customerId, status: 'arranging_payment', sourceStatus: null, currency: 'CNY',
    totalMinor: 19_900, paidMinor: 0, refundedMinor: 0, quantity: 1, placedAt: '2026-01-10T02:00:00.000Z', channel: 'web', ...facts,
  };
}

export const placed = (order: Facts) => OrderPlaced.of(order.orderId, { order }, order.customerId);

export const changed = (order: Facts, from = 'arranging_payment') => OrderChanged.of(order.orderId, { order, from }, order.customerId);

export const paid = (order: Facts, recordedAt: string) =>
  PaymentRecorded.of(order.orderId, { order, paymentId: newId(), method: 'credit_card', state: 'settled', amountMinor: order.paidMinor, recordedAt }, order.customerId);

export const refunded = (order: Facts, recordedAt: string) =>
  RefundRecorded.of(order.orderId, { order, refundId: newId(), state: 'settled', amountMinor: order.refundedMinor, recordedAt }, order.customerId);

export const fulfilled = (order: Facts, recordedAt: string) =>
  FulfilmentRecorded.of(order.orderId, { order, fulfilmentId: newId(), state: 'shipped', quantity: order.quantity, recordedAt }, order.customerId);

/** Publishes events as sales would, and gives the id of the last. */
export function salesTells(app: TestApp, ...events: readonly DomainEvent[]): Promise<Id> {
  return app.database.transaction(SYSTEM, (tx) => {
    tx.record(...events);
    return Promise.resolve(tx.lastEventId!);
  });
}
