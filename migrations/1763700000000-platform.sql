-- Plumbing that every context writes to in its own transaction: outbox and event log, consumers' cursors, idempotency,
-- audit, jobs, operations.
-- Undo: drop schema platform cascade

create schema platform;

-- Events -----------------------------------------------------------------------------------------------------------

create table platform.outbox (
  seq            bigint generated always as identity primary key,
  id             uuid not null,
  name           text not null,
  version        int not null,
  aggregate_id   uuid not null,
  partition_key  text not null,
  payload        jsonb not null,
  occurred_at    timestamptz not null
);

-- One row; the relay locks it, so that positions are dense and grow strictly.
create table platform.log_head (
  one        boolean primary key default true check (one),
  position   bigint not null,
  -- Events up to here were dropped with their partitions; who has not read them must be told.
  forgotten  bigint not null default 0
);
insert into platform.log_head (position) values (0);

create table platform.event_log (
  position       bigint not null,
  id             uuid not null,
  name           text not null,
  version        int not null,
  aggregate_id   uuid not null,
  partition_key  text not null,
  lane_key       int not null,
  payload        jsonb not null,
  occurred_at    timestamptz not null,
  recorded_at    timestamptz not null default now(),
  primary key (position, recorded_at)
) partition by range (recorded_at);
create index event_log_id on platform.event_log (id);

-- The net below the monthly partitions; stays empty while they are made ahead of time.
create table platform.event_log_default partition of platform.event_log default;

-- The app role owns nothing, so partitions are made and dropped by these two functions, which can do nothing else.
create function platform.make_log_partitions(months_ahead int) returns int
language plpgsql security definer set search_path = platform, pg_temp as $$
declare
  month date;
  made int := 0;
