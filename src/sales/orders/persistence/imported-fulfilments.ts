import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import type { MadeRecord, RevertOutcome } from '../../../platform/transfer/import-definition.js';
import { recordKey, sortOut } from '../../../platform/transfer/take-back.js';
import { FulfilmentWithdrawn, type OrderFacts } from '../../contract/events.js';
import type { Fulfilment } from '../domain/shipments.js';
import { auditOf, eventOf } from './order-events.js';
import { factsOf, ImportedOrders, type OrderHeader } from './imported-orders.js';

/** A parcel as it is stored; its names are kept apart. */
export interface ImportedFulfilment extends Omit<Fulfilment, 'externalIds'> {
  readonly orderId: Id;
}

export interface StoredFulfilment extends ImportedFulfilment {
  /** The order's version that last changed it. */
  readonly revision: number;
}

/** Parcels of these orders, and whichever else have these ids. */
const KNOWN = sql<StoredFulfilment>('fulfilment.known', `
  select id, order_id as "orderId", state, lines, carrier, tracking_code as "trackingCode", recorded_at as "recordedAt", shipped_at as "shippedAt",
         delivered_at as "deliveredAt", revision
    from sales.fulfilment where order_id = any ($1::uuid[]) or id = any ($2::uuid[])`);

const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_fulfilment (id uuid, order_id uuid, state text, lines jsonb, carrier text, tracking_code text,
      recorded_at timestamptz, shipped_at timestamptz, delivered_at timestamptz) on commit delete rows;
    delete from stage_fulfilment`,
  copy: 'copy stage_fulfilment (id, order_id, state, lines, carrier, tracking_code, recorded_at, shipped_at, delivered_at) from stdin',
};

const MERGE = sql<never>('fulfilment.merge_staged', `
  insert into sales.fulfilment (id, order_id, state, lines, carrier, tracking_code, recorded_at, shipped_at, delivered_at, revision)
  select s.id, s.order_id, s.state, s.lines, s.carrier, s.tracking_code, s.recorded_at, s.shipped_at, s.delivered_at, h.version + 1
    from stage_fulfilment s join sales.order_header h on h.id = s.order_id order by s.id
  on conflict (id) do update
     set state = excluded.state, lines = excluded.lines, carrier = excluded.carrier, tracking_code = excluded.tracking_code,
         recorded_at = excluded.recorded_at, shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at,
         revision = excluded.revision`);

const RECKON_LINES = sql<never>('order_line.reckon_fulfilments', `
  update sales.order_line l
     set fulfilled_quantity = sums.fulfilled
    from (select l.order_id, l.number, coalesce(sum(sent.quantity), 0) as fulfilled
            from sales.order_line l
            left join (select f.order_id, s.number, s.quantity
                         from sales.fulfilment f, jsonb_to_recordset(f.lines) as s (number int, quantity int)
                        where f.order_id = any ($1::uuid[]) and f.state <> 'cancelled') sent
              on sent.order_id = l.order_id and sent.number = l.number
           where l.order_id = any ($1::uuid[]) group by l.order_id, l.number) sums
   where l.order_id = sums.order_id and l.number = sums.number and l.fulfilled_quantity <> sums.fulfilled`);

const TOUCH = sql<OrderHeader>('order.touch', `
  update sales.order_header h set version = h.version + 1, part_changes = h.part_changes + 1, updated_at = $2 where h.id = any ($1::uuid[])
  returning h.id, h.version, h.part_changes, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

const REMOVE = sql<never>('fulfilment.remove', `
  with names as (
    delete from sales.external_id where kind = 'fulfilment' and subject_id = any ($1::uuid[])
  )
  delete from sales.fulfilment where id = any ($1::uuid[])`);

/** Parcels as files tell them, whatever the order's state. */
@Injectable()
export class ImportedFulfilments {
  constructor(private readonly orders: ImportedOrders) {}

  known(tx: Tx, orderIds: readonly Id[], ids: readonly Id[]): Promise<StoredFulfilment[]> {
    return tx.query(KNOWN, [orderIds, ids]);
  }

  /** Stores parcels that are new or differ, counts what is fulfilled of each line anew, and tells of each parcel. */
  async write(tx: Tx, fulfilments: readonly ImportedFulfilment[]): Promise<void> {
    if (fulfilments.length === 0) return;
    await copyRows(tx, STAGE, fulfilments.map((fulfilment) => [
      fulfilment.id, fulfilment.orderId, fulfilment.state, JSON.stringify(fulfilment.lines), fulfilment.carrier, fulfilment.trackingCode,
      fulfilment.recordedAt, fulfilment.shippedAt, fulfilment.deliveredAt,
    ]));
    await tx.query(MERGE);
    const facts = await reckon(tx, fulfilments);
    for (const { orderId, ...parcel } of fulfilments) {
      const order = facts.get(orderId)!;
      const happening = { kind: 'fulfilment', fulfilment: { ...parcel, externalIds: [] } } as const;
      tx.record(eventOf(happening, order, tx.startedAt));
      tx.audit(auditOf(happening, order));
    }
  }

  /** Takes parcels back; what is fulfilled of the lines follows. */
  async withdraw(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    const ids = records.map(({ id }) => id);
    await this.orders.locked(tx, [...new Set((await this.known(tx, [], ids)).map(({ orderId }) => orderId))]);
    const stored = new Map((await this.known(tx, [], ids)).map((fulfilment) => [fulfilment.id, fulfilment]));
    const versions = new Map([...stored.values()].map(({ id, revision }) => [recordKey({ id, part: 0 }), revision]));
    const { free, kept } = sortOut(records, versions, new Set());
    await tx.query(REMOVE, [free.map(({ id }) => id)]);
    const gone = free.map(({ id }) => stored.get(id)!);
    const facts = await reckon(tx, gone);
    for (const { id: fulfilmentId, orderId } of gone) {
      const order = facts.get(orderId)!;
      tx.record(FulfilmentWithdrawn.of(orderId, { order, fulfilmentId }, order.customerId));
      tx.audit({ action: 'fulfilment.withdrawn', subjectType: 'order', subjectId: orderId, details: { fulfilmentId } });
    }
    return { reverted: free.length, kept };
  }
}

async function reckon(tx: Tx, fulfilments: readonly ImportedFulfilment[]): Promise<Map<Id, OrderFacts>> {
  const orderIds = [...new Set(fulfilments.map(({ orderId }) => orderId))];
  await tx.query(RECKON_LINES, [orderIds]);
  return new Map((await tx.query(TOUCH, [orderIds, tx.startedAt])).map((order) => [order.id, factsOf(order)]));
}
