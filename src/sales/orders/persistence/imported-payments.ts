import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import type { MadeRecord, RevertOutcome } from '../../../platform/transfer/import-definition.js';
import { recordKey, sortOut } from '../../../platform/transfer/take-back.js';
import { PaymentRecorded, PaymentWithdrawn, type OrderFacts } from '../../contract/events.js';
import type { PaymentState } from '../domain/payment-state.js';
import { factsOf, ImportedOrders, type OrderHeader } from './imported-orders.js';

export interface ImportedPayment {
  readonly id: Id;
  readonly order_id: Id;
  readonly sequence: number;
  readonly method: string;
  readonly state: PaymentState;
  readonly amount_minor: number;
  readonly captured_minor: number;
  readonly installments: number | null;
  readonly provider: string | null;
  readonly recorded_at: Date;
}

export interface StoredPayment extends ImportedPayment {
  /** The order's version that last changed it. */
  readonly revision: number;
}

const KNOWN = sql<StoredPayment>('payment.known', `
  select id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at, revision
    from sales.payment where order_id = any ($1::uuid[]) or id = any ($2::uuid[])`);

const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_payment (id uuid, order_id uuid, sequence int, method text, state text, amount_minor bigint, captured_minor bigint,
      installments int, provider text, recorded_at timestamptz) on commit delete rows;
    delete from stage_payment`,
  copy: 'copy stage_payment (id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at) from stdin',
};

const MERGE = sql<never>('payment.merge_staged', `
  insert into sales.payment (id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at, revision)
  select s.id, s.order_id, s.sequence, s.method, s.state, s.amount_minor, s.captured_minor, s.installments, s.provider, s.recorded_at, h.version + 1
    from stage_payment s join sales.order_header h on h.id = s.order_id order by s.order_id, s.sequence
  on conflict (order_id, sequence) do update
     set method = excluded.method, state = excluded.state, amount_minor = excluded.amount_minor, captured_minor = excluded.captured_minor,
         installments = excluded.installments, provider = excluded.provider, recorded_at = excluded.recorded_at, revision = excluded.revision`);

const RECKON = sql<OrderHeader>('order.reckon_payments', `
  update sales.order_header h
     set version = h.version + 1, part_changes = h.part_changes + 1, paid_minor = sums.paid, authorized_minor = sums.authorized, updated_at = $2
    from (select o.id, coalesce(sum(p.captured_minor), 0) as paid, coalesce(sum(p.amount_minor) filter (where p.state = 'authorized'), 0) as authorized
            from unnest($1::uuid[]) as o (id) left join sales.payment p on p.order_id = o.id group by o.id) sums
   where h.id = sums.id
  returning h.id, h.version, h.part_changes, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

const ORDERS_OF = sql<{ order_id: Id }>('payment.orders_of', 'select distinct order_id from sales.payment where id = any ($1::uuid[])');

const REFUNDED = sql<{ payment_id: Id }>('payment.refunded', 'select distinct payment_id from sales.refund where payment_id = any ($1::uuid[])');

const REMOVE = sql<never>('payment.remove', `
  with names as (
    delete from sales.external_id where kind = 'payment' and subject_id = any ($1::uuid[])
  )
  delete from sales.payment where id = any ($1::uuid[])`);

/** Payments as files tell them: what was paid was paid, whatever the total. */
@Injectable()
export class ImportedPayments {
  constructor(private readonly orders: ImportedOrders) {}

  /** All of these orders, and whichever else have these ids. */
  known(tx: Tx, orderIds: readonly Id[], ids: readonly Id[]): Promise<StoredPayment[]> {
    return tx.query(KNOWN, [orderIds, ids]);
  }

  /** Stores payments that are new or differ, reckons their orders anew, and tells of each payment. */
  async write(tx: Tx, payments: readonly ImportedPayment[]): Promise<void> {
    if (payments.length === 0) return;
    await copyRows(tx, STAGE, payments.map((payment) => [
      payment.id, payment.order_id, payment.sequence, payment.method, payment.state, payment.amount_minor, payment.captured_minor, payment.installments,
      payment.provider, payment.recorded_at,
    ]));
    await tx.query(MERGE);
    const facts = await reckon(tx, payments);
    for (const { id: paymentId, order_id: orderId, method, state, amount_minor: amountMinor, recorded_at: recordedAt } of payments) {
      const order = facts.get(orderId)!;
      tx.record(PaymentRecorded.of(orderId, { order, paymentId, method, state, amountMinor, recordedAt: recordedAt.toISOString() }, order.customerId));
      tx.audit({ action: 'payment.recorded', subjectType: 'order', subjectId: orderId, details: { paymentId, state } });
    }
  }

  /** Takes payments back that no refund refers to; what their orders were paid follows. */
  async withdraw(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    const ids = records.map(({ id }) => id);
    const orderIds = (await tx.query(ORDERS_OF, [ids])).map((row) => row.order_id);
    await this.orders.locked(tx, orderIds);
    const stored = new Map((await this.known(tx, [], ids)).map((payment) => [payment.id, payment]));
    const refunded = await tx.query(REFUNDED, [ids]);
    const versions = new Map([...stored.values()].map(({ id, revision }) => [recordKey({ id, part: 0 }), revision]));
    const { free, kept } = sortOut(records, versions, new Set(refunded.map((row) => recordKey({ id: row.payment_id, part: 0 }))));
    await tx.query(REMOVE, [free.map(({ id }) => id)]);
    const gone = free.map(({ id }) => stored.get(id)!);
    const facts = await reckon(tx, gone);
    for (const { id: paymentId, order_id: orderId } of gone) {
      const order = facts.get(orderId)!;
      tx.record(PaymentWithdrawn.of(orderId, { order, paymentId }, order.customerId));
      tx.audit({ action: 'payment.withdrawn', subjectType: 'order', subjectId: orderId, details: { paymentId } });
    }
    return { reverted: free.length, kept };
  }
}

async function reckon(tx: Tx, payments: readonly ImportedPayment[]): Promise<Map<Id, OrderFacts>> {
  const orders = await tx.query(RECKON, [[...new Set(payments.map((payment) => payment.order_id))], tx.startedAt]);
  return new Map(orders.map((order) => [order.id, factsOf(order)]));
}
