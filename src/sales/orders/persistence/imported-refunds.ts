import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import type { MadeRecord, RevertOutcome } from '../../../platform/transfer/import-definition.js';
import { recordKey, sortOut } from '../../../platform/transfer/take-back.js';
import { RefundRecorded, RefundWithdrawn, type OrderFacts } from '../../contract/events.js';
import type { RefundState } from '../domain/refund-state.js';
import { factsOf, ImportedOrders, type OrderHeader } from './imported-orders.js';

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

export interface StoredRefund extends ImportedRefund {
  /** The order's version that last changed it. */
  readonly revision: number;
}

const KNOWN = sql<StoredRefund>('refund.known', `
  select id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at, revision from sales.refund where id = any ($1::uuid[])`);

const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_refund (id uuid, order_id uuid, payment_id uuid, state text, amount_minor bigint, reason text, provider text,
      recorded_at timestamptz) on commit delete rows;
    delete from stage_refund`,
  copy: 'copy stage_refund (id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at) from stdin',
};

const MERGE = sql<never>('refund.merge_staged', `
  insert into sales.refund (id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at, revision)
  select s.id, s.order_id, s.payment_id, s.state, s.amount_minor, s.reason, s.provider, s.recorded_at, h.version + 1
    from stage_refund s join sales.order_header h on h.id = s.order_id order by s.id
  on conflict (id) do update
     set payment_id = excluded.payment_id, state = excluded.state, amount_minor = excluded.amount_minor, reason = excluded.reason,
         provider = excluded.provider, recorded_at = excluded.recorded_at, revision = excluded.revision`);

const RECKON = sql<OrderHeader>('order.reckon_refunds', `
  update sales.order_header h
     set version = h.version + 1, part_changes = h.part_changes + 1, refunded_minor = sums.refunded, updated_at = $2
    from (select o.id, coalesce(sum(r.amount_minor) filter (where r.state = 'settled'), 0) as refunded
            from unnest($1::uuid[]) as o (id) left join sales.refund r on r.order_id = o.id group by o.id) sums
   where h.id = sums.id
  returning h.id, h.version, h.part_changes, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

const REMOVE = sql<never>('refund.remove', `
  with names as (
    delete from sales.external_id where kind = 'refund' and subject_id = any ($1::uuid[])
  )
  delete from sales.refund where id = any ($1::uuid[])`);

/** Refunds as files tell them: what was given back was given back, whatever was paid. */
@Injectable()
export class ImportedRefunds {
  constructor(private readonly orders: ImportedOrders) {}

  known(tx: Tx, ids: readonly Id[]): Promise<StoredRefund[]> {
    return tx.query(KNOWN, [ids]);
  }

  /** Stores refunds that are new or differ, reckons their orders anew, and tells of each refund. */
  async write(tx: Tx, refunds: readonly ImportedRefund[]): Promise<void> {
    if (refunds.length === 0) return;
    await copyRows(tx, STAGE, refunds.map((refund) => [
      refund.id, refund.order_id, refund.payment_id, refund.state, refund.amount_minor, refund.reason, refund.provider, refund.recorded_at,
    ]));
    await tx.query(MERGE);
    const facts = await reckon(tx, refunds);
    for (const { id: refundId, order_id: orderId, state, amount_minor: amountMinor, recorded_at: recordedAt } of refunds) {
      const order = facts.get(orderId)!;
      tx.record(RefundRecorded.of(orderId, { order, refundId, state, amountMinor, recordedAt: recordedAt.toISOString() }, order.customerId));
      tx.audit({ action: 'refund.recorded', subjectType: 'order', subjectId: orderId, details: { refundId, state } });
    }
  }

  /** Takes refunds back; what their orders gave back follows. */
  async withdraw(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    const ids = records.map(({ id }) => id);
    await this.orders.locked(tx, [...new Set((await this.known(tx, ids)).map((refund) => refund.order_id))]);
    const stored = new Map((await this.known(tx, ids)).map((refund) => [refund.id, refund]));
    const versions = new Map([...stored.values()].map(({ id, revision }) => [recordKey({ id, part: 0 }), revision]));
    const { free, kept } = sortOut(records, versions, new Set());
    await tx.query(REMOVE, [free.map(({ id }) => id)]);
    const gone = free.map(({ id }) => stored.get(id)!);
    const facts = await reckon(tx, gone);
    for (const { id: refundId, order_id: orderId } of gone) {
      const order = facts.get(orderId)!;
      tx.record(RefundWithdrawn.of(orderId, { order, refundId }, order.customerId));
      tx.audit({ action: 'refund.withdrawn', subjectType: 'order', subjectId: orderId, details: { refundId } });
    }
    return { reverted: free.length, kept };
  }
}

async function reckon(tx: Tx, refunds: readonly ImportedRefund[]): Promise<Map<Id, OrderFacts>> {
  const orders = await tx.query(RECKON, [[...new Set(refunds.map((refund) => refund.order_id))], tx.startedAt]);
  return new Map(orders.map((order) => [order.id, factsOf(order)]));
}
