import type { Id } from '../../../kernel/id.js';
import { sql } from '../../../platform/database/statement.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { FulfilmentState } from '../domain/fulfilment-state.js';
import type { OrderLine } from '../domain/order-record.js';
import type { OrderState } from '../domain/order-state.js';
import type { PaymentState } from '../domain/payment-state.js';
import type { RefundState } from '../domain/refund-state.js';
import type { FulfilledLine } from '../domain/shipments.js';

/** Instants in the lists are texts, since they come as JSON. */
export interface LoadedOrder {
  readonly id: Id;
  readonly version: number;
  readonly number: string;
  readonly customer_id: Id;
  readonly status: OrderState;
  readonly source_status: string | null;
  readonly channel: string | null;
  readonly currency: string;
  readonly cancel_reason: string | null;
  readonly placed_at: Date;
  readonly created_at: Date;
  readonly external_ids: readonly ExternalReference[];
  readonly lines: readonly OrderLine[];
  readonly payments: readonly {
    readonly id: Id; readonly sequence: number; readonly method: string; readonly state: PaymentState; readonly amountMinor: number; readonly capturedMinor: number;
    readonly installments: number | null; readonly provider: string | null; readonly recordedAt: string; readonly externalIds: readonly ExternalReference[];
  }[];
  readonly refunds: readonly {
    readonly id: Id; readonly paymentId: Id | null; readonly state: RefundState; readonly amountMinor: number; readonly reason: string | null;
    readonly provider: string | null; readonly recordedAt: string; readonly externalIds: readonly ExternalReference[];
  }[];
  readonly fulfilments: readonly {
    readonly id: Id; readonly state: FulfilmentState; readonly lines: readonly FulfilledLine[]; readonly carrier: string | null; readonly trackingCode: string | null;
    readonly recordedAt: string; readonly shippedAt: string | null; readonly deliveredAt: string | null; readonly externalIds: readonly ExternalReference[];
  }[];
}

/**
 * The whole order in one statement. A line that names a SKU but no product is linked to the product of that SKU.
 * Gives what only the database knows: the number, and the lines' products in order of their numbers.
 */
export const PLACE = sql<{ number: string; product_ids: (Id | null)[] }>('order.place', `
  with header as (
    insert into sales.order_header (id, version, number, customer_id, status, source_status, channel, currency, quantity, subtotal_minor,
      discount_minor, tax_minor, shipping_minor, total_minor, placed_at, created_at, updated_at)
    values ($1, 1, 'SO-' || nextval('sales.order_number'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
    returning number
  ), line as (
    insert into sales.order_line (order_id, number, product_id, sku, name, quantity, unit_price_minor, discount_minor, tax_minor, shipping_minor, total_minor)
    select $1, l.number, coalesce(l.product_id, p.id), l.sku, l.name, l.quantity, l.unit_price, l.discount, l.tax, l.shipping, l.total
      from unnest($15::int[], $16::uuid[], $17::text[], $18::text[], $19::int[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[])
        as l (number, product_id, sku, name, quantity, unit_price, discount, tax, shipping, total)
      left join sales.product p on l.product_id is null and p.sku = l.sku
    returning number, product_id
  ), named as (
    insert into sales.external_id (kind, system, id, subject_id)
    select 'order', system, id, $1 from unnest($25::text[], $26::text[]) as r (system, id)
  )
  select header.number, (select array_agg(line.product_id order by line.number) from line) as product_ids from header`);

export const LOCK = sql<{ id: Id }>('order.lock', 'select id from sales.order_header where id = $1 for update');

export const LOCK_BY_PAYMENT = sql<{ id: Id }>('order.lock_by_payment', `
  select o.id from sales.payment p join sales.order_header o on o.id = p.order_id where p.id = $1 for update of o`);

export const LOCK_BY_REFUND = sql<{ id: Id }>('order.lock_by_refund', `
  select o.id from sales.refund r join sales.order_header o on o.id = r.order_id where r.id = $1 for update of o`);

export const LOCK_BY_FULFILMENT = sql<{ id: Id }>('order.lock_by_fulfilment', `
  select o.id from sales.fulfilment f join sales.order_header o on o.id = f.order_id where f.id = $1 for update of o`);

/** After the lock, in a statement of its own: one that waits for a lock still sees the rows of before it waited. */
export const LOAD = sql<LoadedOrder>('order.load', `
  select h.id, h.version, h.number, h.customer_id, h.status, h.source_status, h.channel, h.currency, h.cancel_reason, h.placed_at, h.created_at,
    (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
       select system, id from sales.external_id where subject_id = h.id) e) as external_ids,
    (select coalesce(json_agg(row_to_json(l) order by l.number), '[]') from (
       select number, product_id as "productId", sku, name, quantity, unit_price_minor as "unitPriceMinor", discount_minor as "discountMinor",
              tax_minor as "taxMinor", shipping_minor as "shippingMinor", total_minor as "totalMinor", cancelled_quantity as "cancelledQuantity"
         from sales.order_line where order_id = h.id) l) as lines,
    (select coalesce(json_agg(row_to_json(p) order by p.sequence), '[]') from (
       select id, sequence, method, state, amount_minor as "amountMinor", captured_minor as "capturedMinor", installments, provider,
              recorded_at as "recordedAt",
              (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
                 select x.system, x.id from sales.external_id x where x.subject_id = payment.id) e) as "externalIds"
         from sales.payment where order_id = h.id) p) as payments,
    (select coalesce(json_agg(row_to_json(r) order by r.id), '[]') from (
       select id, payment_id as "paymentId", state, amount_minor as "amountMinor", reason, provider, recorded_at as "recordedAt",
              (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
                 select x.system, x.id from sales.external_id x where x.subject_id = refund.id) e) as "externalIds"
         from sales.refund where order_id = h.id) r) as refunds,
    (select coalesce(json_agg(row_to_json(f) order by f.id), '[]') from (
       select id, state, lines, carrier, tracking_code as "trackingCode", recorded_at as "recordedAt", shipped_at as "shippedAt", delivered_at as "deliveredAt",
              (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
                 select x.system, x.id from sales.external_id x where x.subject_id = fulfilment.id) e) as "externalIds"
         from sales.fulfilment where order_id = h.id) f) as fulfilments
    from sales.order_header h where h.id = $1`);

