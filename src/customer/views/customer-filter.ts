import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import type { Composed } from '../../platform/database/statement.js';
import { PhoneNumbers } from '../../platform/text/phone-numbers.js';
import type { CustomerStatus, ExternalReference } from '../contract/customer-directory.js';
import { emailIdentity, normalizeEmail } from '../domain/email-address.js';
import type { Gender } from '../domain/details.js';
import type { Profile } from '../domain/profile.js';
import { SoughtBy } from '../persistence/sought-by.js';

/** What a list of customers can be narrowed by; several are joined by "and". Instants are RFC 3339, amounts minor units. */
export interface CustomerFilter {
  readonly status: readonly CustomerStatus[];
  readonly tagsAny?: readonly string[];
  readonly tagsAll?: readonly string[];
  readonly tagsNone?: readonly string[];
  readonly gender?: readonly Gender[];
  readonly source?: readonly string[];
  readonly country?: readonly string[];
  readonly province?: readonly string[];
  readonly city?: readonly string[];
  readonly createdAtGte?: string;
  readonly createdAtLt?: string;
  readonly lastOrderAtGte?: string;
  readonly lastOrderAtLt?: string;
  readonly orderCountGte?: number;
  readonly orderCountLte?: number;
  readonly spentGte?: number;
  readonly spentLte?: number;
  readonly phone?: string;
  readonly email?: string;
  readonly externalId?: ExternalReference;
  /** A fragment of a name or of a phone. */
  readonly q?: string;
}

type Column = keyof Omit<CustomerFilter, 'phone' | 'email' | 'externalId' | 'q' | 'status'>;

/** How each column is compared; the value is a parameter between the two texts. */
const COMPARISONS: { readonly [Name in Column]: readonly [before: string, cast: string, after: string] } = {
  tagsAny: ['and f.tags &&', '::text[]', ''],
  tagsAll: ['and f.tags @>', '::text[]', ''],
  tagsNone: ['and not f.tags &&', '::text[]', ''],
  gender: ['and f.gender = any(', '::text[]', ')'],
  source: ['and f.source = any(', '::text[]', ')'],
  country: ['and f.country = any(', '::text[]', ')'],
  province: ['and f.province = any(', '::text[]', ')'],
  city: ['and f.city = any(', '::text[]', ')'],
  createdAtGte: ['and f.created_at >=', '::timestamptz', ''],
  createdAtLt: ['and f.created_at <', '::timestamptz', ''],
  lastOrderAtGte: ['and f.last_order_at >=', '::timestamptz', ''],
  // A customer without orders has no last order, early as its stand-in sorts.
  lastOrderAtLt: ["and f.last_order_at > '-infinity' and f.last_order_at <", '::timestamptz', ''],
  orderCountGte: ['and f.order_count >=', '::int', ''],
  orderCountLte: ['and f.order_count <=', '::int', ''],
  spentGte: ['and f.spent_minor >=', '::bigint', ''],
  spentLte: ['and f.spent_minor <=', '::bigint', ''],
};

/** Turns filters into the conditions of a statement over `customer.features f`. */
@Injectable()
export class CustomerFilters {
  constructor(
    private readonly soughtBy: SoughtBy,
    private readonly phones: PhoneNumbers,
  ) {}

  /** Adds `from … joins … where …`. @throws DomainError malformed for a phone, e-mail or fragment that cannot be looked for. */
  add<Row>(query: Composed<Row>, filter: CustomerFilter, joins = ''): void {
    query.add('from customer.features f', joins);
    if (filter.q !== undefined) query.add('join customer.search s on s.customer_id = f.customer_id');
    this.addStatus(query, filter.status);
    for (const name of Object.keys(COMPARISONS) as Column[]) {
      const value = filter[name];
      if (value === undefined) continue;
      const [before, cast, after] = COMPARISONS[name];
      query.add(before).param(value, cast).add(after);
    }
    if (filter.phone !== undefined) addDigest(query, this.soughtBy.digest('phone', this.e164(filter.phone)));
    if (filter.email !== undefined) addDigest(query, this.soughtBy.digest('email', mailbox(filter.email)));
    if (filter.externalId !== undefined) addExternalId(query, filter.externalId);
    if (filter.q !== undefined) this.addFragment(query, filter.q);
  }

  /** Does an opened profile hold the fragment its row was found by? */
  matches(fragment: string, profile: Profile): boolean {
    return this.soughtBy.matches(fragment, profile);
  }

  /** A single status is compared by `=`, so that the index on it and the sort key gives its rows in order. */
  private addStatus<Row>(query: Composed<Row>, status: readonly CustomerStatus[]): void {
    if (status.length === 1) query.add('where f.status =').param(status[0]);
    else query.add('where f.status = any(').param(status, '::text[]').add(')');
  }

  private addFragment<Row>(query: Composed<Row>, fragment: string): void {
    const [first, second] = this.soughtBy.gramsOfFragment(fragment);
    if (!first) throw unfit('q', 'query_too_short', 'must hold two letters, one Chinese character or three digits');
    query.add('and (s.grams @>').param(first, '::int[]');
    if (second) query.add('or s.grams @>').param(second, '::int[]');
    query.add(')');
  }

  private e164(text: string): string {
    const number = this.phones.e164(text);
    if (number === undefined) throw unfit('phone', 'invalid_phone', 'is not a telephone number; look for a part of one with q');
    return number;
  }
}

function mailbox(text: string): string {
  const address = normalizeEmail(text);
  if (address === undefined) throw unfit('email', 'invalid_email', 'is not an e-mail address');
  return emailIdentity(address);
}

/** Gathered first, so that one or two rows of the list are read by their key. */
function addDigest<Row>(query: Composed<Row>, digest: Buffer): void {
  query
    .add('and f.customer_id = any(array(select customer_id from customer.contact_index where not shared and digest =').param(digest, '::bytea')
    .add('union all select customer_id from customer.contact_index where shared and digest =').param(digest, '::bytea')
    .add('))');
}

function addExternalId<Row>(query: Composed<Row>, { system, id }: ExternalReference): void {
  query
    .add('and f.customer_id = any(array(select customer_id from customer.external_id where system =').param(system)
    .add('and id =').param(id)
    .add('))');
}

function unfit(name: string, code: string, detail: string): DomainError {
  return new DomainError('malformed', code, `The query parameter ${name} ${detail}.`, { errors: [{ pointer: `?${name}`, code, detail }] });
}
