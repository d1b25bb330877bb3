-- Keys of persons, apart from the data they open, so that they have a backup of their own that is kept a short time only:
-- an erased person's key is then gone from every backup within that time, and older backups of the data forget too.
-- Undo: drop schema vault cascade

create schema vault;

create table vault.person_key (
  person_id      uuid primary key,
  master_key_id  text not null,
  wrapped_key    bytea,
  created_at     timestamptz not null default now(),
  destroyed_at   timestamptz,
  constraint person_key_destroyed check ((wrapped_key is null) = (destroyed_at is not null))
);

-- A destroyed or re-wrapped key lives on in its dead row until vacuum, so one dead row is enough to call it.
alter table vault.person_key set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- The key of somebody who is taken back as if they had never been known. The record of an erasure does not go this way.
create function vault.withdraw(persons uuid[]) returns table (master_key_id text, wrapped_key bytea)
language sql security definer set search_path = vault, pg_temp as $$
  delete from vault.person_key k where k.person_id = any (persons) and k.wrapped_key is not null returning k.master_key_id, k.wrapped_key
$$;
revoke all on function vault.withdraw from public;
grant execute on function vault.withdraw to shuke_app;

grant usage on schema vault to shuke_app;
-- No delete: that a person was erased, and when, must stay on record.
grant select, insert, update on vault.person_key to shuke_app;
