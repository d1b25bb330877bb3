import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CustomerRegistered } from '../../src/customer/contract/events.js';
import { FeaturesView } from '../../src/customer/views/features.view.js';
import { SYSTEM } from '../../src/kernel/actor.js';
import type { DomainEvent } from '../../src/kernel/event.js';
import type { Id } from '../../src/kernel/id.js';
import type { AppConfig } from '../../src/platform/config/config.js';
import type { Consumers } from '../../src/platform/events/consumers.js';
import { orderEvents, OrderWithdrawn } from '../../src/sales/contract/events.js';
import { openBare, type Bare, type Worker } from '../support/bare.js';
import { anOrder, changed, type Facts } from './told-by-sales.js';

const CUSTOMERS = ['A', 'B', 'C'].map((name) => idOf('c', name));
const config = { currency: 'CNY' } as AppConfig;
const hearing = (consumers: Consumers) =>
  consumers.hear({ name: 'customer.features', hears: [...orderEvents, CustomerRegistered], handler: new FeaturesView(config), lanes: 2, batch: 3 });

let bare: Bare;
let worker: Worker;
beforeAll(async () => {
  bare = await openBare();
  worker = bare.worker(hearing);
});
afterAll(() => bare?.close());
beforeEach(startOver);

function idOf(kind: 'c' | '0', name: string | number): string {
  return `00000000-${kind}000-7000-8000-${Buffer.from(String(name)).toString('hex').padStart(12, '0')}`;
}

async function startOver(): Promise<void> {
  await bare.place.asOwner('truncate customer.purchase, customer.features');
  await bare.place.asOwner(`insert into customer.features (customer_id, status, created_at, source, tags, currency) select id, 'active', now(), 'test', '{}', 'CNY' from unnest($1::uuid[]) as id`, [CUSTOMERS]);
}

async function tell(events: readonly DomainEvent[]): Promise<void> {
  await bare.database.transaction(SYSTEM, async (tx) => tx.record(...events));
}

async function hear(events: readonly DomainEvent[]): Promise<void> {
  await tell(events);
  await worker.runner.drain();
}

const registered = (customerId: Id) => CustomerRegistered.of(customerId, { customerId, registeredAt: '2026-01-01T00:00:00Z', source: 'test' });

async function logHead(): Promise<number> {
  const [head] = await bare.place.asOwner('select position from platform.log_head');
  return Number(head!['position']);
}

const withdrawn = (order: Facts) => OrderWithdrawn.of(order.orderId, { order }, order.customerId);

/** The customers whose totals are not what a count of their purchases gives. */
function wrongTotals(): Promise<Record<string, unknown>[]> {
  return bare.place.asOwner(`
    with counted as (select * from customer.purchase where status <> 'cancelled')
    select f.customer_id, f.order_count, f.spent_minor, f.refunded_minor, f.first_order_at, f.last_order_at, f.mean_interval_days, f.other_totals, sum.*
      from customer.features f,
           lateral (select count(*) as orders, coalesce(sum(total_minor) filter (where currency = 'CNY'), 0) as spent, coalesce(sum(refunded_minor) filter (where currency = 'CNY'), 0) as refunded,
                           min(placed_at) as first_at, coalesce(max(placed_at), '-infinity') as last_at, count(distinct currency) filter (where currency <> 'CNY') as others,
                           extract(epoch from max(placed_at) - min(placed_at)) / 86400 as days
                      from counted where customer_id = f.customer_id) as sum
     where (f.order_count, f.spent_minor, f.refunded_minor, f.first_order_at, f.last_order_at, jsonb_array_length(f.other_totals))
           is distinct from (orders, spent, refunded, first_at, last_at, others)
        or coalesce(abs(f.mean_interval_days * (orders - 1) - days) > 1e-6, (f.mean_interval_days is null) <> (orders < 2))`);
}

