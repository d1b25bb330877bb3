import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { MeasuredRecord, Measure } from '../../../platform/transfer/import-definition.js';

const ORDERS = sql<Measure>('order.measure', `
  select case when r.dated then to_char(h.placed_at at time zone $4, 'YYYY-MM') end as month, h.currency, count(*)::int as records,
         (sum(h.total_minor) filter (where r.priced))::text as minor
    from unnest($1::uuid[], $2::boolean[], $3::boolean[]) as r (id, dated, priced) join sales.order_header h on h.id = r.id
   group by 1, 2`);

const LINES = sql<Measure>('order_line.measure', `
  select null as month, h.currency, count(*)::int as records, sum(l.total_minor)::text as minor
    from unnest($1::uuid[], $2::int[]) as r (id, number)
    join sales.order_line l on l.order_id = r.id and l.number = r.number
    join sales.order_header h on h.id = r.id
   group by 2`);

const PAYMENTS = sql<Measure>('payment.measure', `
  select case when r.dated then to_char(p.recorded_at at time zone $3, 'YYYY-MM') end as month, h.currency, count(*)::int as records,
         (sum(p.amount_minor) filter (where r.priced))::text as minor
    from unnest($1::uuid[], $2::boolean[], $4::boolean[]) as r (id, dated, priced)
    join sales.payment p on p.id = r.id
    join sales.order_header h on h.id = p.order_id
   group by 1, 2`);

const REFUNDS = sql<Measure>('refund.measure', `
  select case when r.dated then to_char(b.recorded_at at time zone $3, 'YYYY-MM') end as month, h.currency, count(*)::int as records,
         (sum(b.amount_minor) filter (where r.priced))::text as minor
    from unnest($1::uuid[], $2::boolean[], $4::boolean[]) as r (id, dated, priced)
    join sales.refund b on b.id = r.id
    join sales.order_header h on h.id = b.order_id
   group by 1, 2`);

const FULFILMENTS = sql<Measure>('fulfilment.measure', `
  select case when r.dated then to_char(f.recorded_at at time zone $3, 'YYYY-MM') end as month, null as currency, count(*)::int as records, null as minor
    from unnest($1::uuid[], $2::boolean[]) as r (id, dated) join sales.fulfilment f on f.id = r.id
   group by 1`);

/** What is stored of these orders: when they were placed and what their lines sum to. */
export function measureOrders(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<Measure[]> {
  return from.query(ORDERS, [records.map(({ id }) => id), records.map(({ dated }) => dated), records.map(({ priced }) => priced), timeZone]);
}

/** As `measureOrders`; a line has no date of its own. */
export function measureOrderLines(from: Sql, records: readonly MeasuredRecord[]): Promise<Measure[]> {
  return from.query(LINES, [records.map(({ id }) => id), records.map(({ part }) => part)]);
}

/** As `measureOrders`: when payments were recorded, and their amounts whether captured or not. */
export function measurePayments(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<Measure[]> {
  return from.query(PAYMENTS, [records.map(({ id }) => id), records.map(({ dated }) => dated), timeZone, records.map(({ priced }) => priced)]);
}

/** As `measurePayments`, whether the money was given back by now or not. */
export function measureRefunds(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<Measure[]> {
  return from.query(REFUNDS, [records.map(({ id }) => id), records.map(({ dated }) => dated), timeZone, records.map(({ priced }) => priced)]);
}

/** As `measureOrders`: when parcels were put together; they have no price. */
export function measureFulfilments(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<Measure[]> {
  return from.query(FULFILMENTS, [records.map(({ id }) => id), records.map(({ dated }) => dated), timeZone]);
}
