import { Injectable } from '@nestjs/common';
import { concurrencyConflict, notFound } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import { AppConfig } from '../../platform/config/config.js';
import { Database, violates } from '../../platform/database/database.js';
import type { Sql } from '../../platform/database/sql.js';
import type { Statement } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';
import { Vault } from '../../platform/vault/vault.js';
import type { ExternalReference } from '../contract/customer-directory.js';
import { CustomerChanged, CustomerDeleted, CustomerErased, CustomerRegistered } from '../contract/events.js';
import type { ContactPoint } from '../domain/contact-point.js';
import { Customer, type CustomerState } from '../domain/customer.js';
import { duplicateOf, erased } from '../domain/customer-errors.js';
import { regionOf } from '../domain/postal-address.js';
import { CustomerMapper } from './customer-mapper.js';
import { ADD, BY_CONTACTS, BY_EXTERNAL_IDS, ERASE, FIND, FIND_AND_LOCK, SAVE, TAKEN_BY, type CustomerRow } from './customer.statements.js';
import { SoughtBy, type ContactDigest } from './sought-by.js';

/** Customers as they are stored. What is written, its event and its audit row go together, so none can be forgotten. */
@Injectable()
export class CustomerRepository {
  constructor(
    private readonly database: Database,
    private readonly mapper: CustomerMapper,
    private readonly soughtBy: SoughtBy,
    private readonly vault: Vault,
    private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `missing`, or `gone` once erased. */
  get(tx: Tx, id: Id): Promise<Customer> {
    return this.load(tx, FIND, id);
  }

  /** As `get`; others who would change them wait until `tx` ends. */
  getLocked(tx: Tx, id: Id): Promise<Customer> {
    return this.load(tx, FIND_AND_LOCK, id);
  }

  /** Whoever has any of these external ids. */
  async idsByExternalIds(tx: Tx, references: readonly ExternalReference[]): Promise<Id[]> {
    const rows = await tx.query(BY_EXTERNAL_IDS, columnsOf(references));
    return rows.map((row) => row.customer_id);
  }

  /** Whoever is identified by any of these contact points. */
  async idsByContacts(tx: Tx, points: readonly ContactPoint[]): Promise<Id[]> {
    const identifying = this.soughtBy.digestsOf(points).filter(({ shared }) => !shared);
    const rows = await tx.query(BY_CONTACTS, [identifying.map(({ digest }) => digest)]);
    return rows.map((row) => row.customer_id);
  }

  /** @throws DomainError `conflict/duplicate_customer` with the id of whoever has one of the external ids, phones or e-mail addresses. */
  async add(tx: Tx, customer: Customer): Promise<void> {
    const { current } = customer;
    const { key, sealed } = await this.mapper.seal(customer);
    const contacts = this.soughtBy.digestsOf(current.contactPoints);
    const { country, province, city } = regionOf(current.addresses);
    const [taken] = await this.orDuplicate(current, contacts, () =>
      tx.query(ADD, [
        current.id, key.masterKeyId, key.wrappedKey,
        current.gender, current.language, country, province, city, current.source, current.tags, current.createdAt, current.updatedAt,
        sealed, ...columnsOf(current.externalIds), ...digestColumnsOf(contacts), this.soughtBy.gramsOf(current), this.config.currency,
      ]),
    );
    if (taken) throw duplicateOf(taken.customer_id);
    tx.record(CustomerRegistered.of(current.id, { customerId: current.id, registeredAt: current.createdAt.toISOString(), source: current.source }));
    tx.audit({ action: 'customer.registered', subjectType: 'customer', subjectId: current.id });
  }

  /** Writes what changed, if anything did. @throws DomainError `stale` if somebody was faster, or as `add`. */
  async save(tx: Tx, customer: Customer): Promise<void> {
    if (!customer.isChanged) return;
    const { current } = customer;
    // Only living customers are identified by their contact points.
    const contacts = current.status === 'active' ? this.soughtBy.digestsOf(current.contactPoints) : [];
    const { country, province, city } = regionOf(current.addresses);
    const { sealed } = await this.mapper.seal(customer);
    const [result] = await this.orDuplicate(current, contacts, () =>
      tx.query(SAVE, [
        current.id, customer.storedVersion, current.status,
        current.gender, current.language, country, province, city, current.tags, current.updatedAt,
        sealed, ...columnsOf(current.externalIds), ...digestColumnsOf(contacts), this.soughtBy.gramsOf(current),
      ]),
    );
    if (result?.taken_by) throw duplicateOf(result.taken_by);
    if (!result?.saved) throw concurrencyConflict('customer', current.id);
    this.announce(tx, customer);
  }

  /** Destroys the person's key and every row that tells who it was. @throws DomainError `missing`, or `gone` the second time. */
  async erase(tx: Tx, id: Id): Promise<void> {
    // The lock comes first, so that the next statement sees what a change under way may just have added.
    const [row] = await tx.query(FIND_AND_LOCK, [id]);
    if (!row) throw notFound('customer', id);
    if (row.status === 'erased') throw erased(id);
    await tx.query(ERASE, [id, tx.startedAt]);
    await this.vault.destroy(tx, id, tx.startedAt);
    tx.record(CustomerErased.of(id, { customerId: id }));
    tx.audit({ action: 'customer.erased', subjectType: 'customer', subjectId: id });
  }

  private async load(from: Sql, statement: Statement<CustomerRow>, id: Id): Promise<Customer> {
    const [row] = await from.query(statement, [id]);
    if (!row) throw notFound('customer', id);
    return this.mapper.toCustomer(row);
  }

  private announce(tx: Tx, { current, changedFields }: Customer): void {
    const subject = { subjectType: 'customer', subjectId: current.id };
    if (current.status === 'deleted') {
      tx.record(CustomerDeleted.of(current.id, { customerId: current.id }));
      tx.audit({ action: 'customer.deleted', ...subject });
    } else {
      tx.record(CustomerChanged.of(current.id, { customerId: current.id, version: current.version, fields: changedFields }));
      tx.audit({ action: 'customer.changed', ...subject, fields: changedFields });
    }
  }

  /**
   * The statement itself looks for another with the same identity. What it cannot see, another transaction being about to commit, the
   * unique indexes stop; this transaction is broken then, so the other's id is asked for outside of it.
   */
  private async orDuplicate<T>({ id, externalIds }: CustomerState, contacts: readonly ContactDigest[], write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!violates(error, 'external_id_pkey') && !violates(error, 'contact_index_identity')) throw error;
      const [, digests, shareds] = digestColumnsOf(contacts);
      const [other] = await this.database.query(TAKEN_BY, [...columnsOf(externalIds), digests, shareds, id]);
      throw other ? duplicateOf(other.customer_id) : error;
    }
  }
}

function columnsOf(references: readonly ExternalReference[]): [systems: string[], ids: string[]] {
  return [references.map(({ system }) => system), references.map(({ id }) => id)];
}

function digestColumnsOf(contacts: readonly ContactDigest[]): [kinds: string[], digests: Buffer[], shareds: boolean[]] {
  return [contacts.map(({ kind }) => kind), contacts.map(({ digest }) => digest), contacts.map(({ shared }) => shared)];
}
