import { Injectable } from '@nestjs/common';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { Sql } from '../../../platform/database/sql.js';
import { Composed, sql } from '../../../platform/database/statement.js';
import { Cursors } from '../../../platform/http/cursor.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { ProductStatus } from '../persistence/described-product.js';

interface ProductText {
  readonly id: Id;
  readonly version: number;
  /** JSON, as it leaves. */
  readonly text: string;
}

export interface ProductListAsk {
  readonly status?: readonly ProductStatus[];
  readonly category?: readonly string[];
  readonly sku?: readonly string[];
  readonly externalId?: ExternalReference;
  readonly limit: number;
  readonly cursor?: string;
}

const SELECT = `
  select p.id, p.version, p.created_at::text as sort_key, (select row_to_json(o) from (
    select p.id, p.version, p.sku, p.name, p.status, p.category,
           case when p.price_minor is not null then sales.money(p.price_minor, p.currency) end as price, p.attributes,
           platform.instant(p.created_at) as "createdAt", platform.instant(p.updated_at) as "updatedAt",
           (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
              select x.system, x.id from sales.external_id x where x.subject_id = p.id) e) as "externalIds") o)::text as text
    from sales.product p where true `;

const READ = sql<ProductText>('product.read', SELECT + 'and p.id = $1');

const LIST = 'products -createdAt';

/** Products, one or a page at a time. */
@Injectable()
export class ProductView {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** @param from the transaction that has just written it, to show that. @throws DomainError missing */
  async read(id: Id, from: Sql = this.database): Promise<ProductText> {
    const [row] = await from.query(READ, [id]);
    if (!row) throw notFound('product', id);
    return row;
  }

  /** The latest first. JSON text and the cursor of the next page. */
  async list(ask: ProductListAsk): Promise<{ readonly text: string; readonly nextCursor: string | null }> {
    const found = await this.database.compose(this.pageOf(ask));
    const rows = found.slice(0, ask.limit);
    const hasMore = found.length > ask.limit;
    const last = rows.at(-1);
    const nextCursor = hasMore && last ? this.cursors.encode(LIST, [last.sort_key, last.id]) : null;
    return { text: `{"data":[${rows.map((row) => row.text).join(',')}],"page":${JSON.stringify({ nextCursor, hasMore })}}`, nextCursor };
  }

  private pageOf({ status, category, sku, externalId, limit, cursor }: ProductListAsk): Composed<ProductText & { readonly sort_key: string }> {
    const query = new Composed<ProductText & { readonly sort_key: string }>().add(SELECT);
    if (status !== undefined) query.add('and p.status = any (').param(status, '::text[]').add(')');
    if (category !== undefined) query.add('and p.category = any (').param(category, '::text[]').add(')');
    if (sku !== undefined) query.add('and p.sku = any (').param(sku, '::text[]').add(')');
    if (externalId !== undefined) {
      query.add(`and p.id = (select subject_id from sales.external_id where kind = 'product' and system =`).param(externalId.system, '::text');
      query.add('and id =').param(externalId.id, '::text').add(')');
    }
    if (cursor !== undefined) {
      const [createdAt, id] = this.cursors.decode(LIST, cursor);
      query.add('and (p.created_at, p.id) < (').param(createdAt, '::timestamptz').add(',').param(id, '::uuid').add(')');
    }
    return query.add('order by p.created_at desc, p.id desc limit').param(limit + 1);
  }
}
