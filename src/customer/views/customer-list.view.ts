import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/actor.js';
import type { Id } from '../../kernel/id.js';
import { AuditReads } from '../../platform/audit/audit-reads.js';
import { Database } from '../../platform/database/database.js';
import { countRows, estimateRows, type RowCount } from '../../platform/database/row-count.js';
import { Composed, sql } from '../../platform/database/statement.js';
import { Cursors } from '../../platform/http/cursor.js';
import type { Profile } from '../domain/profile.js';
import { FEATURES_AS_OF } from './as-of.js';
import { CustomerFilters, type CustomerFilter } from './customer-filter.js';
import { PLAIN, PURCHASES } from './members.js';
import { OpenedCustomers, type SealedCustomer } from './opened-customers.js';

/** Each has an index that starts with the status, and ends in the id so that equal keys have an order too. */
const SORTS = {
  createdAt: { column: 'f.created_at', cast: '::timestamptz', descending: false },
  '-createdAt': { column: 'f.created_at', cast: '::timestamptz', descending: true },
  '-lastOrderAt': { column: 'f.last_order_at', cast: '::timestamptz', descending: true },
  '-spent': { column: 'f.spent_minor', cast: '::bigint', descending: true },
  '-orderCount': { column: 'f.order_count', cast: '::int', descending: true },
} as const;

export type CustomerSort = keyof typeof SORTS;
export const CUSTOMER_SORTS = Object.keys(SORTS) as CustomerSort[];

const PLAIN_FIELDS = ['id', 'version', 'status', 'gender', 'language', 'source', 'tags', 'createdAt', 'updatedAt', 'purchases'] as const;
const PERSONAL_FIELDS = ['age', 'bornOn', 'name', 'contactPoints', 'addresses', 'note', 'externalIds'] as const;
export const CUSTOMER_FIELDS = [...PLAIN_FIELDS, ...PERSONAL_FIELDS];
export type CustomerField = (typeof CUSTOMER_FIELDS)[number];

export interface CustomerListAsk {
  readonly filter: CustomerFilter;
  readonly sort: CustomerSort;
  readonly limit: number;
  readonly cursor?: string;
  readonly total?: 'exact' | 'estimate';
  /** Members of each item; all if left out. */
  readonly fields?: readonly CustomerField[];
}

/** The list as JSON text. */
export interface CustomerPage {
  readonly text: string;
  readonly nextCursor: string | null;
}

/** Where a customer stands in the list. */
interface Place {
  readonly id: Id;
  readonly sort_key: string;
}

type ListRow = SealedCustomer & { readonly as_of: string | null };

const READ = sql<ListRow>('customer.list', [`
  select c.id, c.sealed, k.master_key_id, k.wrapped_key,
         (select platform.instant(platform.as_of('{customer.features}'))) as as_of, row_to_json(plain)::text as plain
    from customer.customer c
    join customer.features f on f.customer_id = c.id
    join vault.person_key k on k.person_id = c.id`, PURCHASES, `
    cross join lateral (select`, PLAIN, `, purchases) as plain
   where c.id = any($1::uuid[])`].join(' '));

/**
 * Lists and searches customers, at any depth at the same cost. Filters vary, so finding the page is planned for their values each time,
 * and that over as few tables as possible; what is shown of those on it is a statement that PostgreSQL knows by name.
 */
@Injectable()
export class CustomerListView {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly filters: CustomerFilters,
    private readonly opened: OpenedCustomers,
    private readonly reads: AuditReads,
  ) {}

  async read(actor: Actor, ask: CustomerListAsk): Promise<CustomerPage> {
    const [found, total] = await Promise.all([this.database.compose(this.placesOf(ask)), this.count(ask)]);
    const places = found.slice(0, ask.limit);
    const hasMore = found.length > ask.limit;
    const last = places.at(-1);
    const nextCursor = hasMore && last ? this.cursors.encode(listName(ask), [last.sort_key, last.id]) : null;
    const rows = await this.rowsAt(places);
    const items = await this.itemsOf(actor, rows, ask);
    const asOf = rows[0] ? rows[0].as_of : (await this.database.query(FEATURES_AS_OF))[0]?.as_of;
    const text = `{"data":[${items.join(',')}],"page":${JSON.stringify({ nextCursor, hasMore, ...total })},"asOf":${JSON.stringify(asOf ?? null)}}`;
    return { text, nextCursor };
  }

  /** One more than asked tells whether there is a next page. */
  private placesOf(ask: CustomerListAsk): Composed<Place> {
    const { column, cast, descending } = SORTS[ask.sort];
    const direction = descending ? 'desc' : 'asc';
    const query = new Composed<Place>().add('select f.customer_id as id,', column, '::text as sort_key');
    this.filters.add(query, ask.filter);
    if (ask.cursor !== undefined) {
      const [key, id] = this.cursors.decode(listName(ask), ask.cursor);
      query.add('and (', column, ', f.customer_id)', descending ? '<' : '>', '(').param(key, cast).add(',').param(id, '::uuid').add(')');
    }
    return query.add('order by', column, direction, ', f.customer_id', direction, 'limit').param(ask.limit + 1);
  }

  /** Whoever was removed since their place was found is left out. */
  private async rowsAt(places: readonly Place[]): Promise<ListRow[]> {
    if (places.length === 0) return [];
    const found = await this.database.query(READ, [places.map(({ id }) => id)]);
    const byId = new Map(found.map((row) => [row.id, row]));
    return places.flatMap(({ id }) => byId.get(id) ?? []);
  }

  private count({ filter, total }: CustomerListAsk): Promise<Partial<RowCount>> {
    if (total === undefined) return Promise.resolve({});
    const addFrom = (query: Composed<never>) => this.filters.add(query, filter);
    return total === 'exact' ? countRows(this.database, addFrom) : estimateRows(this.database, addFrom);
  }

  /** Opens, drops what only seemed to hold the fragment, and notes whose data leaves before it does. */
  private async itemsOf(actor: Actor, rows: readonly ListRow[], { filter, fields }: CustomerListAsk): Promise<string[]> {
    if (fields && filter.q === undefined && !fields.some(isPersonal)) return rows.map((row) => pick(row.plain, fields));
    const texts = await this.opened.open(rows);
    const shown = [...rows.keys()].filter((index) => filter.q === undefined || this.filters.matches(filter.q, JSON.parse(texts[index]!) as Profile));
    await this.reads.record(actor, {
      action: filter.q === undefined ? 'customer.listed' : 'customer.searched',
      subjectType: 'customer',
      subjectIds: shown.filter((index) => rows[index]!.sealed !== null).map((index) => rows[index]!.id),
    });
    return shown.map((index) => (fields ? pick(texts[index]!, fields) : texts[index]!));
  }
}

function isPersonal(field: CustomerField): boolean {
  return (PERSONAL_FIELDS as readonly string[]).includes(field);
}

function pick(text: string, fields: readonly CustomerField[]): string {
  const item = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(Object.fromEntries(CUSTOMER_FIELDS.filter((field) => field === 'id' || fields.includes(field)).map((field) => [field, item[field]])));
}

/** The cursor belongs to one order of rows; with other filters it stays valid, since it only says where to go on. */
function listName({ sort }: CustomerListAsk): string {
  return `customers ${sort}`;
}
