import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import { OrderChanged } from '../../contract/events.js';
import { factsOf, type OrderHeader } from './imported-orders.js';

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
}

const OF_ORDERS = sql<StoredLine>('order_line.of_orders', `
  select order_id, number, product_id, sku, name, quantity, unit_price_minor, discount_minor, tax_minor, shipping_minor, total_minor,
         cancelled_quantity, fulfilled_quantity
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
    cancelled_quantity)
  select order_id, number, product_id, sku, name, quantity, unit_price_minor, discount_minor, tax_minor, shipping_minor, total_minor, cancelled_quantity
    from stage_order_line order by order_id, number
  on conflict (order_id, number) do update
     set product_id = excluded.product_id, sku = excluded.sku, name = excluded.name, quantity = excluded.quantity, unit_price_minor = excluded.unit_price_minor,
         discount_minor = excluded.discount_minor, tax_minor = excluded.tax_minor, shipping_minor = excluded.shipping_minor, total_minor = excluded.total_minor,
         cancelled_quantity = excluded.cancelled_quantity`);

const RECKON = sql<OrderHeader>('order.reckon_lines', `
  update sales.order_header h
     set version = h.version + 1, quantity = sums.quantity, subtotal_minor = sums.subtotal, discount_minor = sums.discount, tax_minor = sums.tax,
         shipping_minor = sums.shipping, total_minor = sums.total, updated_at = $2
    from (select order_id, sum(quantity) as quantity, sum(quantity * unit_price_minor) as subtotal, sum(discount_minor) as discount, sum(tax_minor) as tax,
                 sum(shipping_minor) as shipping, sum(total_minor) as total
            from sales.order_line where order_id = any ($1::uuid[]) group by order_id) sums
   where h.id = sums.order_id
  returning h.id, h.version, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.quantity, h.total_minor, h.paid_minor, h.refunded_minor, h.cancel_reason, h.placed_at`);

/** Order lines as files tell them. */
@Injectable()
export class ImportedLines {
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
    for (const order of await tx.query(RECKON, [[...new Set(lines.map((line) => line.order_id))], tx.startedAt])) {
      tx.record(OrderChanged.of(order.id, { order: factsOf(order), from: order.status }, order.customer_id));
      tx.audit({ action: 'order.changed', subjectType: 'order', subjectId: order.id, fields: ['lines'] });
    }
  }
}
