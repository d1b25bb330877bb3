-- Who they are and what they bought. Personal data of one person is one sealed blob; beside it stand keyed fingerprints to
-- find it by, plain columns to sort and filter by, and what the events of sales tell.
-- Undo: drop schema customer cascade

create schema customer;

-- The person: the truth of everything their own record says.
create table customer.customer (
  id          uuid primary key,
  version     int not null,
  status      text not null constraint customer_status check (status in ('active', 'deleted', 'erased')),
  gender      text,
  language    text,
  -- Of the main address, the first one.
  country     text,
  province    text,
  city        text,
  source      text not null,
  tags        text[] not null,
  -- Name, birthday, contact points, addresses, note and external ids as JSON under the person's own key.
  sealed      bytea,
  -- When somebody first knew them, which may be long before this product did.
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  constraint customer_sealed check ((sealed is null) = (status = 'erased'))
);

-- What other systems call them. A deleted customer keeps the ids, an erased one loses them.
create table customer.external_id (
  system       text not null,
  id           text not null,
  customer_id  uuid not null,
  constraint external_id_pkey primary key (system, id)
);
create index external_id_customer on customer.external_id (customer_id);

-- Fingerprints of the phones and e-mail addresses of living customers. One that is not shared identifies one person.
create table customer.contact_index (
  customer_id  uuid not null,
  kind         text not null constraint contact_index_kind check (kind in ('phone', 'email')),
  digest       bytea not null,
  shared       boolean not null,
  constraint contact_index_pkey primary key (customer_id, digest)
);
create unique index contact_index_identity on customer.contact_index (digest) where not shared;
create index contact_index_shared on customer.contact_index (digest) where shared;

-- Keyed n-grams of names and phones, to find fragments of them.
create table customer.search (
  customer_id  uuid primary key,
  grams        int[] not null
);
-- The app's connections keep its pending list short: feeding the index directly costs five times as much a row, and a
-- longer list is felt in each search (docs/adr/0011). An import gathers a whole chunk and has it merged before it commits;
-- for that the limit must not be set here, where it would win.
create index search_grams on customer.search using gin (grams);
create function customer.merge_grams() returns void language sql security definer set search_path = customer, pg_temp as $$
  select gin_clean_pending_list('customer.search_grams')
$$;
revoke execute on function customer.merge_grams() from public;

-- One wide row per customer for lists and segments: a copy of the plain columns above, and totals over customer.purchase.
-- The ends of keyset lists are never null, so a customer without orders has `-infinity` as the date of the last.
create table customer.features (
  customer_id            uuid primary key,
  status                 text not null,
  created_at             timestamptz not null,
  gender                 text,
  language               text,
  country                text,
  province               text,
  city                   text,
  source                 text not null,
  tags                   text[] not null,
  order_count            int not null default 0,
  -- The reporting currency, of spent_minor and refunded_minor.
  currency               text not null,
  spent_minor            bigint not null default 0,
  refunded_minor         bigint not null default 0,
  -- [{ currency, orders, spentMinor, refundedMinor }] for all others.
  other_totals           jsonb not null default '[]',
  first_order_at         timestamptz,
  last_order_at          timestamptz not null default '-infinity',
  -- Days from the first counted order to the last over the gaps between them; null below two orders.
  mean_interval_days     double precision
);
create index features_created on customer.features (status, created_at, customer_id);
create index features_last_order on customer.features (status, last_order_at, customer_id);
create index features_spent on customer.features (status, spent_minor, customer_id);
create index features_orders on customer.features (status, order_count, customer_id);
create index features_city on customer.features (city, customer_id) where city is not null;
create index features_province on customer.features (province, customer_id) where province is not null;
create index features_tags on customer.features using gin (tags) with (gin_pending_list_limit = 64);

-- The latest fact about each order, kept by revision, so that totals are sums and hearing an event again changes nothing.
-- Orders of people not yet known wait here until they are.
create table customer.purchase (
  order_id        uuid primary key,
  revision        int not null,
  customer_id     uuid not null,
  status          text not null,
  -- False for what was cancelled: it is history, but no purchase.
  counted         boolean not null,
  currency        text not null,
  total_minor     bigint not null,
  paid_minor      bigint not null,
  refunded_minor  bigint not null,
  quantity        int not null,
  channel         text,
  placed_at       timestamptz not null
);
create index purchase_customer on customer.purchase (customer_id, placed_at, order_id);

-- What happened with a customer, in time order. `id` is the event's, so an event heard again finds its own entry.
create table customer.timeline_entry (
  customer_id  uuid not null,
  at           timestamptz not null,
  id           uuid not null,
  kind         text not null,
  event        text not null,
  facts        json not null,
  constraint timeline_entry_pkey primary key (customer_id, at, id)
);

-- How many active customers have each tag: the sum of its rows. Whoever changes tags only adds rows, so that two who
-- change the same tag do not wait for each other; a job makes one row of them.
create table customer.tag_count (
  id         uuid primary key default uuidv7(),
  tag        text not null,
  customers  int not null
);
create index tag_count_tag on customer.tag_count (tag collate "C");

create function customer.count_tags_of_new() returns trigger language plpgsql as $$
begin
  insert into customer.tag_count (tag, customers)
  select tag, count(*) from added a, unnest(a.tags) as tag where a.status = 'active' group by tag;
  return null;
end $$;

create function customer.count_tags_of_changed() returns trigger language plpgsql as $$
begin
  insert into customer.tag_count (tag, customers)
  select tag, sum(change)
    from (select unnest(new.tags) as tag, 1 as change where new.status = 'active'
          union all select unnest(old.tags), -1 where old.status = 'active') as moved
   group by tag having sum(change) <> 0;
  return null;
end $$;

create function customer.count_tags_of_removed() returns trigger language plpgsql as $$
begin
  insert into customer.tag_count (tag, customers)
  select tag, -count(*) from removed r, unnest(r.tags) as tag where r.status = 'active' group by tag;
  return null;
end $$;

create trigger features_count_tags_of_new after insert on customer.features
  referencing new table as added for each statement execute function customer.count_tags_of_new();
create trigger features_count_tags_of_removed after delete on customer.features
  referencing old table as removed for each statement execute function customer.count_tags_of_removed();
create trigger features_count_tags_of_changed after update of tags, status on customer.features
  for each row when (old.tags <> new.tags or old.status <> new.status) execute function customer.count_tags_of_changed();

grant usage on schema customer to shuke_app;
grant execute on function customer.merge_grams() to shuke_app;
-- Customers go only when the import that brought them is taken back; deleted and erased ones stay as such.
grant select, insert, update, delete on customer.customer, customer.features, customer.external_id, customer.contact_index, customer.search, customer.purchase, customer.timeline_entry, customer.tag_count to shuke_app;
