import { sql } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';

/** Rows that others add meanwhile are not seen and stay for the next time. */
const SUM = sql<never>('customer.sum_tag_counts', `
  with several as (
    select tag from customer.tag_count group by tag having count(*) > 1 or sum(customers) = 0
  ), gone as (
    delete from customer.tag_count where tag in (select tag from several) returning tag, customers
  )
  insert into customer.tag_count (tag, customers)
  select tag, sum(customers) from gone group by tag having sum(customers) <> 0`);

/** Makes one row of each tag's rows, and none where nobody has it any more. */
export async function sumTagCounts(tx: Tx): Promise<void> {
  await tx.query(SUM);
}
