import { DomainError } from '../../kernel/domain-error.js';
import { madeAt, type Id } from '../../kernel/id.js';
import type { Told, Touched } from '../../platform/transfer/import-definition.js';
import { withAdded } from '../domain/added-details.js';
import { identitiesOf } from '../domain/contact-point.js';
import { Customer } from '../domain/customer.js';
import { ambiguous, duplicateOf } from '../domain/customer-errors.js';
import type { Details } from '../domain/details.js';
import { keyOf } from '../domain/external-ids.js';
import type { CustomerLine } from './read-line.js';

export type LineOutcome = 'created' | 'updated' | 'unchanged';

/** What one record is known by: `own 0192…`, `id shopify 7305`, `at +8613812345678`. */
type Key = string;

/** The people a chunk of lines speaks of, those already stored and those it brings. Lines are taken in order; several may be about one person. */
export class ImportedPeople {
  private readonly holders = new Map<Key, Customer>();
  private readonly seen = new Set<Customer>();
  private readonly spokenOf = new Map<Customer, { readonly line: number; readonly told: Told }>();

  /** @param known everybody stored who has an id, external id, phone or e-mail address that stands in the chunk. */
  constructor(
    known: readonly Customer[],
    private readonly newId: () => Id,
    private readonly at: Date,
  ) {
    for (const customer of known) this.remember(customer);
  }

  /** Those to be stored, new or changed. */
  get changed(): Customer[] {
    return [...this.seen].filter((customer) => customer.isChanged);
  }

  /** Everybody the lines taken speak of. */
  get touched(): Touched[] {
    return [...this.spokenOf].map(([{ id, storedVersion, current }, { line, told }]) => ({ id, part: 0, line, before: storedVersion, version: current.version, told }));
  }

  /** @throws DomainError `conflict` or `rule`; then the line has changed nobody. */
  take({ line, id, details, source = 'import', createdAt }: CustomerLine): LineOutcome {
    const known = this.find(id, details);
    this.mustBeFree(details, known);
    if (!known) {
      const customer = Customer.register(this.idFor(id), details, { source, createdAt: createdAt ?? this.at }, this.at);
      this.remember(customer);
      this.spokenOf.set(customer, { line, told: { at: createdAt } });
      return 'created';
    }
    const before = known.current;
    known.change(withAdded(known.current, details), this.at);
    this.remember(known);
    // When somebody was first known, only the line that creates them tells.
    this.spokenOf.set(known, { line, told: this.spokenOf.get(known)?.told ?? {} });
    return known.current === before ? 'unchanged' : 'updated';
  }

  /**
   * By our own id and any external id given or, with none of them known, by any contact point that is not shared, as in every
   * upsert. An id of another installation is nobody's here, and does not hide who they are.
   * @throws DomainError conflict if that is more than one.
   */
  find(id: Id | undefined, details: Partial<Details>): Customer | undefined {
    const own = ownKey(id).filter((key) => this.holders.has(key));
    const keys = [...own, ...(details.externalIds?.length ? externalKeys(details) : own.length > 0 ? [] : contactKeys(details))];
    const found = [...new Set(keys.flatMap((key) => this.holders.get(key) ?? []))];
    if (found.length > 1) throw ambiguous(found.map(({ id }) => id));
    return found[0];
  }

  /** A file that came from another installation of ours brings the ids people had there. */
  private idFor(given: Id | undefined): Id {
    if (given === undefined) return this.newId();
    const made = madeAt(given);
    if (made !== undefined && made <= this.at.getTime()) return given;
    throw new DomainError('rule', 'unknown_id', `Nobody here has the id ${given}, and it was not made by an installation of ours. Leave it out, or put it under externalIds.<system>.`);
  }

  private mustBeFree(details: Partial<Details>, self: Customer | undefined): void {
    for (const key of contactKeys(details)) {
      const holder = this.holders.get(key);
      if (holder && holder !== self) throw duplicateOf(holder.id);
    }
  }

  private remember(customer: Customer): void {
    this.seen.add(customer);
    for (const key of [...ownKey(customer.id), ...externalKeys(customer.current)]) this.holders.set(key, customer);
    if (customer.current.status !== 'active') return;
    for (const key of contactKeys(customer.current)) this.holders.set(key, customer);
  }
}

function ownKey(id: Id | undefined): Key[] {
  return id === undefined ? [] : [`own ${id}`];
}

function externalKeys({ externalIds = [] }: Partial<Details>): Key[] {
  return externalIds.map((reference) => `id ${keyOf(reference)}`);
}

function contactKeys({ contactPoints = [] }: Partial<Details>): Key[] {
  return identitiesOf(contactPoints).filter(({ shared }) => !shared).map(({ value }) => `at ${value}`);
}
