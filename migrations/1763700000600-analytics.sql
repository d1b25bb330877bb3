-- What reports are counted from: the latest fact about each order and payment, and totals per customer.
-- All of it comes from the event log and can be dropped and filled again.
-- Undo: drop schema analytics cascade

create schema analytics;

-- One row per order, kept by revision. `counted` is what domain/counting-rule.ts says of the status.
-- Payments and parcels touch no indexed column, so with room in the page they rewrite the row where it lies.
create table analytics.order_fact (
  order_id        uuid primary key,
  revision        int not null,
  customer_id     uuid not null,
  status          text not null,
  counted         boolean not null,
  source_status   text,
  channel         text,
  currency        text not null,
  total_minor     bigint not null,
  paid_minor      bigint not null,
  refunded_minor  bigint not null,
  quantity        int not null,
  placed_at       timestamptz not null
) with (fillfactor = 85);
-- The orders of one customer, or of everybody customer by customer: totals, RFM of a past day. Both columns that a total asks for
-- lead, because without statistics, while the table fills, PostgreSQL would else look the currency up in the other index.
create index order_fact_customer on analytics.order_fact (customer_id, currency, placed_at) include (total_minor) where counted;
-- The orders of a time: months, repeat purchases, which currencies there are.
create index order_fact_placed on analytics.order_fact (currency, placed_at) include (customer_id, channel, total_minor, refunded_minor) where counted;

-- One row per customer and currency with counted orders: the sums over order_fact, kept up with each fact.
create table analytics.customer_total (
  currency     text not null,
  customer_id  uuid not null,
  orders       int not null,
  total_minor  bigint not null,
  first_at     timestamptz not null,
  last_at      timestamptz not null,
  constraint customer_total_pkey primary key (currency, customer_id)
) with (fillfactor = 85);

-- One row per payment; `revision` is the order's at the event, so the newest word about a payment wins.
create table analytics.payment_fact (
  payment_id    uuid primary key,
  revision      int not null,
  order_id      uuid not null,
  method        text not null,
  state         text not null,
  currency      text not null,
  amount_minor  bigint not null,
  recorded_at   timestamptz not null
);
create index payment_fact_recorded on analytics.payment_fact (currency, recorded_at) include (method, amount_minor) where state = 'settled';

grant usage on schema analytics to shuke_app;
grant select, insert, update, delete on analytics.order_fact, analytics.payment_fact, analytics.customer_total to shuke_app;