/** How an order may stand. */
const STANDS: readonly Partial<Facts>[] = [
  {}, {}, { totalMinor: 7_500 }, { totalMinor: 1 }, { refundedMinor: 100 }, { status: 'cancelled' }, { currency: 'JPY' }, { currency: 'JPY', totalMinor: 3 },
  { placedAt: '2026-02-01T00:00:00.000Z' }, { placedAt: '2025-12-01T00:00:00.000Z' }, { customerId: CUSTOMERS[1] }, { customerId: CUSTOMERS[2], totalMinor: 2 },
];

/** What sales may tell of one of four orders. One order and revision is one fact, however often it is told. */
const happenings = fc.array(
  fc.record({
    order: fc.nat(3), revision: fc.integer({ min: 1, max: 6 }), stands: fc.constantFrom(...STANDS),
    kind: fc.constantFrom('changed', 'changed', 'changed', 'changed', 'changed', 'changed', 'withdrawn', 'registered'),
  }),
  { minLength: 1, maxLength: 20 },
);

interface Happening {
  readonly order: number;
  readonly revision: number;
  readonly stands: Partial<Facts>;
  readonly kind: string;
}

function eventsOf(told: readonly Happening[]): DomainEvent[] {
  const facts = new Map(told.map((one) => [`${one.order} ${one.revision}`, one.stands]));
  return told.map(({ order, revision, kind }) => {
    const as = anOrder(CUSTOMERS[0]!, { orderId: idOf('0', order), revision, placedAt: `2026-01-0${1 + order}T00:00:00.000Z`, ...facts.get(`${order} ${revision}`) });
    if (kind === 'registered') return registered(as.customerId);
    return kind === 'withdrawn' ? withdrawn(as) : changed(as);
  });
}

describe('totals of purchases', () => {
  it('G10 are the sums over what is kept, after whatever sequence: late, again, moved, cancelled, withdrawn, in another currency', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.array(fc.nat(30), { maxLength: 4 }), async (told, stops) => {
        await startOver();
        const events = eventsOf(told);
        const cuts = [0, ...stops.toSorted((one, other) => one - other), events.length];
        for (let piece = 1; piece < cuts.length; piece += 1) {
          await hear(events.slice(cuts[piece - 1], cuts[piece]));
          expect(await wrongTotals()).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('G10 a replay mends what somebody spoilt, and builds everything from nothing', async () => {
    const replayFrom = async (position: number) => {
      await bare.database.transaction(SYSTEM, (tx) => worker.runner.replay(tx, 'customer.features', position));
      await worker.runner.drain();
    };
    const first = await logHead();
    await hear(CUSTOMERS.map(registered));
    const firstOrder = await logHead();
    await hear(Array.from({ length: 30 }, (_, n) => changed(anOrder(CUSTOMERS[n % 3]!, { orderId: idOf('0', n), totalMinor: 100 * n, placedAt: new Date(Date.UTC(2026, 0, 1 + n)).toISOString() }))));

    await bare.place.asOwner('update customer.features set order_count = 7, spent_minor = spent_minor + 1, last_order_at = now()');
    await replayFrom(firstOrder);
    expect(await wrongTotals()).toEqual([]);

    await bare.place.asOwner('truncate customer.purchase');
    await replayFrom(first);
    expect(await wrongTotals()).toEqual([]);
    expect(await bare.place.asOwner('select sum(order_count)::int as orders from customer.features')).toEqual([{ orders: 30 }]);
  });

  it('G10 two workers at once, with orders that change hands between their lanes: every total is the sum of its orders', async () => {
    const workers = [worker, bare.worker(hearing)];
    for (let round = 0; round < 5; round += 1) {
      await tell(Array.from({ length: 300 }, (_, n) => changed(anOrder(CUSTOMERS[(n * 7 + round) % 3]!, { orderId: idOf('0', n % 60), revision: 1 + round * 300 + n, totalMinor: 1 + n }))));
      await Promise.all(workers.map(({ runner }) => runner.drain()));
    }
    await worker.runner.drain();
    expect(await wrongTotals()).toEqual([]);
  });
});