begin
  for ahead in 0 .. least(greatest(months_ahead, 0), 24) loop
    month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead))::date;
    if to_regclass(format('platform.event_log_%s', to_char(month, 'YYYYMM'))) is null then
      begin
        execute format('create table platform.event_log_%s partition of platform.event_log for values from (%L) to (%L)',
          to_char(month, 'YYYYMM'), month::timestamp at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
        execute format('grant select, insert on platform.event_log_%s to shuke_app', to_char(month, 'YYYYMM'));
        made := made + 1;
      exception when check_violation or duplicate_table then
        -- Rows of that month already lie in the default partition, or another process was faster: both are served as they are.
        null;
      end;
    end if;
  end loop;
  return made;
end $$;

create function platform.drop_log_partitions(months_kept int) returns int
language plpgsql security definer set search_path = platform, pg_temp as $$
declare
  part record;
  needed bigint;
  newest bigint;
  dropped int := 0;
begin
  if months_kept < 1 then return 0; end if;
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'platform.event_log'::regclass and c.relname ~ '^event_log_\d{6}$'
       and to_date(right(c.relname, 6), 'YYYYMM') < date_trunc('month', now() at time zone 'UTC') - make_interval(months => months_kept)
  loop
    -- Nothing goes that a consumer has yet to hear or somebody has yet to look at.
    select least((select min(position) from platform.consumer where lane < lanes), (select min(position) - 1 from platform.parked_event)) into needed;
    execute format('select max(position) from platform.%I', part.relname) into newest;
    continue when newest > needed;
    execute format('drop table platform.%I', part.relname);
    update platform.log_head set forgotten = greatest(forgotten, newest);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

create table platform.consumer (
  name        text not null,
  lane        int not null,
  lanes       int not null check (lanes between 1 and 64),
  position    bigint not null,
  moved_at    timestamptz not null default now(),
  primary key (name, lane)
);

-- Events a consumer could not apply, and those of the same partition waiting behind them.
create table platform.parked_event (
  consumer         text not null,
  position         bigint not null,
  event_id         uuid not null,
  event_name       text not null,
  aggregate_id     uuid not null,
  partition_key    text not null,
  lane             int not null,
  status           text not null check (status in ('retrying', 'behind', 'parked')),
  attempts         int not null,
  error            text,
  parked_at        timestamptz not null default now(),
  next_attempt_at  timestamptz,
  primary key (consumer, position)
);
create index parked_event_partition on platform.parked_event (consumer, partition_key, position);
create index parked_event_due on platform.parked_event (next_attempt_at) where status = 'retrying';

-- Idempotency ------------------------------------------------------------------------------------------------------

create table platform.idempotency (
  caller       text not null,
  key          text not null,
  fingerprint  bytea not null,
  status       int not null,
  headers      jsonb not null,
  person_id    uuid,
  body         bytea,
  created_at   timestamptz not null,
  primary key (caller, key)
);
create index idempotency_age on platform.idempotency (created_at);

-- Audit ------------------------------------------------------------------------------------------------------------

-- The app role may only add here; `seal_audit` moves rows into the chain.
create table platform.audit_inbox (
  id            uuid primary key,
  at            timestamptz not null,
  actor_kind    text not null,
  actor_id      uuid not null,
  request_id    text,
  address       text,
  action        text not null,
  subject_type  text not null,
  subject_ids   uuid[] not null,
  details       jsonb not null
);

create table platform.audit_log (
  position      bigint primary key,
  id            uuid not null unique,
  at            timestamptz not null,
  actor_kind    text not null,
  actor_id      uuid not null,
  request_id    text,
  address       text,
  action        text not null,
  subject_type  text not null,
  subject_ids   uuid[] not null,
  details       jsonb not null,
  hash          bytea not null
);
-- Fed for every change and searched now and then: a long pending list, whatever the app's connections say.
create index audit_log_subjects on platform.audit_log using gin (subject_ids) with (gin_pending_list_limit = 4096);
create index audit_log_actor on platform.audit_log (actor_id, position);

-- `chain` tells this chain from another database's in anchors that lie outside.
create table platform.audit_head (
  one       boolean primary key default true check (one),
  chain     uuid not null default gen_random_uuid(),
  position  bigint not null,
  hash      bytea not null
);
insert into platform.audit_head (position, hash) values (0, '\x0000000000000000000000000000000000000000000000000000000000000000');

-- What the hash of a row covers beside the hash before; `jsonb` gives every value one spelling. Not immutable, although it
-- is, so that PostgreSQL writes it into the statements that use it instead of calling it for each row.
create function platform.audit_content(log_position bigint, id uuid, at timestamptz, actor_kind text, actor_id uuid,
  request_id text, address text, action text, subject_type text, subject_ids uuid[], details jsonb) returns bytea
language sql stable parallel safe as $$
  select convert_to(jsonb_build_array(log_position, id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details)::text, 'UTF8')
$$;

-- SHA-256 over the hash before and the row's own content.
create function platform.audit_hash(before bytea, log_position bigint, id uuid, at timestamptz, actor_kind text, actor_id uuid,
  request_id text, address text, action text, subject_type text, subject_ids uuid[], details jsonb) returns bytea
language sql stable parallel safe as $$
  select sha256(before || platform.audit_content(log_position, id, at, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details))
$$;

-- As a running aggregate it gives each of many rows its hash: `first` is the hash before all of them.
create function platform.audit_link(before bytea, first bytea, content bytea) returns bytea
language sql immutable parallel safe as $$ select sha256(coalesce(before, first) || content) $$;
create aggregate platform.audit_chain(first bytea, content bytea) (sfunc = platform.audit_link, stype = bytea);

create function platform.seal_audit(batch int) returns int
language plpgsql security definer set search_path = platform, pg_temp as $$
declare
  head platform.audit_head;
  sealed int;
begin
  select * into head from platform.audit_head for update;
  with taken as (
    delete from platform.audit_inbox where id = any (array(select id from platform.audit_inbox order by id limit batch)) returning *
  ), placed as (
    select head.position + row_number() over (order by id) as position, taken.* from taken
  ), linked as (
    select placed.*, platform.audit_chain(head.hash, platform.audit_content(position, id, at, actor_kind, actor_id, request_id, address, action, subject_type,
             subject_ids, details)) over (order by position rows unbounded preceding) as hash
      from placed
  ), added as (
    insert into platform.audit_log (position, id, at, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details, hash)
    select position, id, at, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details, hash from linked order by position
    returning position, hash
  ), moved as (
    update platform.audit_head h set position = last.position, hash = last.hash
      from (select position, hash from added order by position desc limit 1) as last
  )
  select count(*) into sealed from added;
  return sealed;
end $$;

-- Jobs and operations ----------------------------------------------------------------------------------------------

-- The durable truth about a job; the queue engine holds only what is under way and may be lost at any time.
create table platform.job (
  id             uuid primary key,
  name           text not null,
  payload        jsonb not null,
  unique_key     text,
  status         text not null check (status in ('waiting', 'dispatched', 'done', 'failed', 'cancelled')),
  run_at         timestamptz not null,
  attempts       int not null default 0,
  error          text,
  created_at     timestamptz not null,
  dispatched_at  timestamptz,
  finished_at    timestamptz
);
create index job_waiting on platform.job (name, run_at, id) where status = 'waiting';
create index job_dispatched on platform.job (name, dispatched_at) where status = 'dispatched';
create index job_failed on platform.job (finished_at, id) where status = 'failed';
create index job_finished on platform.job (finished_at) where status in ('done', 'cancelled');
create unique index job_unique_key on platform.job (name, unique_key) where status in ('waiting', 'dispatched');

-- The queue engine wants a sequence for each queue and would make it itself, but the app role makes nothing: here it may
-- have this one thing made. The engine's own schema is made by its own migrations (src/platform/jobs/queue-schema.ts).
create function platform.make_queue(queue text) returns void
language plpgsql security definer set search_path = platform, pg_temp as $$
declare
  sequence text := bullmq.job_id_seq_name(queue);
begin
  if to_regclass(format('bullmq.%I', sequence)) is not null then return; end if;
  execute format('create sequence bullmq.%I', sequence);
  execute format('grant usage on sequence bullmq.%I to shuke_app', sequence);
exception when duplicate_table or unique_violation then
  -- Another process was faster.
  null;
end $$;

-- When each schedule fires next; moved in the transaction that makes the job.
create table platform.schedule (
  key        text primary key,
  cron       text not null,
  time_zone  text not null,
  next_at    timestamptz not null,
  fired_at   timestamptz
);

create table platform.operation (
  id                uuid primary key,
  kind              text not null,
  status            text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  parameters        jsonb not null,
  state             jsonb not null default '{}',
  done              bigint not null default 0,
  total             bigint,
  result            jsonb,
  error             jsonb,
  cancel_requested  boolean not null default false,
  created_by_kind   text not null,
  created_by_id     uuid not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  finished_at       timestamptz
);
create index operation_created on platform.operation (created_at desc, id desc);

-- What views say in JSON --------------------------------------------------------------------------------------------

-- An instant as the API writes it: RFC 3339, UTC, milliseconds. Null for the infinities that stand for "never" in sort keys.
create function platform.instant(at timestamptz) returns text language sql stable parallel safe as $$
  select case when isfinite(at) then to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end
$$;

-- Minor units as a decimal with the currency's own digits: a numeric product has the digits of its factor, and costs a third
-- of a division. The list is that of kernel/money.ts; a test keeps them equal.
create function platform.amount(minor bigint, currency text) returns text language sql immutable parallel safe as $$
  select (minor * case
    when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 1
    when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 0.001
    when currency in ('CLF', 'UYW') then 0.0001
    else 0.01
  end)::text
$$;

-- Up to when what these consumers fill is complete: now, or, while one is behind, when the last event it has seen was recorded.
-- In steps, because they seldom are behind, and a statement that may look into the log prepares for each of its partitions.
create function platform.as_of(consumers text[]) returns timestamptz language plpgsql stable parallel safe as $$
declare
  seen bigint := (select coalesce(min(c.position), 0) from platform.consumer c where c.name = any (consumers) and c.lane < c.lanes);
begin
  if seen >= (select position from platform.log_head) then return now(); end if;
  return coalesce((select max(recorded_at) from platform.event_log where position = seen), '-infinity');
end $$;

-- Rights -----------------------------------------------------------------------------------------------------------

grant usage on schema platform to shuke_app;
grant select, insert, delete on platform.outbox to shuke_app;
grant select, update on platform.log_head to shuke_app;
grant select, insert on platform.event_log, platform.event_log_default to shuke_app;
grant select, insert, update on platform.consumer to shuke_app;
grant select, insert, update, delete on platform.parked_event, platform.idempotency, platform.job to shuke_app;
grant select, insert, update on platform.operation, platform.schedule to shuke_app;
grant insert on platform.audit_inbox to shuke_app;
grant select on platform.audit_log, platform.audit_head to shuke_app;
revoke execute on function platform.seal_audit(int), platform.make_log_partitions(int), platform.drop_log_partitions(int), platform.make_queue(text) from public;
grant execute on function platform.seal_audit(int), platform.make_log_partitions(int), platform.drop_log_partitions(int), platform.make_queue(text) to shuke_app;
