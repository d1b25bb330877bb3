import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import type { Tx } from '../../platform/database/tx.js';
import { CustomerRepository } from '../persistence/customer.repository.js';

@Injectable()
export class EraseCustomer {
  constructor(private readonly customers: CustomerRepository) {}

  /** Forgets the person for good, deleted or not. The facts of their orders stay for the books. @throws DomainError `gone` the second time. */
  async run(tx: Tx, id: Id): Promise<void> {
    await this.customers.erase(tx, id);
  }
}
