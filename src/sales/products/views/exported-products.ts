import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Sql } from '../../../platform/database/sql.js';
import { Composed } from '../../../platform/database/statement.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { ProductStatus } from '../persistence/described-product.js';

/** A product as it is taken out. */
export interface ExportedProduct {
  readonly id: Id;
  readonly sku: string;
  readonly name: string;
  readonly status: ProductStatus;
  readonly category: string | null;
  readonly price: string | null;
  readonly currency: string | null;
  /** JSON; null if there are none. */
  readonly attributes: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly externalIds: readonly ExternalReference[];
}

export interface ExportedProductFilter {
  readonly status?: readonly string[];
  readonly category?: readonly string[];
  readonly sku?: readonly string[];
}

const SELECT = `
  select p.id, p.sku, p.name, p.status, p.category, platform.amount(p.price_minor, p.currency) as price, p.currency,
         nullif(p.attributes, '{}')::text as attributes, p.created_at as "createdAt", p.updated_at as "updatedAt",
         (select coalesce(json_agg(json_build_object('system', x.system, 'id', x.id) order by x.system, x.id), '[]')
            from sales.external_id x where x.subject_id = p.id and x.kind = 'product') as "externalIds"`;

/** Reads products for an export, in the order of their ids. */
@Injectable()
export class ExportedProducts {
  async count(from: Sql, filter: ExportedProductFilter): Promise<number> {
    const [row] = await from.compose(addFrom(new Composed<{ count: number }>().add('select count(*) as count'), filter));
    return row?.count ?? 0;
  }

  page(from: Sql, filter: ExportedProductFilter, after: Id | undefined, limit: number): Promise<ExportedProduct[]> {
    const query = addFrom(new Composed<ExportedProduct>().add(SELECT), filter);
    if (after !== undefined) query.add('and p.id >').param(after, '::uuid');
    return from.compose(query.add('order by p.id limit').param(limit));
  }
}

function addFrom<Row>(query: Composed<Row>, { status, category, sku }: ExportedProductFilter): Composed<Row> {
  query.add('from sales.product p where true');
  if (status !== undefined) query.add('and p.status = any (').param(status, '::text[]').add(')');
  if (category !== undefined) query.add('and p.category = any (').param(category, '::text[]').add(')');
  if (sku !== undefined) query.add('and p.sku = any (').param(sku, '::text[]').add(')');
  return query;
}