/**
 * Everything that changed in one statement; nothing is written where the version is no longer $2. Lines are replaced as a
 * whole where they are given ($17 is null otherwise).
 */
export const SAVE = sql<{ id: Id }>('order.save', `
  with header as (
    update sales.order_header
       set version = version + 1, status = $3, source_status = $4, channel = $5, placed_at = $6, cancel_reason = $7, quantity = $8,
           subtotal_minor = $9, discount_minor = $10, tax_minor = $11, shipping_minor = $12, total_minor = $13,
           paid_minor = $14, authorized_minor = $15, refunded_minor = $16, updated_at = $18
     where id = $1 and version = $2
    returning id
  ), given as (
    select l.* from header, jsonb_to_recordset($17::jsonb) as l (number int, "productId" uuid, sku text, name text, quantity int, "unitPriceMinor" bigint,
      "discountMinor" bigint, "taxMinor" bigint, "shippingMinor" bigint, "totalMinor" bigint, "fulfilledQuantity" int, "cancelledQuantity" int)
  ), line as (
    insert into sales.order_line (order_id, number, product_id, sku, name, quantity, unit_price_minor, discount_minor, tax_minor, shipping_minor,
      total_minor, fulfilled_quantity, cancelled_quantity, revision)
    select $1, l.number, coalesce(l."productId", p.id), l.sku, l.name, l.quantity, l."unitPriceMinor", l."discountMinor", l."taxMinor", l."shippingMinor",
           l."totalMinor", l."fulfilledQuantity", l."cancelledQuantity", $2 + 1
      from given l left join sales.product p on l."productId" is null and p.sku = l.sku
    on conflict (order_id, number) do update
       set product_id = excluded.product_id, sku = excluded.sku, name = excluded.name, quantity = excluded.quantity,
           unit_price_minor = excluded.unit_price_minor, discount_minor = excluded.discount_minor, tax_minor = excluded.tax_minor,
           shipping_minor = excluded.shipping_minor, total_minor = excluded.total_minor, fulfilled_quantity = excluded.fulfilled_quantity,
           cancelled_quantity = excluded.cancelled_quantity, revision = excluded.revision
     where (order_line.product_id, order_line.sku, order_line.name, order_line.quantity, order_line.unit_price_minor, order_line.discount_minor, order_line.tax_minor,
            order_line.shipping_minor, order_line.total_minor, order_line.fulfilled_quantity, order_line.cancelled_quantity)
        is distinct from (excluded.product_id, excluded.sku, excluded.name, excluded.quantity, excluded.unit_price_minor, excluded.discount_minor, excluded.tax_minor,
            excluded.shipping_minor, excluded.total_minor, excluded.fulfilled_quantity, excluded.cancelled_quantity)
  ), gone as (
    delete from sales.order_line l using header
     where l.order_id = header.id and $17::jsonb is not null and not exists (select from given g where g.number = l.number)
  ), payment as (
    insert into sales.payment (id, order_id, sequence, method, state, amount_minor, captured_minor, installments, provider, recorded_at, revision)
    select p.id, $1, p.sequence, p.method, p.state, p."amountMinor", p."capturedMinor", p.installments, p.provider, p."recordedAt", $2 + 1
      from header, jsonb_to_recordset($19::jsonb) as p (id uuid, sequence int, method text, state text, "amountMinor" bigint, "capturedMinor" bigint,
        installments int, provider text, "recordedAt" timestamptz)
    on conflict (id) do update set state = excluded.state, captured_minor = excluded.captured_minor, recorded_at = excluded.recorded_at, revision = excluded.revision
  ), refund as (
    insert into sales.refund (id, order_id, payment_id, state, amount_minor, reason, provider, recorded_at, revision)
    select r.id, $1, r."paymentId", r.state, r."amountMinor", r.reason, r.provider, r."recordedAt", $2 + 1
      from header, jsonb_to_recordset($20::jsonb) as r (id uuid, "paymentId" uuid, state text, "amountMinor" bigint, reason text, provider text, "recordedAt" timestamptz)
    on conflict (id) do update set state = excluded.state, recorded_at = excluded.recorded_at, revision = excluded.revision
  ), fulfilment as (
    insert into sales.fulfilment (id, order_id, state, lines, carrier, tracking_code, recorded_at, shipped_at, delivered_at, revision)
    select f.id, $1, f.state, f.lines, f.carrier, f."trackingCode", f."recordedAt", f."shippedAt", f."deliveredAt", $2 + 1
      from header, jsonb_to_recordset($21::jsonb) as f (id uuid, state text, lines jsonb, carrier text, "trackingCode" text, "recordedAt" timestamptz,
        "shippedAt" timestamptz, "deliveredAt" timestamptz)
    on conflict (id) do update set state = excluded.state, shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at, revision = excluded.revision
  ), named as (
    insert into sales.external_id (kind, system, id, subject_id)
    select n.kind, n.system, n.id, n."subjectId" from header, jsonb_to_recordset($22::jsonb) as n (kind text, system text, id text, "subjectId" uuid)
     where not exists (select from sales.external_id e where e.kind = n.kind and e.system = n.system and e.id = n.id and e.subject_id = n."subjectId")
  )
  select id from header`);
