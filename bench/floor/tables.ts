/** The floor's own tables, in a database of its own on the app's server: plain text, and no index that no question needs. */
export const TABLES = `
  create table customer (
    id             uuid primary key,
    name           text not null,
    gender         text,
    phone          text,
    email          text not null unique,
    country        text,
    province       text,
    city           text,
    tags           text[] not null,
    created_at     timestamptz not null,
    -- Pairs of letters of the name and runs of three digits of the phone.
    grams          text[] not null,
    order_count    int not null default 0,
    spent_minor    bigint not null default 0,
    last_order_at  timestamptz not null default '-infinity'
  );
  create index customer_last_order on customer (last_order_at, id);
  create index customer_grams on customer using gin (grams) with (fastupdate = off);

  create table purchase (
    id           uuid primary key,
    customer_id  uuid not null,
    status       text not null,
    channel      text not null,
    total_minor  bigint not null,
    quantity     int not null,
    placed_at    timestamptz not null
  );
  create index purchase_customer on purchase (customer_id, placed_at, id);

  create table purchase_line (
    purchase_id       uuid not null,
    number            int not null,
    sku               text not null,
    name              text not null,
    quantity          int not null,
    unit_price_minor  bigint not null,
    primary key (purchase_id, number)
  );

  create table outbox (
    seq      bigint generated always as identity primary key,
    payload  json not null
  );
  create table log (
    position  bigint primary key,
    payload   json not null
  );
  create table head (position bigint not null);
  insert into head values (0);
  create table reader (
    name      text primary key,
    position  bigint not null
  );
  create table heard (
    reader       text not null,
    order_id     uuid not null,
    customer_id  uuid not null,
    status       text not null,
    total_minor  bigint not null,
    placed_at    timestamptz not null,
    primary key (reader, order_id)
  )`;
