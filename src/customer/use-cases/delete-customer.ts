import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import type { Tx } from '../../platform/database/tx.js';
import { CustomerRepository } from '../persistence/customer.repository.js';

@Injectable()
export class DeleteCustomer {
  constructor(private readonly customers: CustomerRepository) {}

  /** Puts the record away; it stays readable by its id. @throws DomainError `stale` or `conflict`. */
  async run(tx: Tx, id: Id, version: number): Promise<void> {
    const customer = await this.customers.get(tx, id);
    customer.mustBeAt(version);
    customer.delete(tx.startedAt);
    await this.customers.save(tx, customer);
  }
}
