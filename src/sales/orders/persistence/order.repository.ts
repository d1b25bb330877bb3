import { Injectable } from '@nestjs/common';
import { concurrencyConflict, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import type { Statement } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { refusingTaken, type Named } from '../../persistence/external-ids.js';
import { Order } from '../domain/order.js';
import type { Happening, OrderLine, OrderRecord } from '../domain/order-record.js';
import { auditOf, eventOf } from './order-events.js';
import { LOAD, LOCK, LOCK_BY_FULFILMENT, LOCK_BY_PAYMENT, LOCK_BY_REFUND, PLACE, SAVE, type LoadedOrder } from './order.statements.js';

const LOCK_BY = { payment: LOCK_BY_PAYMENT, refund: LOCK_BY_REFUND, fulfilment: LOCK_BY_FULFILMENT } as const;

export type OrderPart = keyof typeof LOCK_BY;

/** What the database adds to an order when it is placed. */
export interface Placed {
  readonly number: string;
  /** In order of the lines' numbers. */
  readonly productIds: readonly (Id | null)[];
}

/** Orders as they are stored. What is written, its events and its audit rows go together, so none can be forgotten. */
@Injectable()
export class OrderRepository {
  /** @param names external ids of the order that are not yet claimed. @throws DomainError conflict `external_id_taken`. */
  async add(tx: Tx, order: Order, names: readonly ExternalReference[]): Promise<Placed> {
    const { id, customerId, state, sourceStatus, channel, currency, placedAt, lines } = order.snapshot();
    const { quantity, subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor } = order.totals;
    const [placed] = await refusingTaken(() =>
      tx.query(PLACE, [
        id, customerId, state, sourceStatus, channel, currency,
        quantity, subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor, placedAt, tx.startedAt,
        ...lineColumns(lines), names.map((name) => name.system), names.map((name) => name.id),
      ]),
    );
    announce(tx, order);
    return { number: placed!.number, productIds: placed!.product_ids };
  }

  /** The order; others who would change it wait until `tx` ends. @throws DomainError missing, or stale if it is not at `version`. */
  getLocked(tx: Tx, id: Id, version?: number): Promise<Order> {
    return lockAndLoad(tx, LOCK, 'order', id, version);
  }

  /** The order that has this payment, refund or fulfilment. */
  getLockedBy(tx: Tx, part: OrderPart, id: Id, version?: number): Promise<Order> {
    return lockAndLoad(tx, LOCK_BY[part], part, id, version);
  }

  /** Writes what happened, if anything did. @throws DomainError stale if somebody was faster, conflict `external_id_taken`. */
  async save(tx: Tx, order: Order): Promise<void> {
    const happenings = order.whatHappened();
    if (happenings.length === 0) return;
    const { id, version, state, sourceStatus, channel, placedAt, cancelReason } = order.snapshot();
    const { quantity, subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor } = order.totals;
    const { paidMinor, authorizedMinor, refundedMinor } = order.balance;
    const { lines, payments, refunds, fulfilments, names } = touched(order, happenings);
    const saved = await refusingTaken(() =>
      tx.query(SAVE, [
        id, version, state, sourceStatus, channel, placedAt, cancelReason,
        quantity, subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor, paidMinor, authorizedMinor, refundedMinor,
        lines && JSON.stringify(lines), tx.startedAt,
        JSON.stringify(payments), JSON.stringify(refunds), JSON.stringify(fulfilments), JSON.stringify(names),
      ]),
    );
    if (saved.length === 0) throw concurrencyConflict('order', id);
    announce(tx, order);
  }
}

async function lockAndLoad(tx: Tx, lock: Statement<{ id: Id }>, what: string, id: Id, version?: number): Promise<Order> {
  const [locked] = await tx.query(lock, [id]);
  if (!locked) throw notFound(what, id);
  const [row] = await tx.query(LOAD, [locked.id]);
  if (version !== undefined && row!.version !== version) throw concurrencyConflict('order', locked.id);
  return Order.rehydrate(toRecord(row!));
}

function announce(tx: Tx, order: Order): void {
  const facts = order.facts();
  for (const happening of order.whatHappened()) {
    tx.record(eventOf(happening, facts, tx.startedAt));
    tx.audit(auditOf(happening, facts));
  }
}

/** The parts that happenings tell of, as they now are; `lines` is null where no line can have changed. */
function touched(order: Order, happenings: readonly Happening[]) {
  const { id: orderId, externalIds, lines, payments, refunds, fulfilments } = order.snapshot();
  const changed = happenings.some(({ kind }) => kind === 'changed');
  const paid = new Set(happenings.map((each) => (each.kind === 'payment' ? each.payment.id : '')));
  const refunded = new Set(happenings.map((each) => (each.kind === 'refund' ? each.refund.id : '')));
  const sent = new Set(happenings.map((each) => (each.kind === 'fulfilment' ? each.fulfilment.id : '')));
  const parts = {
    payments: payments.filter(({ id }) => paid.has(id)),
    refunds: refunds.filter(({ id }) => refunded.has(id)),
    fulfilments: fulfilments.filter(({ id }) => sent.has(id)),
  };
  return {
    ...parts,
    lines: changed || parts.fulfilments.length > 0
      ? lines.map((line) => ({ ...line, fulfilledQuantity: order.fulfilledQuantity(line.number) }))
      : null,
    names: [...namesOf('order', changed ? [{ id: orderId, externalIds }] : []), ...namesOf('payment', parts.payments), ...namesOf('refund', parts.refunds), ...namesOf('fulfilment', parts.fulfilments)],
  };
}

function namesOf(kind: Named, parts: readonly { readonly id: Id; readonly externalIds: readonly ExternalReference[] }[]) {
  return parts.flatMap((part) => part.externalIds.map(({ system, id }) => ({ kind, system, id, subjectId: part.id })));
}

function lineColumns(lines: readonly OrderLine[]): unknown[] {
  return [
    lines.map((line) => line.number), lines.map((line) => line.productId), lines.map((line) => line.sku), lines.map((line) => line.name), lines.map((line) => line.quantity),
    lines.map((line) => line.unitPriceMinor), lines.map((line) => line.discountMinor), lines.map((line) => line.taxMinor),
    lines.map((line) => line.shippingMinor), lines.map((line) => line.totalMinor),
  ];
}

function toRecord(row: LoadedOrder): OrderRecord {
  const { id, version, channel, currency, lines } = row;
  return {
    id, version, channel, currency, lines,
    customerId: row.customer_id,
    state: row.status,
    sourceStatus: row.source_status,
    placedAt: row.placed_at,
    cancelReason: row.cancel_reason,
    externalIds: row.external_ids,
    payments: row.payments.map((payment) => ({ ...payment, recordedAt: new Date(payment.recordedAt) })),
    refunds: row.refunds.map((refund) => ({ ...refund, recordedAt: new Date(refund.recordedAt) })),
    fulfilments: row.fulfilments.map((fulfilment) => ({
      ...fulfilment,
      recordedAt: new Date(fulfilment.recordedAt),
      shippedAt: dateOf(fulfilment.shippedAt),
      deliveredAt: dateOf(fulfilment.deliveredAt),
    })),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
