import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import { Database } from '../../platform/database/database.js';
import { ShortReads } from '../../platform/database/short-reads.js';
import type { Sql } from '../../platform/database/sql.js';
import { sql } from '../../platform/database/statement.js';
import { CustomerDirectory, type CustomerStatus, type ExternalReference } from '../contract/customer-directory.js';

const STATUS = sql<{ id: Id; status: CustomerStatus }>('customer.directory_status', `
  select id, status from customer.customer where id = any($1::uuid[])`);

const RESOLVE = sql<{ customer_id: Id | null }>('customer.directory_resolve', `
  select e.customer_id
    from unnest($1::text[], $2::text[]) with ordinality as asked (system, id, place)
    left join customer.external_id e on e.system = asked.system and e.id = asked.id
   order by asked.place`);

/** The directory other contexts ask. */
@Injectable()
export class CommittedCustomers extends CustomerDirectory {
  constructor(
    private readonly database: Database,
    private readonly shortReads: ShortReads,
  ) {
    super();
  }

  async statusOf(customerIds: readonly Id[]): Promise<ReadonlyMap<Id, CustomerStatus>> {
    if (customerIds.length === 0) return new Map();
    const rows = await this.readsFor(customerIds).query(STATUS, [customerIds]);
    return new Map(rows.map(({ id, status }) => [id, status]));
  }

  async resolve(references: readonly ExternalReference[]): Promise<readonly (Id | undefined)[]> {
    if (references.length === 0) return [];
    const rows = await this.readsFor(references).query(RESOLVE, [references.map(({ system }) => system), references.map(({ id }) => id)]);
    return rows.map(({ customer_id: id }) => id ?? undefined);
  }

  /** An order asks for one, an import for thousands, which would keep others waiting. */
  private readsFor({ length }: readonly unknown[]): Pick<Sql, 'query'> {
    return length === 1 ? this.shortReads : this.database;
  }
}
