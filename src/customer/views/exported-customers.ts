import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import type { Sql } from '../../platform/database/sql.js';
import { Composed, sql } from '../../platform/database/statement.js';
import { Vault } from '../../platform/vault/vault.js';
import type { Details, Gender } from '../domain/details.js';
import { profileOf } from '../domain/profile.js';
import { CustomerFilters, type CustomerFilter } from './customer-filter.js';

/** A customer as it is taken out, opened, with the totals over their purchases. */
export interface ExportedCustomer extends Details {
  readonly id: Id;
  readonly source: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly orderCount: number;
  /** Decimals in the reporting currency. */
  readonly totalSpent: string;
  readonly totalRefunded: string;
  readonly firstOrderAt: Date | null;
  readonly lastOrderAt: Date | null;
}

interface Row {
  readonly id: Id;
  readonly gender: Gender | null;
  readonly language: string | null;
  readonly source: string;
  readonly tags: readonly string[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly sealed: Buffer | null;
  readonly master_key_id: string;
  readonly wrapped_key: Buffer | null;
  readonly order_count: number;
  readonly spent: string;
  readonly refunded: string;
  readonly first_order_at: Date | null;
  readonly last_order_at: Date | null;
}

/** One step of the index for each system, however many ids it has. */
const SYSTEMS = sql<{ system: string }>('customer.external_systems', `
  with recursive found (system) as (
    (select system from customer.external_id order by system limit 1)
    union all
    select (select e.system from customer.external_id e where e.system > found.system order by e.system limit 1) from found where found.system is not null
  )
  select system from found where system is not null limit $1`);

/** Reads customers for an export, in the order of their ids. */
@Injectable()
export class ExportedCustomers {
  constructor(
    private readonly filters: CustomerFilters,
    private readonly vault: Vault,
  ) {}

  async systems(from: Sql, most: number): Promise<string[]> {
    return (await from.query(SYSTEMS, [most])).map(({ system }) => system);
  }

  async count(from: Sql, filter: CustomerFilter): Promise<number> {
    const query = new Composed<{ count: number }>().add('select count(*) as count');
    this.filters.add(query, filter);
    return (await from.compose(query))[0]?.count ?? 0;
  }

  /** Whoever was erased since the filter found them is left out. */
  async page(from: Sql, filter: CustomerFilter, after: Id | undefined, limit: number): Promise<{ readonly customers: ExportedCustomer[]; readonly next: Id | undefined }> {
    const rows = await from.compose(this.pageOf(filter, after, limit));
    const texts = await this.vault.openMany(rows.map((row) => ({ personId: row.id, masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key, sealed: row.sealed })));
    const customers = rows.flatMap((row, index) => (texts[index] ? [toCustomer(row, texts[index])] : []));
    return { customers, next: rows.length < limit ? undefined : rows.at(-1)?.id };
  }

  private pageOf(filter: CustomerFilter, after: Id | undefined, limit: number): Composed<Row> {
    const query = new Composed<Row>().add(`
      select c.id, c.gender, c.language, c.source, c.tags, c.created_at, c.updated_at, c.sealed, k.master_key_id, k.wrapped_key, f.order_count,
             platform.amount(f.spent_minor, f.currency) as spent, platform.amount(f.refunded_minor, f.currency) as refunded, f.first_order_at,
             nullif(f.last_order_at, '-infinity') as last_order_at`);
    this.filters.add(query, filter, 'join customer.customer c on c.id = f.customer_id join vault.person_key k on k.person_id = f.customer_id');
    if (after !== undefined) query.add('and f.customer_id >').param(after, '::uuid');
    return query.add('order by f.customer_id limit').param(limit);
  }
}

function toCustomer(row: Row, profile: string): ExportedCustomer {
  const { id, gender, language, source, tags } = row;
  return {
    ...profileOf(profile), id, gender, language, source, tags,
    createdAt: row.created_at, updatedAt: row.updated_at,
    orderCount: row.order_count, totalSpent: row.spent, totalRefunded: row.refunded, firstOrderAt: row.first_order_at, lastOrderAt: row.last_order_at,
  };
}
