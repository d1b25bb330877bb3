import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import type { Tx } from '../../platform/database/tx.js';
import type { CustomerInput } from './register-customer.js';
import { UpsertCustomer, type Upserted } from './upsert-customer.js';

export type Outcome = Upserted | { readonly refused: DomainError };

/** Many upserts in one transaction, each for itself: what one refuses undoes nothing of the others. */
@Injectable()
export class UpsertCustomers {
  constructor(private readonly upsert: UpsertCustomer) {}

  /** One after the other, so that each finds what those before it have brought. */
  async run(tx: Tx, inputs: readonly CustomerInput[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const input of inputs) outcomes.push(await this.attempt(tx, input));
    return outcomes;
  }

  private async attempt(tx: Tx, input: CustomerInput): Promise<Outcome> {
    try {
      return await tx.attempt(() => this.upsert.run(tx, input));
    } catch (error) {
      // A deadlock or a lost connection is no outcome of this one: it ends the whole, which then starts over or is refused.
      if (error instanceof DomainError) return { refused: error };
      throw error;
    }
  }
}
