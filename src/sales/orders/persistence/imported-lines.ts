import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import type { MadeRecord, RevertOutcome } from '../../../platform/transfer/import-definition.js';
import { inSlices } from '../../../platform/transfer/in-slices.js';
import { recordKey, sortOut } from '../../../platform/transfer/take-back.js';
import { OrderChanged } from '../../contract/events.js';
import { factsOf, ImportedOrders, type OrderHeader } from './imported-orders.js';

export interface ImportedLine {
  readonly order_id: Id;
  readonly number: number;
  readonly product_id: Id | null;
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price_minor: number;
  readonly discount_minor: number;
  readonly tax_minor: number;
  readonly shipping_minor: number;
  readonly total_minor: number;
  readonly cancelled_quantity: number;
}

/** A line as it is stored, with the units in fulfilments that stand. */
export interface StoredLine extends ImportedLine {
  readonly fulfilled_quantity: number;
  /** The order's version that last changed it. */
  readonly revision: number;
}

const OF_ORDERS = sql<StoredLine>('order_line.of_orders', `
  select order_id, number, product_id, sku, name, quantity, unit_price_minor, discount_minor, tax_minor, shipping_minor, total_minor,
         cancelled_quantity, fulfilled_quantity, revision
    from sales.order_line where order_id = any ($1::uuid[])`);

const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_order_line (order_id uuid, number int, product_id uuid, sku text, name text, quantity int, unit_price_minor bigint,
      discount_minor bigint, tax_minor bigint, shipping_minor bigint, total_minor bigint, cancelled_quantity int) on commit delete rows;
    delete from stage_order_line`,
  copy: `copy stage_order_line (order_id, number, product_id, sku, name, quantity, unit_price_minor, discount_minor, tax_minor, shipping_minor, total_minor, cancelled_quantity) from stdin`,
};

const MERGE = sql<never>('order_line.merge_staged', `
  insert into sales.order_line (order_id, number, product_id, sku, name, quantity, unit_price_minor, discount_minor, tax_minor, shipping_minor, total_minor,
    cancelled_quantity, revision)
  select s.order_id, s.number, s.product_id, s.sku, s.name, s.quantity, s.unit_price_minor, s.discount_minor, s.tax_minor, s.shipping_minor, s.total_minor,
         s.cancelled_quantity, h.version + 1
    from stage_order_line s join sales.order_header h on h.id = s.order_id order by s.order_id, s.number
  on conflict (order_id, number) do update
     set product_id = excluded.product_id, sku = excluded.sku, name = excluded.name, quantity = excluded.quantity, unit_price_minor = excluded.unit_price_minor,
         discount_minor = excluded.discount_minor, tax_minor = excluded.tax_minor, shipping_minor = excluded.shipping_minor, total_minor = excluded.total_minor,
         cancelled_quantity = excluded.cancelled_quantity, revision = excluded.revision`);

const RECKON = sql<OrderHeader>('order.reckon_lines', `
  update sales.order_header h
     set version = h.version + 1, part_changes = h.part_changes + 1, quantity = sums.quantity, subtotal_minor = sums.subtotal, discount_minor = sums.discount, tax_minor = sums.tax,
         shipping_minor = sums.shipping, total_minor = sums.total, updated_at = $2
    from (select o.id, coalesce(sum(l.quantity), 0) as quantity, coalesce(sum(l.quantity * l.unit_price_minor), 0) as subtotal,
                 coalesce(sum(l.discount_minor), 0) as discount, coalesce(sum(l.tax_minor), 0) as tax, coalesce(sum(l.shipping_minor), 0) as shipping,
                 coalesce(sum(l.total_minor), 0) as total
            from unnest($1::uuid[]) as o (id) left join sales.order_line l on l.order_id = o.id group by o.id) sums
   where h.id = sums.id
  returning h.id, h.version, h.part_changes, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

const SENT = sql<{ order_id: Id; number: number }>('order_line.sent', `
  select f.order_id, (line ->> 'number')::int as number from sales.fulfilment f, jsonb_array_elements(f.lines) as line where f.order_id = any ($1::uuid[])`);

const REMOVE = sql<never>('order_line.remove', `
  delete from sales.order_line l using unnest($1::uuid[], $2::int[]) as gone (order_id, number) where l.order_id = gone.order_id and l.number = gone.number`);

/** Order lines as files tell them. As a record of an import, a line is its order's id with its number. */
@Injectable()
export class ImportedLines {
  constructor(private readonly orders: ImportedOrders) {}

  ofOrders(tx: Tx, orderIds: readonly Id[]): Promise<StoredLine[]> {
    return tx.query(OF_ORDERS, [orderIds]);
  }

  /** Stores lines that are new or differ, reckons their orders anew, and tells of each order. */
  async write(tx: Tx, lines: readonly ImportedLine[]): Promise<void> {
    if (lines.length === 0) return;
    await copyRows(tx, STAGE, lines.map((line) => [
      line.order_id, line.number, line.product_id, line.sku, line.name, line.quantity, line.unit_price_minor, line.discount_minor, line.tax_minor, line.shipping_minor, line.total_minor,
      line.cancelled_quantity,
    ]));
    await tx.query(MERGE);
    await this.reckon(tx, lines.map((line) => line.order_id));
  }

  /** Takes lines back that no fulfilment has sent; the totals of their orders follow. */
  async withdraw(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    const orderIds = [...new Set(records.map(({ id }) => id))];
    await this.orders.locked(tx, orderIds);
    const stored = await this.ofOrders(tx, orderIds);
    const sent = await tx.query(SENT, [orderIds]);
    const key = (line: { readonly order_id: Id; readonly number: number }): string => recordKey({ id: line.order_id, part: line.number });
    const { free, kept } = sortOut(records, new Map(stored.map((line) => [key(line), line.revision])), new Set(sent.map(key)));
    await tx.query(REMOVE, [free.map(({ id }) => id), free.map(({ part }) => part)]);
    await this.reckon(tx, free.map(({ id }) => id));
    return { reverted: free.length, kept };
  }

  private async reckon(tx: Tx, orderIds: readonly Id[]): Promise<void> {
    const reckoned = await tx.query(RECKON, [[...new Set(orderIds)], tx.startedAt]);
    await inSlices(reckoned, (order) => {
      tx.record(OrderChanged.of(order.id, { order: factsOf(order), from: order.status }, order.customer_id));
      tx.audit({ action: 'order.changed', subjectType: 'order', subjectId: order.id, fields: ['lines'] });
    });
  }
}
