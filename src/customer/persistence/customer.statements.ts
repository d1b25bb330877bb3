import type { Id } from '../../kernel/id.js';
import { sql } from '../../platform/database/statement.js';
import type { CustomerStatus } from '../contract/customer-directory.js';
import type { Gender } from '../domain/details.js';

/** A customer with the key that opens it. */
export interface CustomerRow {
  readonly id: Id;
  readonly version: number;
  readonly status: CustomerStatus;
  readonly gender: Gender | null;
  readonly language: string | null;
  readonly source: string;
  readonly tags: string[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly sealed: Buffer | null;
  readonly master_key_id: string;
  readonly wrapped_key: Buffer | null;
}

export const FIND = sql<CustomerRow>('customer.find', `
  select c.id, c.version, c.status, c.gender, c.language, c.source, c.tags, c.created_at, c.updated_at, c.sealed, k.master_key_id, k.wrapped_key
    from customer.customer c join vault.person_key k on k.person_id = c.id
   where c.id = $1`);

/** Whoever else wants to change them waits until this transaction ends. */
export const FIND_AND_LOCK = sql<CustomerRow>('customer.find_and_lock', `
  select c.id, c.version, c.status, c.gender, c.language, c.source, c.tags, c.created_at, c.updated_at, c.sealed, k.master_key_id, k.wrapped_key
    from customer.customer c join vault.person_key k on k.person_id = c.id
   where c.id = $1 for update of c`);

export const BY_EXTERNAL_IDS = sql<{ customer_id: Id }>('customer.by_external_ids', `
  select distinct customer_id from customer.external_id where (system, id) in (select * from unnest($1::text[], $2::text[])) order by customer_id`);

export const BY_CONTACTS = sql<{ customer_id: Id }>('customer.by_contacts', `
  select distinct customer_id from customer.contact_index where digest = any($1::bytea[]) and not shared order by customer_id`);

/** Who else has one of these external ids, or is identified by one of these contact points. */
export const TAKEN_BY = sql<{ customer_id: Id }>('customer.taken_by', `
  select customer_id from customer.external_id where (system, id) in (select * from unnest($1::text[], $2::text[])) and customer_id <> $5
  union all
  select held.customer_id from unnest($3::bytea[], $4::boolean[]) as new (digest, shared)
    join customer.contact_index held on held.digest = new.digest and not held.shared
   where not new.shared and held.customer_id <> $5
  limit 1`);

/** One round trip for one person: looks for another with the same identity and, if there is none, writes every row. */
export const ADD = sql<{ customer_id: Id }>('customer.add', `
  with taken as (
    select customer_id from customer.external_id where (system, id) in (select * from unnest($14::text[], $15::text[]))
    union all
    select held.customer_id from unnest($17::bytea[], $18::boolean[]) as new (digest, shared)
      join customer.contact_index held on held.digest = new.digest and not held.shared
     where not new.shared
    limit 1
  ), free as materialized (
    select where not exists (select from taken)
  ), key as (
    insert into vault.person_key (person_id, master_key_id, wrapped_key) select $1, $2, $3 from free
  ), person as (
    insert into customer.customer (id, version, status, gender, language, country, province, city, source, tags, created_at, updated_at, sealed)
    select $1, 1, 'active', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 from free
  ), external_ids as (
    insert into customer.external_id (system, id, customer_id)
    select system, id, $1 from free, unnest($14::text[], $15::text[]) as new (system, id)
  ), contacts as (
    insert into customer.contact_index (customer_id, kind, digest, shared)
    select $1, kind, digest, shared from free, unnest($16::text[], $17::bytea[], $18::boolean[]) as new (kind, digest, shared)
  ), grams as (
    insert into customer.search (customer_id, grams) select $1, $19 from free
  ), listed as (
    insert into customer.features (customer_id, status, created_at, gender, language, country, province, city, source, tags, currency)
    select $1, 'active', $11, $4, $5, $6, $7, $8, $9, $10, $20 from free
  )
  select customer_id from taken`);

/** Writes only if the version is still $2 and nobody else has the identity; whatever did not change is left alone. */
export const SAVE = sql<{ saved: boolean; taken_by: Id | null }>('customer.save', `
  with taken as (
    select customer_id from customer.external_id where (system, id) in (select * from unnest($12::text[], $13::text[])) and customer_id <> $1
    union all
    select held.customer_id from unnest($15::bytea[], $16::boolean[]) as new (digest, shared)
      join customer.contact_index held on held.digest = new.digest and not held.shared
     where not new.shared and held.customer_id <> $1
    limit 1
  ), saved as (
    update customer.customer
       set version = version + 1, status = $3, gender = $4, language = $5, country = $6, province = $7, city = $8, tags = $9, updated_at = $10, sealed = $11
     where id = $1 and version = $2 and not exists (select from taken)
    returning id
  ), external_ids_gone as (
    delete from customer.external_id e using saved
     where e.customer_id = saved.id and (e.system, e.id) not in (select * from unnest($12::text[], $13::text[]))
  ), external_ids_new as (
    insert into customer.external_id (system, id, customer_id)
    select new.system, new.id, saved.id from saved, unnest($12::text[], $13::text[]) as new (system, id)
     where not exists (select from customer.external_id e where e.system = new.system and e.id = new.id and e.customer_id = $1)
  ), contacts_gone as (
    delete from customer.contact_index c using saved where c.customer_id = saved.id and c.digest <> all($15::bytea[])
  ), contacts_new as (
    insert into customer.contact_index (customer_id, kind, digest, shared)
    select saved.id, new.kind, new.digest, new.shared from saved, unnest($14::text[], $15::bytea[], $16::boolean[]) as new (kind, digest, shared)
    on conflict (customer_id, digest) do update set shared = excluded.shared where contact_index.shared <> excluded.shared
  ), grams as (
    update customer.search s set grams = $17 from saved where s.customer_id = saved.id and s.grams <> $17
  ), listed as (
    update customer.features f
       set status = $3, gender = $4, language = $5, country = $6, province = $7, city = $8, tags = $9
      from saved
     where f.customer_id = saved.id
       and (f.status, f.gender, f.language, f.country, f.province, f.city, f.tags) is distinct from ($3, $4, $5, $6, $7, $8, $9::text[])
  )
  select exists (select from saved) as saved, (select customer_id from taken) as taken_by`);

/** Everything that tells who it was; the row is locked, and the order facts stay. */
export const ERASE = sql<never>('customer.erase', `
  with person as (
    update customer.customer
       set version = version + 1, status = 'erased', updated_at = $2, sealed = null, tags = '{}',
           gender = null, language = null, country = null, province = null, city = null
     where id = $1
  ), external_ids as (
    delete from customer.external_id where customer_id = $1
  ), contacts as (
    delete from customer.contact_index where customer_id = $1
  ), grams as (
    delete from customer.search where customer_id = $1
  )
  update customer.features
     set status = 'erased', tags = '{}', gender = null, language = null, country = null, province = null, city = null
   where customer_id = $1`);
