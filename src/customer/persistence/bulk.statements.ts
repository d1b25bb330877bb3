import { sql } from '../../platform/database/statement.js';
import type { StagingTable } from '../../platform/transfer/copy.js';
import type { CustomerRow } from './customer.statements.js';

/** Whoever has any of these ids or external ids, or is identified by any of these digests; locked in the order of their ids. */
export const FIND_HOLDERS = sql<CustomerRow>('customer.find_holders', `
  select c.id, c.version, c.status, c.gender, c.language, c.source, c.tags, c.created_at, c.updated_at, c.sealed, k.master_key_id, k.wrapped_key
    from customer.customer c join vault.person_key k on k.person_id = c.id
   where c.id in (
     select customer_id from customer.external_id where (system, id) in (select * from unnest($1::text[], $2::text[]))
     union all
     select customer_id from customer.contact_index where not shared and digest = any($3::bytea[])
     union all
     select unnest($4::uuid[]))
   order by c.id for update of c`);

/** `stored_version` is 0 for who is new. */
export const STAGED_CUSTOMERS: StagingTable = {
  create: `create temporary table if not exists stage_customer (
    id uuid, stored_version int, gender text, language text, country text, province text, city text, source text, tags text[],
    created_at timestamptz, updated_at timestamptz, sealed bytea, master_key_id text, wrapped_key bytea, grams int[]) on commit delete rows`,
  copy: 'copy stage_customer from stdin',
};

export const STAGED_EXTERNAL_IDS: StagingTable = {
  create: 'create temporary table if not exists stage_customer_external_id (system text, id text, customer_id uuid) on commit delete rows',
  copy: 'copy stage_customer_external_id from stdin',
};

export const STAGED_CONTACTS: StagingTable = {
  create: 'create temporary table if not exists stage_customer_contact (customer_id uuid, kind text, digest bytea, shared boolean) on commit delete rows',
  copy: 'copy stage_customer_contact from stdin',
};

export const ADD_STAGED = sql<never>('customer.add_staged', `
  with fresh as (
    select * from stage_customer where stored_version = 0 order by id
  ), keys as (
    insert into vault.person_key (person_id, master_key_id, wrapped_key) select id, master_key_id, wrapped_key from fresh
  ), people as (
    insert into customer.customer (id, version, status, gender, language, country, province, city, source, tags, created_at, updated_at, sealed)
    select id, 1, 'active', gender, language, country, province, city, source, tags, created_at, updated_at, sealed from fresh
  ), grams as (
    insert into customer.search (customer_id, grams) select id, grams from fresh
  )
  insert into customer.features (customer_id, status, created_at, gender, language, country, province, city, source, tags, currency)
  select id, 'active', created_at, gender, language, country, province, city, source, tags, $1 from fresh`);

/** The rows are locked, so their versions are those that were read. */
export const CHANGE_STAGED = sql<never>('customer.change_staged', `
  with stale as (
    select * from stage_customer where stored_version > 0
  ), people as (
    update customer.customer c
       set version = c.version + 1, gender = s.gender, language = s.language, country = s.country, province = s.province, city = s.city,
           tags = s.tags, updated_at = s.updated_at, sealed = s.sealed
      from stale s where c.id = s.id
  ), grams as (
    update customer.search x set grams = s.grams from stale s where x.customer_id = s.id and x.grams <> s.grams
  )
  update customer.features f
     set gender = s.gender, language = s.language, country = s.country, province = s.province, city = s.city, tags = s.tags
    from stale s
   where f.customer_id = s.id
     and (f.gender, f.language, f.country, f.province, f.city, f.tags) is distinct from (s.gender, s.language, s.country, s.province, s.city, s.tags)`);

/** For the rest of the transaction: the fragments of a whole chunk are gathered and then merged at once, at half the cost. */
export const GATHER_GRAMS = sql<never>('customer.gather_grams', `select set_config('gin_pending_list_limit', '64MB', true)`);

/** Imports add and take nothing away. In the order of the keys, so that two imports of the same people wait instead of deadlocking. */
export const ADD_STAGED_IDENTITIES = sql<never>('customer.add_staged_identities', `
  with external_ids as (
    insert into customer.external_id (system, id, customer_id)
    select s.system, s.id, s.customer_id from stage_customer_external_id s
     where not exists (select from customer.external_id e where e.system = s.system and e.id = s.id and e.customer_id = s.customer_id)
     order by s.system, s.id
  )
  insert into customer.contact_index (customer_id, kind, digest, shared)
  select s.customer_id, s.kind, s.digest, s.shared from stage_customer_contact s
   where not exists (select from customer.contact_index c where c.customer_id = s.customer_id and c.digest = s.digest)
   order by s.digest`);

/**
 * A chunk may come in several parts within one transaction, each of which finds the tables empty. The fragments gathered are
 * merged before the commit, so that searches meet a long list for no more than a moment.
 */
export const SETTLE_STAGED = sql<never>('customer.settle_staged', `
  with customers as (delete from stage_customer), external_ids as (delete from stage_customer_external_id), contacts as (delete from stage_customer_contact)
  select customer.merge_grams()`);
