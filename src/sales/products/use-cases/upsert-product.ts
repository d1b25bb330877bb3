import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ProductDescription } from '../persistence/described-product.js';
import { ProductRepository } from '../persistence/product.repository.js';

export type { ProductDescription };

export interface UpsertedProduct {
  readonly id: Id;
  readonly created: boolean;
}

/** Creates a product or changes the one that has the SKU or one of the external ids. The same content changes nothing. */
@Injectable()
export class UpsertProduct {
  constructor(private readonly products: ProductRepository) {}

  /** @throws DomainError conflict if SKU and external ids belong to different products. */
  async run(tx: Tx, description: ProductDescription): Promise<UpsertedProduct> {
    const [outcome] = await this.products.upsert(tx, [description]);
    if ('refused' in outcome!) throw outcome.refused;
    return { id: outcome!.id, created: outcome!.result === 'created' };
  }
}
