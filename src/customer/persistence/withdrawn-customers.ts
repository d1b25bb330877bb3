import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import type { Sql } from '../../platform/database/sql.js';
import { sql } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';
import type { KeptRecord, MadeRecord, MeasuredRecord, Measure, RevertOutcome } from '../../platform/transfer/import-definition.js';
import { recordKey, sortOut } from '../../platform/transfer/take-back.js';
import { Vault } from '../../platform/vault/vault.js';
import type { CustomerStatus } from '../contract/customer-directory.js';
import { CustomerWithdrawn } from '../contract/events.js';

export interface LockedCustomer {
  readonly id: Id;
  readonly version: number;
  readonly status: CustomerStatus;
}

const LOCK = sql<LockedCustomer>('customer.lock_versions', `
  select id, version, status from customer.customer where id = any ($1::uuid[]) order by id for update`);

/** Everything but the timeline, which its consumer empties once it hears. */
const REMOVE = sql<never>('customer.remove', `
  with external_ids as (
    delete from customer.external_id where customer_id = any ($1::uuid[])
  ), contacts as (
    delete from customer.contact_index where customer_id = any ($1::uuid[])
  ), grams as (
    delete from customer.search where customer_id = any ($1::uuid[])
  ), listed as (
    delete from customer.features where customer_id = any ($1::uuid[])
  )
  delete from customer.customer where id = any ($1::uuid[])`);

const MEASURE = sql<Measure>('customer.measure', `
  select case when r.dated then to_char(c.created_at at time zone $3, 'YYYY-MM') end as month, null as currency, count(*)::int as records, null as minor
    from unnest($1::uuid[], $2::boolean[]) as r (id, dated) join customer.customer c on c.id = r.id
   group by 1`);

/** Customers that an import brought, to be counted or taken back. */
@Injectable()
export class WithdrawnCustomers {
  constructor(private readonly vault: Vault) {}

  /** Nobody else changes them until `tx` ends. */
  lock(tx: Tx, records: readonly MadeRecord[]): Promise<LockedCustomer[]> {
    return tx.query(LOCK, [records.map(({ id }) => id)]);
  }

  /** Takes customers back as if they had never been known, keys and all. One who was erased stays on record as such. */
  async take(tx: Tx, records: readonly MadeRecord[], locked: readonly LockedCustomer[], withOrders: ReadonlySet<Id>): Promise<RevertOutcome> {
    const erased = new Set(locked.filter(({ status }) => status === 'erased').map(({ id }) => id));
    const versions = new Map(locked.map(({ id, version }) => [recordKey({ id, part: 0 }), version]));
    const { free, kept } = sortOut(records.filter(({ id }) => !erased.has(id)), versions, new Set([...withOrders].map((id) => recordKey({ id, part: 0 }))));
    const gone = free.map(({ id }) => id);
    await tx.query(REMOVE, [gone]);
    await this.vault.withdraw(tx, gone);
    for (const id of gone) {
      tx.record(CustomerWithdrawn.of(id, { customerId: id }));
      tx.audit({ action: 'customer.withdrawn', subjectType: 'customer', subjectId: id });
    }
    return { reverted: gone.length, kept: [...kept, ...[...erased].map((id): KeptRecord => ({ id, part: 0, reason: 'erased' }))] };
  }

  measure(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<Measure[]> {
    return from.query(MEASURE, [records.map(({ id }) => id), records.map(({ dated }) => dated), timeZone]);
  }
}
