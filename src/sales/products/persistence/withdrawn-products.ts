import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { MadeRecord, MeasuredRecord, Measure, RevertOutcome } from '../../../platform/transfer/import-definition.js';
import { recordKey, sortOut } from '../../../platform/transfer/take-back.js';
import { ProductWithdrawn } from '../../contract/events.js';

const LOCK = sql<{ id: Id; version: number; sku: string }>('product.lock_versions', `
  select id, version, sku from sales.product where id = any ($1::uuid[]) order by id for update`);

const SOLD = sql<{ id: Id }>('product.sold', `
  select id from unnest($1::uuid[]) as p (id) where exists (select from sales.order_line where product_id = p.id)`);

const REMOVE = sql<never>('product.remove', `
  with names as (
    delete from sales.external_id where kind = 'product' and subject_id = any ($1::uuid[])
  )
  delete from sales.product where id = any ($1::uuid[])`);

const MEASURE = sql<Measure>('product.measure', `
  select null as month, null as currency, count(*)::int as records, null as minor from sales.product where id = any ($1::uuid[])`);

/** Products that an import brought, to be counted or taken back. */
@Injectable()
export class WithdrawnProducts {
  /** Takes products back that no order line names. */
  async take(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    const stored = await tx.query(LOCK, [records.map(({ id }) => id)]);
    const sold = await tx.query(SOLD, [stored.map(({ id }) => id)]);
    const key = ({ id }: { readonly id: Id }): string => recordKey({ id, part: 0 });
    const { free, kept } = sortOut(records, new Map(stored.map((product) => [key(product), product.version])), new Set(sold.map(key)));
    const gone = new Set(free.map(({ id }) => id));
    await tx.query(REMOVE, [[...gone]]);
    for (const { id, sku } of stored.filter(({ id }) => gone.has(id))) {
      tx.record(ProductWithdrawn.of(id, { productId: id, sku }));
      tx.audit({ action: 'product.withdrawn', subjectType: 'product', subjectId: id });
    }
    return { reverted: gone.size, kept };
  }

  measure(from: Sql, records: readonly MeasuredRecord[]): Promise<Measure[]> {
    return from.query(MEASURE, [records.map(({ id }) => id)]);
  }
}
