import { Injectable } from '@nestjs/common';
import { Vault, type StoredKey } from '../../platform/vault/vault.js';
import { erased } from '../domain/customer-errors.js';
import { Customer } from '../domain/customer.js';
import { profileOf, profileText } from '../domain/profile.js';
import type { CustomerRow } from './customer.statements.js';

export interface SealedProfile {
  readonly key: StoredKey;
  readonly sealed: Buffer;
}

/** Between rows and customers. */
@Injectable()
export class CustomerMapper {
  /** The key that came with the row, so that saving what was loaded does not ask for it again. */
  private readonly keys = new WeakMap<Customer, StoredKey>();

  constructor(private readonly vault: Vault) {}

  /** @throws DomainError `gone` once erased. */
  async toCustomer(row: CustomerRow): Promise<Customer> {
    const { id, version, status, gender, language, source, tags, created_at: createdAt, updated_at: updatedAt, sealed } = row;
    if (status === 'erased' || sealed === null) throw erased(id);
    const key: StoredKey = { personId: id, masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key };
    const profile = profileOf(await this.vault.open({ ...key, sealed }));
    const customer = Customer.rehydrate({ ...profile, id, version, status, gender, language, source, tags, createdAt, updatedAt });
    this.keys.set(customer, key);
    return customer;
  }

  /** The blob to store; a customer who was not loaded gets a key of their own, whose row is to be stored too. */
  async seal(customer: Customer): Promise<SealedProfile> {
    const key = this.keys.get(customer) ?? (await this.vault.newPerson(customer.id));
    return { key, sealed: await this.vault.seal(key, profileText(customer.current)) };
  }
}
