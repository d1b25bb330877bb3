import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../../kernel/event.js';
import type { Id } from '../../kernel/id.js';
import { sql } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';
import type { EventHandler } from '../../platform/events/consumers.js';
import { cutAtReturns } from '../../platform/events/cut-at-returns.js';
import { OrderWithdrawn, PaymentRecorded, PaymentWithdrawn, type OrderFacts, type PaymentRecordedPayload } from '../../sales/contract/events.js';
import { countsAsPurchase } from '../domain/counting-rule.js';

/**
 * Keeps the highest revision of each order and adds what it changes to its customer's total. The difference is between the row written and
 * the very row it replaces, so nothing is added twice. Gives the totals that have to be summed instead: of orders that went, that moved
 * in time or to somebody else, that are in another currency now, and of those heard again, so that a replay mends what is wrong.
 */
const KEEP_ORDERS = sql<{ currency: string; customer_id: Id }>('analytics.keep_orders', `
  with told as (
    select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[],
                         $11::bigint[], $12::int[], $13::timestamptz[])
      as told (order_id, revision, customer_id, status, counted, source_status, channel, currency, total_minor, paid_minor, refunded_minor, quantity, placed_at)
  ), kept as (
    insert into analytics.order_fact as fact
      (order_id, revision, customer_id, status, counted, source_status, channel, currency, total_minor, paid_minor, refunded_minor, quantity, placed_at)
    select * from told order by order_id
    on conflict (order_id) do update
      set revision = excluded.revision, customer_id = excluded.customer_id, status = excluded.status, counted = excluded.counted,
          source_status = excluded.source_status, channel = excluded.channel, currency = excluded.currency, total_minor = excluded.total_minor,
          paid_minor = excluded.paid_minor, refunded_minor = excluded.refunded_minor, quantity = excluded.quantity, placed_at = excluded.placed_at
      where fact.revision < excluded.revision
    returning new.order_id, new.currency, new.customer_id, old.currency as former_currency, old.customer_id as former_customer_id, new.placed_at,
      case when old.counted then 0 else 1 end as orders,
      new.total_minor - case when old.counted then old.total_minor else 0 end as minor,
      (old.counted or new.counted) and (old.counted, old.currency, old.customer_id, old.total_minor, old.placed_at)
        is distinct from (new.counted, new.currency, new.customer_id, new.total_minor, new.placed_at) as matters,
      new.counted and (old.counted is not true or (old.currency, old.customer_id, old.placed_at) = (new.currency, new.customer_id, new.placed_at)) as adds
  ), added as (
    insert into analytics.customer_total as total (currency, customer_id, orders, total_minor, first_at, last_at)
    select currency, customer_id, sum(orders), sum(minor), min(placed_at), max(placed_at) from kept where matters and adds group by currency, customer_id order by currency, customer_id
    on conflict (currency, customer_id) do update
      set orders = total.orders + excluded.orders, total_minor = total.total_minor + excluded.total_minor,
          first_at = least(total.first_at, excluded.first_at), last_at = greatest(total.last_at, excluded.last_at)
  )
  select currency, customer_id from kept where matters and not adds
  union
  select former_currency, former_customer_id from kept where matters and not adds and former_customer_id is not null
  union
  select currency, customer_id from told where order_id not in (select order_id from kept)`);

/** A payment may change twice within one revision of its order (promised, then captured); the log's order decides then. */
const KEEP_PAYMENTS = sql<never>('analytics.keep_payments', `
  insert into analytics.payment_fact as fact (payment_id, revision, order_id, method, state, currency, amount_minor, recorded_at)
  select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[]) order by 1
  on conflict (payment_id) do update
    set revision = excluded.revision, order_id = excluded.order_id, method = excluded.method, state = excluded.state, currency = excluded.currency,
        amount_minor = excluded.amount_minor, recorded_at = excluded.recorded_at
    where fact.revision <= excluded.revision`);

/** Gives the customers whose totals that changes. Only orders without payments are withdrawn. */
const DROP_ORDERS = sql<{ currency: string; customer_id: Id }>('analytics.drop_orders', `
  delete from analytics.order_fact where order_id = any($1::uuid[]) returning currency, customer_id`);

const DROP_PAYMENTS = sql<never>('analytics.drop_payments', 'delete from analytics.payment_fact where payment_id = any($1::uuid[])');

/**
 * Takes the rows to be summed, made empty where there are none yet. An order that changed hands touches customers of two lanes;
 * whoever comes second waits here, and its sum, a statement of its own, sees what the first committed.
 */
const HOLD_TOTALS = sql<never>('analytics.hold_totals', `
  insert into analytics.customer_total as total (currency, customer_id, orders, total_minor, first_at, last_at)
  select currency, customer_id, 0, 0, 'infinity', '-infinity' from unnest($1::text[], $2::uuid[]) as touched (currency, customer_id)
   order by currency, customer_id
  on conflict (currency, customer_id) do update set orders = total.orders where false`);

