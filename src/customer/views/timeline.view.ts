import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/domain-error.js';
import type { RecordedEvent } from '../../kernel/event.js';
import type { Id } from '../../kernel/id.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';
import type { EventHandler } from '../../platform/events/consumers.js';
import { cutAtReturns } from '../../platform/events/cut-at-returns.js';
import { Cursors } from '../../platform/http/cursor.js';
import type { CustomerStatus } from '../contract/customer-directory.js';
import { erased } from '../domain/customer-errors.js';
import { FulfilmentWithdrawn, OrderWithdrawn, PaymentWithdrawn, RefundWithdrawn, type OrderFacts } from '../../sales/contract/events.js';
import { CustomerWithdrawn } from '../contract/events.js';
import { entryOf, type TimelineFacts, type TimelineKind } from './timeline-entry.js';

/** An event heard again has the same customer, instant and id, and so finds its own entry. */
const WRITE = sql<never>('customer.write_timeline', `
  insert into customer.timeline_entry (customer_id, at, id, kind, event, facts)
  select * from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::json[])
  on conflict do nothing`);

const FORGET_RECORDS = sql<never>('customer.forget_records', `
  delete from customer.timeline_entry t
   using unnest($1::uuid[], $2::text[], $3::text[]) as gone (customer_id, fact, id)
   where t.customer_id = gone.customer_id and t.facts ->> gone.fact = gone.id`);

const FORGET_CUSTOMERS = sql<never>('customer.forget_timelines', 'delete from customer.timeline_entry where customer_id = any($1::uuid[])');

interface TimelineRow {
  readonly status: CustomerStatus;
  readonly as_of: string | null;
  /** All three null on the one row of a customer without entries. */
  readonly id: Id | null;
  readonly sort_key: string | null;
  readonly entry: string | null;
}

const PAGE = sql<TimelineRow>('customer.timeline', `
  select c.status, platform.instant(platform.as_of('{customer.timeline}')) as as_of, page.id, page.sort_key, page.entry
    from customer.customer c
    left join lateral (
      select t.id, t.at::text as sort_key,
             (select row_to_json(entry) from (select t.id, platform.instant(t.at) as at, t.kind, t.event, t.facts) entry)::text as entry
        from customer.timeline_entry t
       where t.customer_id = c.id and (t.at, t.id) < ($2::timestamptz, $3::uuid) and ($4::text[] is null or t.kind = any($4))
       order by t.at desc, t.id desc
       limit $5) page on true
   where c.id = $1`);

/** Later than anything, so that the first page needs no statement of its own. */
const BEFORE_ALL = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;
const LIST = 'customer timeline';

export interface TimelineAsk {
  readonly kinds?: readonly TimelineKind[];
  readonly limit: number;
  readonly cursor?: string;
}

/** The list as JSON text, latest first. */
export interface TimelinePage {
  readonly text: string;
  readonly nextCursor: string | null;
}

/** Everything that happened with a customer. Accepts facts about people not yet known; they show once the person is there. */
@Injectable()
export class TimelineView implements EventHandler {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const part of cutAtReturns(events, withdrawnBy, toldOf)) await this.write(tx, part);
  }

  private async write(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const entries = events.flatMap((event) => {
      const entry = entryOf(event);
      return entry ? [{ ...entry, id: event.id, event: event.name }] : [];
    });
    await tx.query(WRITE, [
      entries.map(({ customerId }) => customerId),
      entries.map(({ at }) => at),
      entries.map(({ id }) => id),
      entries.map(({ kind }) => kind),
      entries.map(({ event }) => event),
      entries.map(({ facts }) => JSON.stringify(facts)),
    ]);
    await this.forget(tx, events);
  }

  private async forget(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const customers = events.filter((event) => CustomerWithdrawn.is(event)).map(({ payload }) => payload.customerId);
    if (customers.length > 0) await tx.query(FORGET_CUSTOMERS, [customers]);
    const records = events.flatMap((event) => withdrawnRecord(event) ?? []);
    if (records.length === 0) return;
    await tx.query(FORGET_RECORDS, [records.map(({ order }) => order.customerId), records.map(({ fact }) => fact), records.map(({ id }) => id)]);
  }

  /** @throws DomainError `missing`, or `gone` once erased. */
  async read(customerId: Id, { kinds, limit, cursor }: TimelineAsk): Promise<TimelinePage> {
    const [at, id] = cursor === undefined ? BEFORE_ALL : this.cursors.decode(LIST, cursor);
    // One row more than asked tells whether there is a next page.
    const found = await this.database.query(PAGE, [customerId, at, id, kinds ?? null, limit + 1]);
    const [first] = found;
    if (!first) throw notFound('customer', customerId);
    if (first.status === 'erased') throw erased(customerId);
    const rows = found.slice(0, limit).filter((row) => row.entry !== null);
    const last = rows.at(-1);
    const hasMore = found.length > limit;
    const nextCursor = hasMore && last ? this.cursors.encode(LIST, [last.sort_key, last.id]) : null;
    const text = `{"data":[${rows.map((row) => row.entry).join(',')}],"page":${JSON.stringify({ nextCursor, hasMore })},"asOf":${JSON.stringify(first.as_of)}}`;
    return { text, nextCursor };
  }
}

function withdrawnBy(event: RecordedEvent): Id | undefined {
  return CustomerWithdrawn.is(event) ? event.payload.customerId : withdrawnRecord(event)?.id;
}

function toldOf(event: RecordedEvent): Id[] {
  const entry = entryOf(event);
  if (!entry) return [];
  const { orderId, paymentId, refundId, fulfilmentId } = entry.facts;
  return [entry.customerId, ...[orderId, paymentId, refundId, fulfilmentId].filter((id) => id !== undefined)];
}

interface WithdrawnRecord {
  readonly order: OrderFacts;
  /** The fact by which entries name the record. */
  readonly fact: keyof TimelineFacts;
  readonly id: Id;
}

function withdrawnRecord(event: RecordedEvent): WithdrawnRecord | undefined {
  if (OrderWithdrawn.is(event)) return { order: event.payload.order, fact: 'orderId', id: event.payload.order.orderId };
  if (PaymentWithdrawn.is(event)) return { order: event.payload.order, fact: 'paymentId', id: event.payload.paymentId };
  if (RefundWithdrawn.is(event)) return { order: event.payload.order, fact: 'refundId', id: event.payload.refundId };
  if (FulfilmentWithdrawn.is(event)) return { order: event.payload.order, fact: 'fulfilmentId', id: event.payload.fulfilmentId };
  return undefined;
}
