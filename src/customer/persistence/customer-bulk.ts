import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import { AppConfig } from '../../platform/config/config.js';
import { retried, violates } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { copyRows, type CopyValue } from '../../platform/transfer/copy.js';
import { inSlices } from '../../platform/transfer/in-slices.js';
import { CustomerChanged, CustomerRegistered } from '../contract/events.js';
import type { Customer } from '../domain/customer.js';
import type { Details } from '../domain/details.js';
import { regionOf } from '../domain/postal-address.js';
import { ADD_STAGED, ADD_STAGED_IDENTITIES, CHANGE_STAGED, FIND_HOLDERS, GATHER_GRAMS, SETTLE_STAGED, STAGED_CONTACTS, STAGED_CUSTOMERS, STAGED_EXTERNAL_IDS } from './bulk.statements.js';
import { CustomerMapper } from './customer-mapper.js';
import { SoughtBy } from './sought-by.js';

/** What two transactions may take at once. */
const IDENTITIES = ['person_key_pkey', 'external_id_pkey', 'contact_index_identity'] as const;

/** Thousands of customers at once, in a handful of statements whatever their number. */
@Injectable()
export class CustomerBulk {
  constructor(
    private readonly mapper: CustomerMapper,
    private readonly soughtBy: SoughtBy,
    private readonly config: AppConfig,
  ) {}

  /** Everybody who has an id that is spoken of, or is identified by a contact point that is; nobody else changes them until `tx` ends. */
  async holdersOf(tx: Tx, spokenOf: readonly { readonly id?: Id; readonly details: Partial<Details> }[]): Promise<Customer[]> {
    const references = spokenOf.flatMap(({ details: { externalIds = [] } }) => externalIds);
    const contacts = (await inSlices(spokenOf, ({ details: { contactPoints = [] } }) => this.soughtBy.digestsOf(contactPoints))).flat().filter(({ shared }) => !shared);
    const rows = await tx.query(FIND_HOLDERS, [
      references.map(({ system }) => system),
      references.map(({ id }) => id),
      contacts.map(({ digest }) => digest),
      spokenOf.flatMap(({ id }) => id ?? []),
    ]);
    return inSlices(rows, (row) => this.mapper.toCustomer(row));
  }

  /**
   * Stores new and changed customers with their events and audit rows. Somebody who took one of the identities since `holdersOf`
   * makes the transaction start over, which then finds them.
   */
  async write(tx: Tx, customers: readonly Customer[]): Promise<void> {
    if (customers.length === 0) return;
    await copyRows(tx, STAGED_CUSTOMERS, await inSlices(customers, (customer) => this.toRow(customer)));
    const renamed = customers.filter((customer) => hasNew(customer, 'externalIds'));
    await copyRows(tx, STAGED_EXTERNAL_IDS, renamed.flatMap(({ id, current }) => current.externalIds.map((reference) => [reference.system, reference.id, id])));
    const reached = customers.filter((customer) => hasNew(customer, 'contactPoints'));
    await copyRows(tx, STAGED_CONTACTS, (await inSlices(reached, (customer) => this.contactRows(customer))).flat());
    try {
      await tx.query(GATHER_GRAMS);
      await tx.query(ADD_STAGED, [this.config.currency]);
      await tx.query(CHANGE_STAGED);
      await tx.query(ADD_STAGED_IDENTITIES);
    } catch (error) {
      throw IDENTITIES.some((constraint) => violates(error, constraint)) ? retried(error) : error;
    }
    await tx.query(SETTLE_STAGED);
    await inSlices(customers, (customer) => announce(tx, customer));
  }

  private async toRow(customer: Customer): Promise<CopyValue[]> {
    const { current, storedVersion } = customer;
    const { key, sealed } = await this.mapper.seal(customer);
    const { country, province, city } = regionOf(current.addresses);
    return [
      current.id, storedVersion, current.gender, current.language, country, province, city, current.source, textArray(current.tags),
      current.createdAt, current.updatedAt, sealed, key.masterKeyId, key.wrappedKey, this.soughtBy.gramsOf(current),
    ];
  }

  private contactRows({ id, current }: Customer): CopyValue[][] {
    return this.soughtBy.digestsOf(current.contactPoints).map(({ kind, digest, shared }) => [id, kind, digest, shared]);
  }
}

/** Only then are there rows that may be missing. */
function hasNew({ storedVersion, changedFields }: Customer, field: 'externalIds' | 'contactPoints'): boolean {
  return storedVersion === 0 || changedFields.includes(field);
}

function announce(tx: Tx, { current, storedVersion, changedFields }: Customer): void {
  const subject = { subjectType: 'customer', subjectId: current.id };
  if (storedVersion === 0) {
    tx.record(CustomerRegistered.of(current.id, { customerId: current.id, registeredAt: current.createdAt.toISOString(), source: current.source }));
    tx.audit({ action: 'customer.registered', ...subject });
  } else {
    tx.record(CustomerChanged.of(current.id, { customerId: current.id, version: current.version, fields: changedFields }));
    tx.audit({ action: 'customer.changed', ...subject, fields: changedFields });
  }
}

/** PostgreSQL's literal of a text[]. */
function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