/** Lateral, so that each customer is looked up in the index even while PostgreSQL has no statistics of a table that is being filled. */
const SUM_TOTALS = sql<never>('analytics.sum_totals', `
  merge into analytics.customer_total as total
  using (
    select touched.currency, touched.customer_id, own.*
      from unnest($1::text[], $2::uuid[]) as touched (currency, customer_id),
           lateral (select count(*)::int as orders, sum(total_minor)::bigint as total_minor, min(placed_at) as first_at, max(placed_at) as last_at
                      from analytics.order_fact fact
                     where fact.counted and fact.customer_id = touched.customer_id and fact.currency = touched.currency) as own
  ) as sum on total.currency = sum.currency and total.customer_id = sum.customer_id
  when matched and sum.orders = 0 then delete
  when matched then update set orders = sum.orders, total_minor = sum.total_minor, first_at = sum.first_at, last_at = sum.last_at`);

/**
 * Keeps the facts that every report is counted from. An event says how its order stands; the highest revision wins and totals
 * always are the sums over what is kept, so an event heard again, late or out of order changes nothing. Built from nothing, facts and
 * totals are emptied together.
 */
@Injectable()
export class OrderFactsView implements EventHandler {
  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const part of cutAtReturns(events, withdrawnBy, standingIn)) await this.keep(tx, part);
  }

  private async keep(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const withdrawn = new Set(events.filter((event) => OrderWithdrawn.is(event)).map(({ payload }) => payload.order.orderId));
    const standing = events.map(orderOf).filter(({ orderId }) => !withdrawn.has(orderId));
    const toSum = standing.length === 0 ? [] : await tx.query(KEEP_ORDERS, orderColumns(newest(standing, (order) => order.orderId, (order) => order.revision)));
    const payments = newest(events.filter((event) => PaymentRecorded.is(event)).map((event) => event.payload), (payment) => payment.paymentId, (payment) => payment.order.revision);
    if (payments.length > 0) await tx.query(KEEP_PAYMENTS, paymentColumns(payments));
    const withdrawnPayments = events.filter((event) => PaymentWithdrawn.is(event)).map(({ payload }) => payload.paymentId);
    if (withdrawnPayments.length > 0) await tx.query(DROP_PAYMENTS, [withdrawnPayments]);
    if (withdrawn.size > 0) toSum.push(...(await tx.query(DROP_ORDERS, [[...withdrawn]])));
    if (toSum.length > 0) await this.sumTotals(tx, toSum);
  }

  private async sumTotals(tx: Tx, touched: readonly { readonly currency: string; readonly customer_id: Id }[]): Promise<void> {
    const distinct = [...new Map(touched.map((row) => [`${row.currency} ${row.customer_id}`, row])).values()];
    const columns = [distinct.map((row) => row.currency), distinct.map((row) => row.customer_id)];
    await tx.query(HOLD_TOTALS, columns);
    await tx.query(SUM_TOTALS, columns);
  }
}

function withdrawnBy(event: RecordedEvent): Id | undefined {
  if (OrderWithdrawn.is(event)) return event.payload.order.orderId;
  return PaymentWithdrawn.is(event) ? event.payload.paymentId : undefined;
}

function standingIn(event: RecordedEvent): Id[] {
  if (OrderWithdrawn.is(event)) return [];
  const { orderId } = orderOf(event);
  return PaymentRecorded.is(event) ? [orderId, event.payload.paymentId] : [orderId];
}

/** Every event this consumer hears carries its order. */
function orderOf(event: RecordedEvent): OrderFacts {
  return (event.payload as { readonly order: OrderFacts }).order;
}

/** One statement must not meet a row twice, so of each id only the highest revision goes in. */
function newest<Fact>(facts: readonly Fact[], idOf: (fact: Fact) => Id, revisionOf: (fact: Fact) => number): Fact[] {
  const kept = new Map<Id, Fact>();
  for (const fact of facts) {
    const known = kept.get(idOf(fact));
    if (!known || revisionOf(known) <= revisionOf(fact)) kept.set(idOf(fact), fact);
  }
  return [...kept.values()];
}

function orderColumns(orders: readonly OrderFacts[]): unknown[][] {
  return [
    orders.map((order) => order.orderId),
    orders.map((order) => order.revision),
    orders.map((order) => order.customerId),
    orders.map((order) => order.status),
    orders.map((order) => countsAsPurchase(order.status)),
    orders.map((order) => order.sourceStatus),
    orders.map((order) => order.channel),
    orders.map((order) => order.currency),
    orders.map((order) => order.totalMinor),
    orders.map((order) => order.paidMinor),
    orders.map((order) => order.refundedMinor),
    orders.map((order) => order.quantity),
    orders.map((order) => order.placedAt),
  ];
}

function paymentColumns(payments: readonly PaymentRecordedPayload[]): unknown[][] {
  return [
    payments.map((payment) => payment.paymentId),
    payments.map((payment) => payment.order.revision),
    payments.map((payment) => payment.order.orderId),
    payments.map((payment) => payment.method),
    payments.map((payment) => payment.state),
    payments.map((payment) => payment.order.currency),
    payments.map((payment) => payment.amountMinor),
    payments.map((payment) => payment.recordedAt),
  ];
}
