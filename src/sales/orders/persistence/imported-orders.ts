import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { retried, violates } from '../../../platform/database/database.js';
import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { copyRows, type StagingTable } from '../../../platform/transfer/copy.js';
import type { MadeRecord, RevertOutcome } from '../../../platform/transfer/import-definition.js';
import { inSlices } from '../../../platform/transfer/in-slices.js';
import { recordKey, sortOut } from '../../../platform/transfer/take-back.js';
import { OrderChanged, OrderPlaced, OrderWithdrawn, type OrderFacts } from '../../contract/events.js';
import type { OrderState } from '../domain/order-state.js';

/** An order's header without what only `order.load` needs. */
export interface OrderHeader {
  readonly id: Id;
  readonly version: number;
  readonly part_changes: number;
  readonly number: string | null;
  readonly customer_id: Id;
  readonly status: OrderState;
  readonly source_status: string | null;
  readonly channel: string | null;
  readonly currency: string;
  readonly quantity: number;
  readonly total_minor: number;
  readonly paid_minor: number;
  readonly refunded_minor: number;
  readonly cancel_reason: string | null;
  readonly placed_at: Date;
}

/** An order as a file tells it. `stored` is undefined for one that is new. */
export interface ImportedOrder {
  readonly stored: OrderHeader | undefined;
  readonly next: OrderHeader;
  /** True if it got another external id. */
  readonly renamed: boolean;
}

const LOCK = sql<OrderHeader>('order.lock_headers', `
  select id, version, part_changes, number, customer_id, status, source_status, channel, currency, quantity, total_minor, paid_minor, refunded_minor, cancel_reason, placed_at
    from sales.order_header where id = any ($1::uuid[]) order by id for update`);

const NUMBERS = sql<{ id: Id; number: string }>('order.numbers', 'select id, number from sales.order_header where number = any ($1::text[])');

/** Emptied first: one transaction may apply several batches of lines. */
const STAGE: StagingTable = {
  create: `
    create temporary table if not exists stage_order (id uuid, is_new boolean, number text, customer_id uuid, status text, source_status text, channel text,
      currency text, cancel_reason text, placed_at timestamptz) on commit delete rows;
    delete from stage_order`,
  copy: 'copy stage_order (id, is_new, number, customer_id, status, source_status, channel, currency, cancel_reason, placed_at) from stdin',
};

const MERGE = sql<never>('order.merge_staged', `
  with created as (
    insert into sales.order_header (id, version, number, customer_id, status, source_status, channel, currency, cancel_reason, placed_at, created_at, updated_at)
    select id, 1, coalesce(number, 'SO-' || nextval('sales.order_number')), customer_id, status, source_status, channel, currency, cancel_reason, placed_at, $1, $1
      from stage_order where is_new order by id
  )
  update sales.order_header h
     set version = h.version + 1, number = s.number, status = s.status, source_status = s.source_status, channel = s.channel, cancel_reason = s.cancel_reason,
         placed_at = s.placed_at, updated_at = $1
    from stage_order s where s.id = h.id and not s.is_new`);

const WITH_PARTS = sql<{ id: Id }>('order.with_parts', `
  select id from unnest($1::uuid[]) as o (id)
   where exists (select from sales.order_line where order_id = o.id) or exists (select from sales.payment where order_id = o.id)
      or exists (select from sales.refund where order_id = o.id) or exists (select from sales.fulfilment where order_id = o.id)`);

const REMOVE = sql<never>('order.remove', `
  with names as (
    delete from sales.external_id where kind = 'order' and subject_id = any ($1::uuid[])
  )
  delete from sales.order_header where id = any ($1::uuid[])`);

const GIVEN_UP_TO = sql<{ last: number }>('order.numbers_given_up_to', 'select last_value as last from sales.order_number');

/** Steps over the numbers one by one: setting the sequence could set it back while others draw from it. */
const PASS_OVER = sql<never>('order.pass_over_numbers', `
  select count(nextval('sales.order_number')) from generate_series((select last_value from sales.order_number), $1::bigint)`);

/** Numbers as this product gives them. */
const GENERATED = /^SO-(\d{1,12})$/;

