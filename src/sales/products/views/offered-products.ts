import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import { keyOf, type ExternalReference } from '../../contract/external-reference.js';
import { holdersOf } from '../../persistence/external-ids.js';

export interface OfferedProduct {
  readonly id: Id;
  readonly sku: string;
  readonly name: string;
  readonly price_minor: number | null;
  readonly currency: string | null;
}

/** How an order line names a product. */
export type ProductReference = { readonly id: Id } | { readonly sku: string } | { readonly externalId: ExternalReference };

const FIND = sql<OfferedProduct>('product.offered', `
  select id, sku, name, price_minor, currency from sales.product where id = any ($1::uuid[]) or sku = any ($2::text[])`);

/** What an order needs to know of products: which is meant, what it is called, what it costs. */
@Injectable()
export class OfferedProducts {
  constructor(private readonly database: Database) {}

  /** In the order asked; undefined where there is no such product. */
  async find(references: readonly ProductReference[]): Promise<readonly (OfferedProduct | undefined)[]> {
    const named = await holdersOf(this.database, 'product', references.flatMap((reference) => ('externalId' in reference ? [reference.externalId] : [])));
    const ids = references.flatMap((reference) => ('id' in reference ? [reference.id] : 'externalId' in reference ? (named.get(keyOf(reference.externalId)) ?? []) : []));
    const skus = references.flatMap((reference) => ('sku' in reference ? [reference.sku] : []));
    const products = await this.database.query(FIND, [ids, skus]);
    const byId = new Map(products.map((product) => [product.id, product]));
    const bySku = new Map(products.map((product) => [product.sku, product]));
    return references.map((reference) => {
      if ('sku' in reference) return bySku.get(reference.sku);
      const id = 'id' in reference ? reference.id : named.get(keyOf(reference.externalId));
      return id === undefined ? undefined : byId.get(id);
    });
  }
}
