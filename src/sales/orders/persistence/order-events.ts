import type { DomainEvent } from '../../../kernel/event.js';
import type { AuditEntry } from '../../../platform/database/tx.js';
import { FulfilmentRecorded, OrderChanged, OrderPlaced, PaymentRecorded, RefundRecorded, type OrderFacts } from '../../contract/events.js';
import type { Happening } from '../domain/order-record.js';
import type { Fulfilment } from '../domain/shipments.js';

/** The event other contexts hear. All of an order's events go to its customer's partition and show the order as it now stands. */
export function eventOf(happening: Happening, order: OrderFacts, at: Date): DomainEvent {
  const { orderId, customerId } = order;
  switch (happening.kind) {
    case 'placed':
      return OrderPlaced.of(orderId, { order }, customerId);
    case 'changed':
      return OrderChanged.of(orderId, { order, from: happening.from }, customerId);
    case 'payment': {
      const { id: paymentId, method, state, amountMinor, recordedAt } = happening.payment;
      return PaymentRecorded.of(orderId, { order, paymentId, method, state, amountMinor, recordedAt: recordedAt.toISOString() }, customerId);
    }
    case 'refund': {
      const { id: refundId, state, amountMinor, recordedAt } = happening.refund;
      return RefundRecorded.of(orderId, { order, refundId, state, amountMinor, recordedAt: recordedAt.toISOString() }, customerId);
    }
    case 'fulfilment': {
      const { id: fulfilmentId, state, lines } = happening.fulfilment;
      const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
      return FulfilmentRecorded.of(orderId, { order, fulfilmentId, state, quantity, recordedAt: whenSent(happening.fulfilment, at).toISOString() }, customerId);
    }
  }
}

function whenSent({ state, recordedAt, shippedAt, deliveredAt }: Fulfilment, now: Date): Date {
  if (state === 'cancelled') return now;
  return (state === 'delivered' ? deliveredAt : state === 'shipped' ? shippedAt : recordedAt) ?? now;
}

export function auditOf(happening: Happening, { orderId, status }: OrderFacts): AuditEntry {
  const entry = { subjectType: 'order', subjectId: orderId };
  switch (happening.kind) {
    case 'placed':
      return { ...entry, action: 'order.placed' };
    case 'changed':
      return { ...entry, action: status === 'cancelled' ? 'order.cancelled' : 'order.changed', details: { from: happening.from, to: status } };
    case 'payment':
      return { ...entry, action: 'payment.recorded', details: { paymentId: happening.payment.id, state: happening.payment.state } };
    case 'refund':
      return { ...entry, action: 'refund.recorded', details: { refundId: happening.refund.id, state: happening.refund.state } };
    case 'fulfilment':
      return { ...entry, action: 'fulfilment.recorded', details: { fulfilmentId: happening.fulfilment.id, state: happening.fulfilment.state } };
  }
}
