import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import { PaymentRecorded } from '../../contract/events.js';
import type { PaymentState } from '../domain/payment-state.js';
import { factsOf, type OrderHeader } from './imported-orders.js';

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

const KNOWN = sql<ImportedPayment>('payment.known', `
  select id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at
    from sales.payment where order_id = any ($1::uuid[]) or id = any ($2::uuid[])`);

const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_payment (id uuid, order_id uuid, sequence int, method text, state text, amount_minor bigint, captured_minor bigint,
      installments int, provider text, recorded_at timestamptz) on commit delete rows;
    delete from stage_payment`,
  copy: 'copy stage_payment (id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at) from stdin',
};

const MERGE = sql<never>('payment.merge_staged', `
  insert into sales.payment (id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at)
  select id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at
    from stage_payment order by order_id, sequence
  on conflict (order_id, sequence) do update
     set method = excluded.method, state = excluded.state, amount_minor = excluded.amount_minor, captured_minor = excluded.captured_minor,
         installments = excluded.installments, provider = excluded.provider, recorded_at = excluded.recorded_at`);

const RECKON = sql<OrderHeader>('order.reckon_payments', `
  update sales.order_header h
     set version = h.version + 1, paid_minor = sums.paid, authorized_minor = sums.authorized, updated_at = $2
    from (select order_id, sum(captured_minor) as paid, coalesce(sum(amount_minor) filter (where state = 'authorized'), 0) as authorized
            from sales.payment where order_id = any ($1::uuid[]) group by order_id) sums
   where h.id = sums.order_id
  returning h.id, h.version, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

/** Payments as files tell them: what was paid was paid, whatever the total. */
@Injectable()
export class ImportedPayments {
  /** All of these orders, and whichever else have these ids. */
  known(tx: Tx, orderIds: readonly Id[], ids: readonly Id[]): Promise<ImportedPayment[]> {
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
    const orders = await tx.query(RECKON, [[...new Set(payments.map((payment) => payment.order_id))], tx.startedAt]);
    const facts = new Map(orders.map((order) => [order.id, factsOf(order)]));
    for (const { id: paymentId, order_id: orderId, method, state, amount_minor: amountMinor, recorded_at: recordedAt } of payments) {
      const order = facts.get(orderId)!;
      tx.record(PaymentRecorded.of(orderId, { order, paymentId, method, state, amountMinor, recordedAt: recordedAt.toISOString() }, order.customerId));
      tx.audit({ action: 'payment.recorded', subjectType: 'order', subjectId: orderId, details: { paymentId, state } });
    }
  }
}