/** Orders as files tell them: history, taken as it is given and not judged by the state machine. */
@Injectable()
export class ImportedOrders {
  /** By id. Others who would change them wait until `tx` ends. */
  async locked(tx: Tx, ids: readonly Id[]): Promise<Map<Id, OrderHeader>> {
    const headers = await tx.query(LOCK, [ids]);
    return new Map(headers.map((header) => [header.id, header]));
  }

  /** Which order has each of these numbers. */
  async numbered(from: Sql, numbers: readonly string[]): Promise<Map<string, Id>> {
    const rows = numbers.length === 0 ? [] : await from.query(NUMBERS, [numbers]);
    return new Map(rows.map(({ number, id }) => [number, id]));
  }

  /** The last number that was given to an order here. */
  async givenUpTo(from: Sql): Promise<number> {
    const [row] = await from.query(GIVEN_UP_TO);
    return row!.last;
  }

  /** Stores what is new or differs, with an event and an audit row each. */
  async write(tx: Tx, orders: readonly ImportedOrder[]): Promise<void> {
    if (orders.length === 0) return;
    await copyRows(tx, STAGE, orders.map(({ stored, next }) => [
      next.id, stored === undefined, next.number, next.customer_id, next.status, next.source_status, next.channel, next.currency, next.cancel_reason, next.placed_at,
    ]));
    await this.passOver(tx, orders);
    await merge(tx);
    await inSlices(orders, ({ stored, next }) => {
      const order = factsOf({ ...next, version: (stored?.version ?? 0) + 1 });
      tx.record(stored ? OrderChanged.of(next.id, { order, from: stored.status }, next.customer_id) : OrderPlaced.of(next.id, { order }, next.customer_id));
      tx.audit({ action: stored ? 'order.changed' : 'order.placed', subjectType: 'order', subjectId: next.id });
    });
  }

  /** Numbers that another installation of this product gave are not given again here. */
  private async passOver(tx: Tx, orders: readonly ImportedOrder[]): Promise<void> {
    const last = Math.max(0, ...orders.map(({ stored, next }) => (stored ? 0 : (generatedNumber(next.number) ?? 0))));
    if (last > 0) await tx.query(PASS_OVER, [last]);
  }

  /** Takes back orders that have nothing in them: neither lines nor payments, refunds or fulfilments. */
  async withdraw(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    const headers = await this.locked(tx, records.map(({ id }) => id));
    const used = await tx.query(WITH_PARTS, [[...headers.keys()]]);
    const versions = new Map([...headers.values()].map((header) => [recordKey({ id: header.id, part: 0 }), ownVersion(header)]));
    const { free, kept } = sortOut(records, versions, new Set(used.map(({ id }) => recordKey({ id, part: 0 }))));
    await tx.query(REMOVE, [free.map(({ id }) => id)]);
    for (const { id } of free) {
      const header = headers.get(id)!;
      tx.record(OrderWithdrawn.of(id, { order: factsOf({ ...header, version: header.version + 1 }) }, header.customer_id));
      tx.audit({ action: 'order.withdrawn', subjectType: 'order', subjectId: id });
    }
    return { reverted: free.length, kept };
  }
}

/** The version without the changes that lines and payments out of files made: what a file of orders left behind. */
export function ownVersion({ version, part_changes: partChanges }: OrderHeader): number {
  return version - partChanges;
}

/** The count in a number of this product's own making. */
export function generatedNumber(number: string | null): number | undefined {
  const count = GENERATED.exec(number ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

async function merge(tx: Tx): Promise<void> {
  try {
    await tx.query(MERGE, [tx.startedAt]);
  } catch (error) {
    throw violates(error, 'order_header_pkey') ? retried(error) : error;
  }
}

export function factsOf(header: OrderHeader): OrderFacts {
  return {
    orderId: header.id,
    revision: header.version,
    customerId: header.customer_id,
    status: header.status,
    sourceStatus: header.source_status,
    currency: header.currency,
    totalMinor: header.total_minor,
    paidMinor: header.paid_minor,
    refundedMinor: header.refunded_minor,
    quantity: header.quantity,
    placedAt: header.placed_at.toISOString(),
    channel: header.channel,
  };
}
