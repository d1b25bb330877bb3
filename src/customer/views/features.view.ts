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

/**
 * Keeps each order's latest fact and adds what it changes to its customer's totals. The difference is between the row written and the very
 * row it replaces, so nothing is added twice. Gives the customers whose totals have to be summed instead: of orders that went, that moved
 * in time or to somebody else, that are in another currency, and of those heard again, so that a replay mends what is wrong.
 */
const KEEP = sql<{ customer_id: Id }>('customer.keep_purchases', `
  with told as (
    select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::boolean[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::int[], $11::text[], $12::timestamptz[])
      as told (order_id, revision, customer_id, status, counted, currency, total_minor, paid_minor, refunded_minor, quantity, channel, placed_at)
  ), kept as (
    insert into customer.purchase as p (order_id, revision, customer_id, status, counted, currency, total_minor, paid_minor, refunded_minor, quantity, channel, placed_at)
    select * from told
    on conflict (order_id) do update
      set revision = excluded.revision, customer_id = excluded.customer_id, status = excluded.status, counted = excluded.counted, currency = excluded.currency,
          total_minor = excluded.total_minor, paid_minor = excluded.paid_minor, refunded_minor = excluded.refunded_minor, quantity = excluded.quantity,
          channel = excluded.channel, placed_at = excluded.placed_at
      where p.revision < excluded.revision
    returning new.order_id, new.customer_id, old.customer_id as former_customer_id, new.placed_at,
      case when old.counted then 0 else 1 end as orders,
      new.total_minor - case when old.counted then old.total_minor else 0 end as spent,
      new.refunded_minor - case when old.counted then old.refunded_minor else 0 end as refunded,
      (old.counted or new.counted) and (old.counted, old.customer_id, old.currency, old.total_minor, old.refunded_minor, old.placed_at)
        is distinct from (new.counted, new.customer_id, new.currency, new.total_minor, new.refunded_minor, new.placed_at) as matters,
      new.counted and new.currency = $13
        and (old.counted is not true or (old.customer_id, old.currency, old.placed_at) = (new.customer_id, new.currency, new.placed_at)) as adds
  ), added as (
    update customer.features f
       set order_count = f.order_count + more.orders, spent_minor = f.spent_minor + more.spent, refunded_minor = f.refunded_minor + more.refunded,
           first_order_at = least(f.first_order_at, more.first_at), last_order_at = greatest(f.last_order_at, more.last_at),
           mean_interval_days = case when f.order_count + more.orders > 1 then
             extract(epoch from greatest(f.last_order_at, more.last_at) - least(f.first_order_at, more.first_at)) / 86400.0 / (f.order_count + more.orders - 1) end
      from (select customer_id, sum(orders)::int as orders, sum(spent)::bigint as spent, sum(refunded)::bigint as refunded, min(placed_at) as first_at, max(placed_at) as last_at
              from kept where matters and adds group by customer_id order by customer_id) as more
     where f.customer_id = more.customer_id and f.currency = $13
    returning f.customer_id
  )
  select customer_id from kept where matters and not (adds and customer_id in (select customer_id from added))
  union
  select former_customer_id from kept where matters and former_customer_id <> customer_id
  union
  select customer_id from told where order_id not in (select order_id from kept)`);

const DROP = sql<{ owner: Id }>('customer.drop_purchases', `
  delete from customer.purchase where order_id = any($1::uuid[]) returning customer_id as owner`);

/**
 * In the order of their ids, like everywhere else that locks several. A statement of its own, so that the sums after it see what
 * whoever held a lock has committed: an order that moves from one customer to another is heard in two lanes.
 */
const LOCK = sql<never>('customer.lock_features', `
  select from customer.features where customer_id = any($1::uuid[]) order by customer_id for update`);

/** Those of these customers whose orders were heard of before they were known, or who have totals of orders since forgotten. */
const BOUGHT_BEFORE = sql<{ customer_id: Id }>('customer.bought_before', `
  select customer_id from customer.features f
   where customer_id = any($1::uuid[]) and (order_count > 0 or exists (select from customer.purchase p where p.customer_id = f.customer_id))`);

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
 * Folds what sales tells about orders into each customer's totals, which always are the sums over the facts kept by order and revision, so
 * that hearing an event again, late or out of order ends the same. Orders of people not yet known are kept, and counted once their
 * registration is heard.
 */
@Injectable()
export class FeaturesView implements EventHandler {
  constructor(private readonly config: AppConfig) {}

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const part of cutAtReturns(events, withdrawnBy, standingIn)) await this.keep(tx, part);
  }

  private async keep(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const withdrawn = new Set(events.filter((event) => OrderWithdrawn.is(event)).map(({ payload }) => payload.order.orderId));
    const registered = events.filter((event) => CustomerRegistered.is(event)).map(({ payload }) => payload.customerId);
    const latest = latestOfEachOrder(events).filter(({ orderId }) => !withdrawn.has(orderId));
    const toSum = new Set<Id>();
    if (latest.length > 0) for (const { customer_id: id } of await tx.query(KEEP, [...columnsOf(latest), this.config.currency])) toSum.add(id);
    if (withdrawn.size > 0) for (const { owner } of await tx.query(DROP, [[...withdrawn]])) toSum.add(owner);
    if (registered.length > 0) for (const { customer_id: id } of await tx.query(BOUGHT_BEFORE, [registered])) toSum.add(id);
    if (toSum.size > 0) await this.sum(tx, [...toSum]);
  }

  private async sum(tx: Tx, customerIds: readonly Id[]): Promise<void> {
    await tx.query(LOCK, [customerIds]);
    await tx.query(TOTAL, [customerIds, this.config.currency]);
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
