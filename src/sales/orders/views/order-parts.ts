import type { Id } from '../../../kernel/id.js';
import { toMoneyText } from '../../../kernel/money.js';
import type { Order } from '../domain/order.js';

/** The order as a fact left it: enough to go on without reading it again. */
function standingOf(order: Order) {
  const { orderId: id, revision: version, status } = order.facts();
  const { paidMinor, authorizedMinor, refundedMinor } = order.balance;
  const money = (minor: number) => toMoneyText({ minor, currency: order.currency });
  return {
    id, version, status,
    total: money(order.totals.totalMinor), paid: money(paidMinor), authorized: money(authorizedMinor), refunded: money(refundedMinor),
  };
}

/** A payment as `OrderView` shows it, with the order as it now stands. */
export function paymentOf(order: Order, id: Id) {
  const { amountMinor, capturedMinor, externalIds, recordedAt, ...payment } = found(order.snapshot().payments, id);
  const money = (minor: number) => toMoneyText({ minor, currency: order.currency });
  return { ...payment, orderId: order.id, amount: money(amountMinor), captured: money(capturedMinor), recordedAt, externalIds, order: standingOf(order) };
}

export function refundOf(order: Order, id: Id) {
  const { amountMinor, ...refund } = found(order.snapshot().refunds, id);
  return { ...refund, orderId: order.id, amount: toMoneyText({ minor: amountMinor, currency: order.currency }), order: standingOf(order) };
}

export function fulfilmentOf(order: Order, id: Id) {
  return { ...found(order.snapshot().fulfilments, id), orderId: order.id, order: standingOf(order) };
}

function found<Part extends { readonly id: Id }>(parts: readonly Part[], id: Id): Part {
  return parts.find((part) => part.id === id)!;
}
