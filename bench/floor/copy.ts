import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from } from 'pg-copy-streams';
import { numbers, type Span } from '../shop/files.js';
import type { Shop } from '../shop/shop.js';
import { customerRow, lineRows, purchaseRow, type Cell } from './rows.js';

const ROWS_PER_PIECE = 500;

/** COPY into the live table and its indexes, in one transaction. The rows are made before the clock starts, as the app's file is. */
async function copy(database: Client, into: string, rows: readonly (readonly Cell[])[]): Promise<number> {
  const pieces = Array.from({ length: Math.ceil(rows.length / ROWS_PER_PIECE) }, (_, piece) => rows.slice(piece * ROWS_PER_PIECE, (piece + 1) * ROWS_PER_PIECE).map(lineOf).join(''));
  const began = performance.now();
  await pipeline(Readable.from(pieces), database.query(from(`copy ${into} from stdin`)));
  return (performance.now() - began) / 1000;
}

/** @returns seconds */
export function copyCustomers(database: Client, shop: Shop, span: Span): Promise<number> {
  const columns = 'customer (id, name, gender, phone, email, country, province, city, tags, created_at, grams)';
  return copy(database, columns, numbers(span).map((n) => customerRow(shop.person(n))));
}

/** Orders with their lines. @returns seconds */
export async function copyPurchases(database: Client, shop: Shop, span: Span): Promise<number> {
  const purchases = numbers(span).map((n) => shop.purchase(n));
  const headers = await copy(database, 'purchase (id, customer_id, status, channel, total_minor, quantity, placed_at)', purchases.map(purchaseRow));
  return headers + (await copy(database, 'purchase_line (purchase_id, number, sku, name, quantity, unit_price_minor)', purchases.flatMap(lineRows)));
}

/** What the app's views add up from events. @returns seconds */
export async function sumUp(database: Client): Promise<number> {
  const began = performance.now();
  await database.query(`
    update customer c set order_count = t.orders, spent_minor = t.spent, last_order_at = t.last
      from (select customer_id, count(*) as orders, sum(total_minor) as spent, max(placed_at) as last from purchase where status <> 'cancelled' group by customer_id) t
     where c.id = t.customer_id and (c.order_count, c.spent_minor, c.last_order_at) is distinct from (t.orders, t.spent, t.last)`);
  return (performance.now() - began) / 1000;
}

function lineOf(row: readonly Cell[]): string {
  return `${row.map(textOf).join('\t')}\n`;
}

/** COPY's text format; the words of the shop hold no backslash, tab or quote. */
function textOf(value: Cell): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return `{${value.map((each) => `"${each}"`).join(',')}}`;
  return String(value);
}
