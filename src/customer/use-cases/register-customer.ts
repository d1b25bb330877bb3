import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/id.js';
import type { Tx } from '../../platform/database/tx.js';
import { Customer } from '../domain/customer.js';
import type { Details, DetailsInput } from '../domain/details.js';
import { CustomerRepository } from '../persistence/customer.repository.js';
import { DetailsReader } from './details-reader.js';

export interface CustomerInput extends DetailsInput {
  /** When an older system first knew them; now if left out. */
  readonly createdAt?: Date;
  /** Where they came from; `api` if left out. */
  readonly source?: string;
}

@Injectable()
export class RegisterCustomer {
  constructor(
    private readonly customers: CustomerRepository,
    private readonly details: DetailsReader,
  ) {}

  /** @throws DomainError `conflict/duplicate_customer` with the id of whoever has the same identity, or `rule`. */
  run(tx: Tx, input: CustomerInput): Promise<Customer> {
    return this.add(tx, this.details.read(input, tx.startedAt), input);
  }

  /** For details read before. */
  async add(tx: Tx, details: Partial<Details>, { createdAt = tx.startedAt, source = 'api' }: CustomerInput): Promise<Customer> {
    const customer = Customer.register(newId(tx.startedAt.getTime()), details, { source, createdAt }, tx.startedAt);
    await this.customers.add(tx, customer);
    return customer;
  }
}
