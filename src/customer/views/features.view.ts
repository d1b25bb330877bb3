import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../../kernel/event.js';
import type { Id } from '../../kernel/id.js';
import { AppConfig } from '../../platform/config/config.js';
import { sql } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';
import type { EventHandler } from '../../platform/events/consumers.js';
import { cutAtReturns } from '../../platform/events/cut-at-returns.js';
import { orderEvents, OrderWithdrawn, type OrderFacts } from '../../sales/contract/events.js';
import { CustomerRegistered } from '../contract/events.js';
import { isPurchase } from '../domain/purchase.js';

/** Keeps each order's latest fact; gives whose it was before, null if it is new. */
const KEEP = sql<{ owner: Id | null }>('customer.keep_purchases', `
  insert into customer.purchase as p (order_id, revision, customer_id, status, counted, currency, total_minor, paid_minor, refunded_minor, quantity, channel, placed_at)
  select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::boolean[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::int[], $11::text[], $12::timestamptz[])
  on conflict (order_id) do update
    set revision = excluded.revision, customer_id = excluded.customer_id, status = excluded.status, counted = excluded.counted, currency = excluded.currency,
        total_minor = excluded.total_minor, paid_minor = excluded.paid_minor, refunded_minor = excluded.refunded_minor, quantity = excluded.quantity,
        channel = excluded.channel, placed_at = excluded.placed_at
    where p.revision < excluded.revision
  returning old.customer_id as owner`);

const DROP = sql<{ owner: Id }>('customer.drop_purchases', `
  delete from customer.purchase where order_id = any($1::uuid[]) returning customer_id as owner`);

/**
 * In the order of their ids, like everywhere else that locks several. A statement of its own, so that the sums after it see what
 * whoever held a lock has committed: an order that moves from one customer to another is heard in two lanes.
 */
const LOCK = sql<never>('customer.lock_features', `
  select from customer.features where customer_id = any($1::uuid[]) order by customer_id for update`);

/** Sums the purchases of these customers anew. */
const TOTAL = sql<never>('customer.total_purchases', `
  with listed as (
    select customer_id from customer.features where customer_id = any($1::uuid[])
  ), by_currency as (
    select p.customer_id, p.currency, count(*) as orders, sum(p.total_minor)::bigint as spent, sum(p.refunded_minor)::bigint as refunded,
           min(p.placed_at) as first_at, max(p.placed_at) as last_at
      from customer.purchase p
     where p.customer_id in (select customer_id from listed) and p.counted
     group by p.customer_id, p.currency
  ), totals as (
    select l.customer_id,
           coalesce(sum(b.orders), 0)::int as orders,
           coalesce(sum(b.spent) filter (where b.currency = $2), 0)::bigint as spent,
           coalesce(sum(b.refunded) filter (where b.currency = $2), 0)::bigint as refunded,
           coalesce(jsonb_agg(jsonb_build_object(
             'orderCount', b.orders,
             'totalSpent', jsonb_build_object('amount', platform.amount(b.spent, b.currency), 'currency', b.currency),
             'totalRefunded', jsonb_build_object('amount', platform.amount(b.refunded, b.currency), 'currency', b.currency)) order by b.currency)
             filter (where b.currency <> $2), '[]') as others,
           min(b.first_at) as first_at, coalesce(max(b.last_at), '-infinity') as last_at
      from listed l left join by_currency b on b.customer_id = l.customer_id
     group by l.customer_id
  )
  update customer.features f
     set order_count = t.orders, currency = $2, spent_minor = t.spent, refunded_minor = t.refunded, other_totals = t.others,
         first_order_at = t.first_at, last_order_at = t.last_at,
         mean_interval_days = case when t.orders > 1 then extract(epoch from t.last_at - t.first_at) / 86400.0 / (t.orders - 1) end
    from totals t
   where f.customer_id = t.customer_id
     and (f.order_count, f.currency, f.spent_minor, f.refunded_minor, f.other_totals, f.first_order_at, f.last_order_at)
         is distinct from (t.orders, $2, t.spent, t.refunded, t.others, t.first_at, t.last_at)`);

/**
 * Folds what sales tells about orders into each customer's totals. Facts are kept by order and revision and the totals are sums over
 * them, so that hearing an event again, late or out of order ends the same. Orders of people not yet known are kept, and
 * counted once their registration is heard.
 */
@Injectable()
export class FeaturesView implements EventHandler {
  constructor(private readonly config: AppConfig) {}

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const part of cutAtReturns(events, withdrawnBy, standingIn)) await this.keep(tx, part);
  }

  private async keep(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const withdrawn = new Set(events.filter((event) => OrderWithdrawn.is(event)).map(({ payload }) => payload.order.orderId));
    const latest = latestOfEachOrder(events).filter(({ orderId }) => !withdrawn.has(orderId));
    const touched = new Set<Id>();
    for (const order of latest) touched.add(order.customerId);
    for (const event of events) if (CustomerRegistered.is(event)) touched.add(event.payload.customerId);
    for (const { owner } of await tx.query(KEEP, columnsOf(latest))) if (owner !== null) touched.add(owner);
    if (withdrawn.size > 0) for (const { owner } of await tx.query(DROP, [[...withdrawn]])) touched.add(owner);
    await tx.query(LOCK, [[...touched]]);
    await tx.query(TOTAL, [[...touched], this.config.currency]);
  }
}

function withdrawnBy(event: RecordedEvent): Id | undefined {
  return OrderWithdrawn.is(event) ? event.payload.order.orderId : undefined;
}

function standingIn(event: RecordedEvent): Id[] {
  return OrderWithdrawn.is(event) || CustomerRegistered.is(event) ? [] : [(event.payload as { readonly order: OrderFacts }).order.orderId];
}

/** In the order of their ids, for the two lanes that may hear of one order. */
function latestOfEachOrder(events: readonly RecordedEvent[]): OrderFacts[] {
  const latest = new Map<Id, OrderFacts>();
  for (const event of events) {
    for (const type of orderEvents) {
      if (!type.is(event)) continue;
      const { order } = event.payload as { readonly order: OrderFacts };
      const known = latest.get(order.orderId);
      if (!known || known.revision < order.revision) latest.set(order.orderId, order);
    }
  }
  return [...latest.values()].sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
}

function columnsOf(orders: readonly OrderFacts[]): unknown[] {
  return [
    orders.map((order) => order.orderId),
    orders.map((order) => order.revision),
    orders.map((order) => order.customerId),
    orders.map((order) => order.status),
    orders.map((order) => isPurchase(order.status)),
    orders.map((order) => order.currency),
    orders.map((order) => order.totalMinor),
    orders.map((order) => order.paidMinor),
    orders.map((order) => order.refundedMinor),
    orders.map((order) => order.quantity),
    orders.map((order) => order.channel),
    orders.map((order) => order.placedAt),
  ];
}
