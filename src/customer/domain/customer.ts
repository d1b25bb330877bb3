import { concurrencyConflict, DomainError } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import type { CustomerStatus } from '../contract/customer-directory.js';
import { deleted } from './customer-errors.js';
import type { DetailName, Details } from './details.js';

/** A customer whose record can be read. An erased one is no customer any more, only figures. */
export interface CustomerState extends Details {
  readonly id: Id;
  /** From 1, one more with each change. */
  readonly version: number;
  readonly status: Exclude<CustomerStatus, 'erased'>;
  readonly source: string;
  /** When somebody first knew them, which may be long before this record. */
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Origin {
  readonly source: string;
  readonly createdAt: Date;
}

const NOTHING_KNOWN: Details = {
  bornOn: null, name: null, contactPoints: [], addresses: [], note: null, externalIds: [], gender: null, language: null, tags: [],
};

/** One person and what is known of them. Knows nothing of other customers: that two are not the same is kept by unique indexes. */
export class Customer {
  private readonly changed = new Set<DetailName>();

  private constructor(
    private state: CustomerState,
    /** The version the database has; 0 if it has none yet. */
    readonly storedVersion: number,
  ) {}

  /** @throws DomainError `rule` if nothing would tell them from anybody else, or if they were known in the future. */
  static register(id: Id, details: Partial<Details>, { source, createdAt }: Origin, at: Date): Customer {
    if (createdAt > at) throw new DomainError('rule', 'created_in_future', `createdAt ${createdAt.toISOString()} lies in the future. Leave it out, or send when they first became known.`);
    const state: CustomerState = { ...NOTHING_KNOWN, ...details, id, version: 1, status: 'active', source, createdAt, updatedAt: at };
    mustBeKnownBySomething(state);
    return new Customer(state, 0);
  }

  static rehydrate(state: CustomerState): Customer {
    return new Customer(state, state.version);
  }

  get id(): Id {
    return this.state.id;
  }

  get current(): CustomerState {
    return this.state;
  }

  /** Names of the details that differ from what was stored, sorted. */
  get changedFields(): readonly DetailName[] {
    return [...this.changed].sort();
  }

  get isChanged(): boolean {
    return this.state.version !== this.storedVersion;
  }

  /** @throws DomainError `stale` if the caller has read another version than this one. */
  mustBeAt(version: number): void {
    if (version !== this.storedVersion) throw concurrencyConflict('customer', this.id);
  }

  /** Takes over the details given; saying what is already known changes nothing. @throws DomainError `conflict` once deleted. */
  change(details: Partial<Details>, at: Date): void {
    this.mustBeActive();
    const names = (Object.keys(details) as DetailName[]).filter((name) => differ(details[name], this.state[name]));
    if (names.length === 0) return;
    for (const name of names) this.changed.add(name);
    this.moveTo({ ...this.state, ...details }, at);
    mustBeKnownBySomething(this.state);
  }

  /** Puts the record away. It stays readable; the phones and e-mail addresses are free for others. @throws DomainError `conflict` the second time. */
  delete(at: Date): void {
    this.mustBeActive();
    this.moveTo({ ...this.state, status: 'deleted' }, at);
  }

  private mustBeActive(): void {
    if (this.state.status !== 'active') throw deleted(this.id);
  }

  private moveTo(state: CustomerState, at: Date): void {
    this.state = { ...state, version: this.storedVersion + 1, updatedAt: at };
  }
}

function mustBeKnownBySomething({ name, contactPoints, externalIds }: CustomerState): void {
  if (name !== null || contactPoints.length > 0 || externalIds.length > 0) return;
  throw new DomainError('rule', 'nobody_in_particular', 'Nothing tells this customer from any other. Give a name, a contact point or an external id.');
}

/** Details are in normal form, so that equal values have equal text. */
function differ(a: unknown, b: unknown): boolean {
  return a !== b && JSON.stringify(a) !== JSON.stringify(b);
}
