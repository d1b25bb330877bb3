import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import type { Fulfilment } from '../domain/shipments.js';
import { auditOf, eventOf } from './order-events.js';
import { factsOf, type OrderHeader } from './imported-orders.js';

/** A parcel as it is stored; its names are kept apart. */
export interface ImportedFulfilment extends Omit<Fulfilment, 'externalIds'> {
  readonly orderId: Id;
}

/** Parcels of these orders, and whichever else have these ids. */
const KNOWN = sql<ImportedFulfilment>('fulfilment.known', `
  select id, order_id as "orderId", state, lines, carrier, tracking_code as "trackingCode", recorded_at as "recordedAt", shipped_at as "shippedAt",
         delivered_at as "deliveredAt"
    from sales.fulfilment where order_id = any ($1::uuid[]) or id = any ($2::uuid[])`);

const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_fulfilment (id uuid, order_id uuid, state text, lines jsonb, carrier text, tracking_code text,
      recorded_at timestamptz, shipped_at timestamptz, delivered_at timestamptz) on commit delete rows;
    delete from stage_fulfilment`,
  copy: 'copy stage_fulfilment (id, order_id, state, lines, carrier, tracking_code, recorded_at, shipped_at, delivered_at) from stdin',
};

const MERGE = sql<never>('fulfilment.merge_staged', `
  insert into sales.fulfilment (id, order_id, state, lines, carrier, tracking_code, recorded_at, shipped_at, delivered_at)
  select id, order_id, state, lines, carrier, tracking_code, recorded_at, shipped_at, delivered_at from stage_fulfilment order by id
  on conflict (id) do update
     set state = excluded.state, lines = excluded.lines, carrier = excluded.carrier, tracking_code = excluded.tracking_code,
         recorded_at = excluded.recorded_at, shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at`);

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
  update sales.order_header h set version = h.version + 1, updated_at = $2 where h.id = any ($1::uuid[])
  returning h.id, h.version, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

/** Parcels as files tell them, whatever the order's state. */
@Injectable()
export class ImportedFulfilments {
  known(tx: Tx, orderIds: readonly Id[], ids: readonly Id[]): Promise<ImportedFulfilment[]> {
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
    const orderIds = [...new Set(fulfilments.map(({ orderId }) => orderId))];
    await tx.query(RECKON_LINES, [orderIds]);
    const facts = new Map((await tx.query(TOUCH, [orderIds, tx.startedAt])).map((order) => [order.id, factsOf(order)]));
    for (const { orderId, ...parcel } of fulfilments) {
      const order = facts.get(orderId)!;
      const happening = { kind: 'fulfilment', fulfilment: { ...parcel, externalIds: [] } } as const;
      tx.record(eventOf(happening, order, tx.startedAt));
      tx.audit(auditOf(happening, order));
    }
  }
}
