import type { Id } from '../../kernel/id.js';
import { sql } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';
import { MOST_TAGS } from '../domain/tags.js';

/** `version` is the new one; null where nothing changed. */
export interface Tagged {
  readonly id: Id;
  readonly version: number | null;
  readonly too_many: boolean;
}

/** Rows are locked in the order of their ids, like everywhere else that locks several, so that two such writers cannot deadlock. */
const TAG = sql<Tagged>('customer.tag', `
  with chosen as (
    select c.id, c.tags as had
      from customer.customer c join customer.features f on f.customer_id = c.id
     where c.id = any($1::uuid[]) and c.status = 'active' order by c.id for update
  ), wanted as (
    select id, had, array(select distinct tag from unnest(had || $2::text[]) as tag where tag <> all($3::text[]) order by tag) as has from chosen
  ), changed as (
    update customer.customer c set tags = w.has, version = c.version + 1, updated_at = $4
      from wanted w
     where c.id = w.id and not (w.has @> w.had and w.had @> w.has) and cardinality(w.has) <= $5
    returning c.id, c.version, c.tags
  ), listed as (
    update customer.features f set tags = changed.tags from changed where f.customer_id = changed.id
  )
  select w.id, changed.version, cardinality(w.has) > $5 as too_many from wanted w left join changed on changed.id = w.id order by w.id`);

/** Puts tags on and takes tags off many active customers in one statement; unknown ids are not in the answer. */
export function tagMany(tx: Tx, ids: readonly Id[], on: readonly string[], off: readonly string[]): Promise<Tagged[]> {
  return tx.query(TAG, [ids, on, off, tx.startedAt, MOST_TAGS]);
}
