import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { countRows, estimateRows, type RowCount } from '../../../platform/database/row-count.js';
import { Composed } from '../../../platform/database/statement.js';
import { Cursors } from '../../../platform/http/cursor.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { HEADER_MEMBERS, PARTS } from './order.view.js';

/** Each ends in the id, so that equal keys have an order too. */
const SORTS = {
  '-placedAt': { descending: true },
  placedAt: { descending: false },
} as const;

export type OrderSort = keyof typeof SORTS;
export const ORDER_SORTS = Object.keys(SORTS) as OrderSort[];

export type OrderPartName = keyof typeof PARTS;
export const ORDER_PARTS = Object.keys(PARTS) as OrderPartName[];

export interface OrderFilter {
  readonly customerId?: Id;
  readonly status?: readonly string[];
  readonly sourceStatus?: readonly string[];
  readonly channel?: readonly string[];
  readonly placedAtGte?: Date;
  readonly placedAtLt?: Date;
  readonly externalId?: ExternalReference;
}

export interface OrderListAsk {
  readonly filter: OrderFilter;
  readonly sort: OrderSort;
  readonly expand: readonly OrderPartName[];
  readonly limit: number;
  readonly cursor?: string;
  readonly total?: 'exact' | 'estimate';
}

/** The list as JSON text. */
export interface OrderPage {
  readonly text: string;
  readonly nextCursor: string | null;
}

interface ListRow {
  readonly id: Id;
  readonly sort_key: string;
  readonly text: string;
}

/** Lists orders, at any depth at the same cost. */
@Injectable()
export class OrderListView {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  async read(ask: OrderListAsk): Promise<OrderPage> {
    const [found, total] = await Promise.all([this.database.compose(this.pageOf(ask)), this.count(ask)]);
    const rows = found.slice(0, ask.limit);
    const hasMore = found.length > ask.limit;
    const last = rows.at(-1);
    const nextCursor = hasMore && last ? this.cursors.encode(listName(ask), [last.sort_key, last.id]) : null;
    return { text: `{"data":[${rows.map((row) => row.text).join(',')}],"page":${JSON.stringify({ nextCursor, hasMore, ...total })}}`, nextCursor };
  }

  /** One row more than asked tells whether there is a next page. */
  private pageOf(ask: OrderListAsk): Composed<ListRow> {
    const { descending } = SORTS[ask.sort];
    const direction = descending ? 'desc' : 'asc';
    const query = new Composed<ListRow>().add('select h.id, h.placed_at::text as sort_key, (select row_to_json(o) from (select', HEADER_MEMBERS);
    for (const part of ORDER_PARTS) if (ask.expand.includes(part)) query.add(',', PARTS[part]);
    query.add(') o)::text as text');
    addFilter(query, ask.filter);
    if (ask.cursor !== undefined) {
      const [placedAt, id] = this.cursors.decode(listName(ask), ask.cursor);
      query.add('and (h.placed_at, h.id)', descending ? '<' : '>', '(').param(placedAt, '::timestamptz').add(',').param(id, '::uuid').add(')');
    }
    return query.add('order by h.placed_at', direction, ', h.id', direction, 'limit').param(ask.limit + 1);
  }

  private count({ filter, total }: OrderListAsk): Promise<Partial<RowCount>> {
    if (total === undefined) return Promise.resolve({});
    const addFrom = (query: Composed<never>) => addFilter(query, filter);
    return total === 'exact' ? countRows(this.database, addFrom) : estimateRows(this.database, addFrom);
  }
}

function addFilter(query: Composed<unknown>, filter: OrderFilter): void {
  query.add('from sales.order_header h where true');
  addOrderConditions(query, filter);
}

/** Conditions on `sales.order_header h`, each with its `and`. */
export function addOrderConditions(query: Composed<unknown>, filter: OrderFilter): void {
  const { customerId, status, sourceStatus, channel, placedAtGte, placedAtLt, externalId } = filter;
  if (customerId !== undefined) query.add('and h.customer_id =').param(customerId, '::uuid');
  if (status !== undefined) query.add('and h.status = any (').param(status, '::text[]').add(')');
  if (sourceStatus !== undefined) query.add('and h.source_status = any (').param(sourceStatus, '::text[]').add(')');
  if (channel !== undefined) query.add('and h.channel = any (').param(channel, '::text[]').add(')');
  if (placedAtGte !== undefined) query.add('and h.placed_at >=').param(placedAtGte, '::timestamptz');
  if (placedAtLt !== undefined) query.add('and h.placed_at <').param(placedAtLt, '::timestamptz');
  if (externalId !== undefined) {
    query.add(`and h.id = (select subject_id from sales.external_id where kind = 'order' and system =`).param(externalId.system, '::text');
    query.add('and id =').param(externalId.id, '::text').add(')');
  }
}

/** The cursor belongs to one order of rows; with other filters it stays valid, since it only says where to go on. */
function listName({ sort }: OrderListAsk): string {
  return `orders ${sort}`;
}
