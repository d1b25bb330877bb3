import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import { RefundRecorded } from '../../contract/events.js';
import type { RefundState } from '../domain/refund-state.js';
import { factsOf, type OrderHeader } from './imported-orders.js';

export interface ImportedRefund {
  readonly id: Id;
  readonly order_id: Id;
  readonly payment_id: Id | null;
  readonly state: RefundState;
  readonly amount_minor: number;
  readonly reason: string | null;
  readonly provider: string | null;
  readonly recorded_at: Date;
}

const KNOWN = sql<ImportedRefund>('refund.known', `
  select id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at from sales.refund where id = any ($1::uuid[])`);

const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_refund (id uuid, order_id uuid, payment_id uuid, state text, amount_minor bigint, reason text, provider text,
      recorded_at timestamptz) on commit delete rows;
    delete from stage_refund`,
  copy: 'copy stage_refund (id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at) from stdin',
};

const MERGE = sql<never>('refund.merge_staged', `
  insert into sales.refund (id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at)
  select id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at from stage_refund order by id
  on conflict (id) do update
     set payment_id = excluded.payment_id, state = excluded.state, amount_minor = excluded.amount_minor, reason = excluded.reason,
         provider = excluded.provider, recorded_at = excluded.recorded_at`);

const RECKON = sql<OrderHeader>('order.reckon_refunds', `
  update sales.order_header h
     set version = h.version + 1, refunded_minor = sums.refunded, updated_at = $2
    from (select order_id, coalesce(sum(amount_minor) filter (where state = 'settled'), 0) as refunded
            from sales.refund where order_id = any ($1::uuid[]) group by order_id) sums
   where h.id = sums.order_id
  returning h.id, h.version, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

/** Refunds as files tell them: what was given back was given back, whatever was paid. */
@Injectable()
export class ImportedRefunds {
  known(tx: Tx, ids: readonly Id[]): Promise<ImportedRefund[]> {
    return tx.query(KNOWN, [ids]);
  }

  /** Stores refunds that are new or differ, reckons their orders anew, and tells of each refund. */
  async write(tx: Tx, refunds: readonly ImportedRefund[]): Promise<void> {
    if (refunds.length === 0) return;
    await copyRows(tx, STAGE, refunds.map((refund) => [
      refund.id, refund.order_id, refund.payment_id, refund.state, refund.amount_minor, refund.reason, refund.provider, refund.recorded_at,
    ]));
    await tx.query(MERGE);
    const orders = await tx.query(RECKON, [[...new Set(refunds.map((refund) => refund.order_id))], tx.startedAt]);
    const facts = new Map(orders.map((order) => [order.id, factsOf(order)]));
    for (const { id: refundId, order_id: orderId, state, amount_minor: amountMinor, recorded_at: recordedAt } of refunds) {
      const order = facts.get(orderId)!;
      tx.record(RefundRecorded.of(orderId, { order, refundId, state, amountMinor, recordedAt: recordedAt.toISOString() }, order.customerId));
      tx.audit({ action: 'refund.recorded', subjectType: 'order', subjectId: orderId, details: { refundId, state } });
    }
  }
}
