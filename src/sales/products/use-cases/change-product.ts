import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ProductDescription } from '../persistence/described-product.js';
import { ProductRepository } from '../persistence/product.repository.js';

@Injectable()
export class ChangeProduct {
  constructor(private readonly products: ProductRepository) {}

  /** @throws DomainError missing, stale if it is not at `version`, conflict if another product has the SKU or one of the external ids. */
  run(tx: Tx, id: Id, version: number, description: ProductDescription): Promise<void> {
    return this.products.change(tx, id, version, description);
  }
}
