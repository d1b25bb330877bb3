import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ProductDescription } from '../persistence/described-product.js';
import { UpsertProduct } from './upsert-product.js';

@Injectable()
export class CreateProduct {
  constructor(private readonly upsertProduct: UpsertProduct) {}

  /** @throws DomainError conflict `product_exists` if one has the SKU or one of the external ids. */
  async run(tx: Tx, description: ProductDescription): Promise<Id> {
    const { id, created } = await this.upsertProduct.run(tx, description);
    // The transaction is rolled back with the refusal, so the product that was found stays as it was.
    if (!created) throw new DomainError('conflict', 'product_exists', `The product ${id} has this SKU or external id already. Change it instead.`, { facts: { productId: id } });
    return id;
  }
}
