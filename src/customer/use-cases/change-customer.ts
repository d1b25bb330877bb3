import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Customer } from '../domain/customer.js';
import type { DetailsInput } from '../domain/details.js';
import { CustomerRepository } from '../persistence/customer.repository.js';
import { DetailsReader } from './details-reader.js';

@Injectable()
export class ChangeCustomer {
  constructor(
    private readonly customers: CustomerRepository,
    private readonly details: DetailsReader,
  ) {}

  /** Merges what is given into the version the caller read; lists replace as a whole. @throws DomainError `stale`, `conflict` or `rule`. */
  async run(tx: Tx, id: Id, version: number, input: DetailsInput): Promise<Customer> {
    const customer = await this.customers.get(tx, id);
    customer.mustBeAt(version);
    customer.change(this.details.read(input, tx.startedAt), tx.startedAt);
    await this.customers.save(tx, customer);
    return customer;
  }
}
