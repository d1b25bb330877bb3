import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Customer } from '../domain/customer.js';
import { ambiguous, isDuplicate } from '../domain/customer-errors.js';
import type { Details } from '../domain/details.js';
import { withExternalIds } from '../domain/external-ids.js';
import { CustomerRepository } from '../persistence/customer.repository.js';
import { DetailsReader } from './details-reader.js';
import { RegisterCustomer, type CustomerInput } from './register-customer.js';

export interface Upserted {
  readonly customer: Customer;
  readonly created: boolean;
}

/** Each loser of a race finds the winner's record on its next try; more than one is only needed if the winner rolled back. */
const TRIES = 3;

/**
 * Creates a person or changes the one who has the same key. The key is any of the external ids given or, with none given, any phone or
 * e-mail address that is not shared. A new external id together with somebody else's phone is no key but a clash: whether two records
 * are one person is for a merge to say.
 */
@Injectable()
export class UpsertCustomer {
  constructor(
    private readonly customers: CustomerRepository,
    private readonly details: DetailsReader,
    private readonly register: RegisterCustomer,
  ) {}

  /** @throws DomainError `conflict/duplicate_customer`, `conflict/ambiguous_customer`, `conflict/customer_deleted` or `rule`. */
  async run(tx: Tx, input: CustomerInput): Promise<Upserted> {
    const details = this.details.read(input, tx.startedAt);
    for (let left = TRIES; ; left -= 1) {
      const id = await this.find(tx, details);
      if (id !== undefined) return { customer: await this.merge(tx, id, details), created: false };
      try {
        return { customer: await tx.attempt(() => this.register.add(tx, details, input)), created: true };
      } catch (error) {
        if (!isDuplicate(error) || left === 1) throw error;
      }
    }
  }

  private async find(tx: Tx, { externalIds = [], contactPoints = [] }: Partial<Details>): Promise<Id | undefined> {
    const ids = externalIds.length > 0 ? await this.customers.idsByExternalIds(tx, externalIds) : await this.customers.idsByContacts(tx, contactPoints);
    if (ids.length > 1) throw ambiguous(ids);
    return ids[0];
  }

  /** External ids are added to those known: each system speaks for its own only. */
  private async merge(tx: Tx, id: Id, details: Partial<Details>): Promise<Customer> {
    const customer = await this.customers.getLocked(tx, id);
    const externalIds = withExternalIds(customer.current.externalIds, details.externalIds ?? []);
    customer.change({ ...details, externalIds }, tx.startedAt);
    await this.customers.save(tx, customer);
    return customer;
  }
}
