-- What is sold: products, orders, their payments, refunds and fulfilments. Amounts are whole minor units of the order's
-- currency. Customers are known by id only; nothing here identifies a person.
-- Undo: drop schema sales cascade

create schema sales;

-- How money leaves in JSON.
create type sales.money_text as (amount text, currency text);
create function sales.money(minor bigint, currency text) returns sales.money_text language sql immutable parallel safe as $$
  select row(platform.amount(minor, currency), currency)::sales.money_text
$$;

-- What other systems call our records: one id of a system names one record of its kind.
create table sales.external_id (
  kind        text not null constraint external_id_kind check (kind in ('product', 'order', 'payment', 'refund', 'fulfilment')),
  system      text not null,
  id          text not null,
  subject_id  uuid not null,
  constraint external_id_pkey primary key (kind, system, id)
);
create index external_id_subject on sales.external_id (subject_id);

create table sales.product (
  id           uuid primary key,
  version      int not null,
  sku          text not null,
  name         text not null,
  status       text not null constraint product_status check (status in ('active', 'archived')),
  category     text,
  price_minor  bigint constraint product_price check (price_minor >= 0),
  currency     text,
  attributes   jsonb not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint product_sku unique (sku),
  constraint product_priced check ((price_minor is null) = (currency is null))
);
create index product_created on sales.product (created_at, id);
create index product_category on sales.product (category, created_at, id);

create sequence sales.order_number start with 100001;

-- Sums over lines, payments and refunds are kept, because lists filter and show them.
create table sales.order_header (
  id                uuid primary key,
  -- Also the `revision` of its events.
  version           int not null,
  -- How many of the versions came from lines and payments that files brought or that were taken back with them. Without
  -- these the version tells whether the order itself is still as its own file left it.
  part_changes      int not null default 0,
  number            text not null,
  customer_id       uuid not null,
  status            text not null constraint order_status check (status in ('created', 'adding_items', 'draft', 'arranging_payment',
                      'payment_authorized', 'payment_settled', 'partially_shipped', 'shipped', 'partially_delivered', 'delivered',
                      'modifying', 'arranging_additional_payment', 'cancelled')),
  source_status     text,
  channel           text,
  currency          text not null,
  quantity          int not null default 0,
  subtotal_minor    bigint not null default 0,
  discount_minor    bigint not null default 0,
  tax_minor         bigint not null default 0,
  shipping_minor    bigint not null default 0,
  total_minor       bigint not null default 0,
  paid_minor        bigint not null default 0,
  authorized_minor  bigint not null default 0,
  refunded_minor    bigint not null default 0,
  cancel_reason     text,
  placed_at         timestamptz not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  constraint order_number_key unique (number)
);
create index order_customer on sales.order_header (customer_id, placed_at, id);
create index order_placed on sales.order_header (placed_at, id);
create index order_status_placed on sales.order_header (status, placed_at, id);

create table sales.order_line (
  order_id            uuid not null constraint order_line_order references sales.order_header (id),
  number              int not null,
  product_id          uuid constraint order_line_product references sales.product (id),
  sku                 text,
  name                text not null,
  quantity            int not null constraint order_line_quantity check (quantity > 0),
  unit_price_minor    bigint not null,
  discount_minor      bigint not null,
  tax_minor           bigint not null,
  shipping_minor      bigint not null,
  total_minor         bigint not null,
  -- In fulfilments that were not cancelled, sent or not.
  fulfilled_quantity  int not null default 0,
  cancelled_quantity  int not null default 0,
  -- The order's version that last changed this line.
  revision            int not null default 1,
  constraint order_line_pkey primary key (order_id, number),
  -- The last wall against over-shipment.
  constraint order_line_fulfilled check (fulfilled_quantity >= 0 and cancelled_quantity >= 0 and fulfilled_quantity + cancelled_quantity <= quantity)
);
create index order_line_of_product on sales.order_line (product_id) where product_id is not null;

create table sales.payment (
  id              uuid primary key,
  order_id        uuid not null constraint payment_order references sales.order_header (id),
  sequence        int not null,
  method          text not null,
  state           text not null constraint payment_state check (state in ('created', 'authorized', 'settled', 'declined', 'error', 'cancelled')),
  amount_minor    bigint not null constraint payment_amount check (amount_minor >= 0),
  captured_minor  bigint not null,
  installments    int,
  provider        text,
  recorded_at     timestamptz not null,
  -- The order's version that last changed this payment.
  revision        int not null default 1,
  constraint payment_sequence unique (order_id, sequence),
  constraint payment_captured check (captured_minor between 0 and amount_minor and (captured_minor = 0 or state = 'settled'))
);

create table sales.refund (
  id            uuid primary key,
  order_id      uuid not null constraint refund_order references sales.order_header (id),
  payment_id    uuid constraint refund_payment references sales.payment (id),
  state         text not null constraint refund_state check (state in ('pending', 'settled', 'failed')),
  amount_minor  bigint not null constraint refund_amount check (amount_minor >= 0),
  reason        text,
  provider      text,
  recorded_at   timestamptz not null,
  -- The order's version that last changed this refund.
  revision      int not null default 1
);
create index refund_order_id on sales.refund (order_id);
create index refund_payment_id on sales.refund (payment_id) where payment_id is not null;

create table sales.fulfilment (
  id             uuid primary key,
  order_id       uuid not null constraint fulfilment_order references sales.order_header (id),
  state          text not null constraint fulfilment_state check (state in ('created', 'pending', 'shipped', 'delivered', 'cancelled')),
  -- [{ number, quantity }] by the order's line numbers.
  lines          jsonb not null,
  carrier        text,
  tracking_code  text,
  recorded_at    timestamptz not null,
  shipped_at     timestamptz,
  delivered_at   timestamptz,
  -- The order's version that last changed this fulfilment.
  revision       int not null default 1
);
create index fulfilment_order_id on sales.fulfilment (order_id);

-- Each event of a payment provider that had an effect, so that it has it once.
create table sales.provider_event (
  provider     text not null,
  event_id     text not null,
  order_id     uuid not null,
  -- The payment or refund it was about.
  subject_id   uuid not null,
  -- What was asked with it, to tell a repetition from a mistaken reuse: `record`, `settle` …
  action       text not null,
  recorded_at  timestamptz not null,
  constraint provider_event_pkey primary key (provider, event_id)
);

grant usage on schema sales to shuke_app;
grant usage, select on sequence sales.order_number to shuke_app;
-- A line may go while the order is being put together, and what a file brought when its import is taken back. Nothing else goes.
grant select, insert, update, delete on sales.product, sales.order_header, sales.order_line, sales.payment, sales.refund, sales.fulfilment to shuke_app;
grant select, insert, delete on sales.external_id to shuke_app;
grant select, insert on sales.provider_event to shuke_app;
