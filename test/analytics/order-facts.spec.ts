import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderFactsView } from '../../src/analytics/views/order-facts.view.js';
import { SYSTEM } from '../../src/kernel/actor.js';
import type { DomainEvent, RecordedEvent } from '../../src/kernel/event.js';
import { newId } from '../../src/kernel/id.js';
import type { Consumers } from '../../src/platform/events/consumers.js';
import { orderEvents } from '../../src/sales/contract/events.js';
import { openBare, type Bare, type Worker } from '../support/bare.js';
import { anOrder, changed, idOf, paid, placed, tell, type Facts } from './told-orders.js';

const hearing = (consumers: Consumers) => consumers.hear({ name: 'analytics.order_facts', hears: orderEvents, handler: new OrderFactsView(), lanes: 2, batch: 4 });

let bare: Bare;
let worker: Worker;
beforeAll(async () => {
  bare = await openBare();
  worker = bare.worker(hearing);
});
afterAll(() => bare?.close());
beforeEach(() => bare.place.asOwner('truncate analytics.order_fact, analytics.customer_total, analytics.payment_fact'));

const hear = async (events: readonly DomainEvent[]) => {
  await tell(bare.database, events);
  await worker.runner.drain();
};

/** Every row there is, as one text. */
async function everything(): Promise<string> {
  const rows = await bare.place.asOwner(`
    select (select json_agg(f order by order_id) from analytics.order_fact f) as facts, (select json_agg(t order by currency, customer_id) from analytics.customer_total t) as totals,
           (select json_agg(p order by payment_id) from analytics.payment_fact p) as payments`);
  return JSON.stringify(rows[0]);
}

/** The totals kept, and what a count of the facts gives: empty if they agree. */
function wrongTotals() {
  return bare.place.asOwner(`
    select * from (select currency, customer_id, orders, total_minor, first_at, last_at from analytics.customer_total) as kept
      full join (select currency, customer_id, count(*)::int as orders, sum(total_minor)::bigint as total_minor, min(placed_at) as first_at, max(placed_at) as last_at
                   from analytics.order_fact where status <> 'cancelled' group by 1, 2) as counted
      using (currency, customer_id, orders, total_minor, first_at, last_at)
     where kept is null or counted is null`);
}

function heard(event: DomainEvent): RecordedEvent {
  return { ...event, id: newId(), position: 0, occurredAt: new Date() };
}

async function somebodyWaits(): Promise<void> {
  for (;;) {
    const [row] = await bare.place.asOwner(`select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    if (row!['waiting'] !== 0) return;
  }
}

/** How an order may stand. */
const STANDS: readonly Partial<Facts>[] = [
  {}, {}, { totalMinor: 7_500 }, { totalMinor: 1 }, { refundedMinor: 100 }, { status: 'cancelled' }, { currency: 'USD' }, { currency: 'USD', totalMinor: 3 },
  { placedAt: '2026-01-01T00:00:00.000Z' }, { placedAt: '2026-02-01T00:00:00.000Z' }, { customerId: idOf('customer', 'B') }, { customerId: idOf('customer', 'C'), totalMinor: 2 },
];

/** The lives of a few orders that change hands, currency, price and state; some are cancelled and taken up again. */
const lives = fc.array(fc.array(fc.constantFrom(...STANDS), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

function told(orders: readonly (readonly Partial<Facts>[])[]): DomainEvent[] {
  return orders.flatMap((life, index) =>
    life.flatMap((facts, step) => {
      const order = anOrder({ ...facts, orderId: idOf('order', index), revision: step + 1 });
      const payment = paid(order, { paymentId: idOf('payment', index), state: step === 0 ? 'authorized' : 'settled' });
      return step === 0 ? [placed(order), payment] : [changed(order), payment];
    }),
  );
}

describe('order facts', () => {
  it('totals are those of the counted orders: a cancelled order leaves, and its customer too if it was the only one', async () => {
    const [kept, dropped] = [anOrder({ totalMinor: 7_000 }), anOrder({ totalMinor: 5_000, placedAt: '2026-02-01T00:00:00.000Z' })];
    const alone = anOrder({ customerId: idOf('customer', 'B') });
    await hear([kept, dropped, alone].map(placed));
    await hear([changed({ ...dropped, revision: 2, status: 'cancelled' }), changed({ ...alone, revision: 2, status: 'cancelled' })]);
    const totals = await bare.place.asOwner('select customer_id, orders, total_minor::int, first_at = last_at as once from analytics.customer_total');
    expect(totals).toEqual([{ customer_id: idOf('customer', 'A'), orders: 1, total_minor: 7_000, once: true }]);
  });

  it('an order that moves to another customer leaves the first', async () => {
    const order = anOrder();
    await hear([placed(order)]);
    await hear([changed({ ...order, revision: 2, customerId: idOf('customer', 'B') })]);
    expect(await bare.place.asOwner('select customer_id, orders from analytics.customer_total')).toEqual([{ customer_id: idOf('customer', 'B'), orders: 1 }]);
  });

  it('a payment promised and captured within one revision ends captured', async () => {
    const order = anOrder();
    const payment = { paymentId: idOf('payment', 1) };
    await hear([placed(order), paid(order, { ...payment, state: 'authorized' }), paid(order, { ...payment, state: 'settled' })]);
    expect(await bare.place.asOwner('select state from analytics.payment_fact')).toEqual([{ state: 'settled' }]);
  });

  it('G10 events out of order and more than once end the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        lives.chain((orders) => {
          const events = told(orders);
          return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events), fc.array(fc.nat(events.length), { maxLength: 3 }));
        }),
        async ([events, shuffled, again, stops]) => {
          await bare.place.asOwner('truncate analytics.order_fact, analytics.customer_total, analytics.payment_fact');
          await hear(events);
          const once = await everything();
          expect(await wrongTotals()).toEqual([]);

          await bare.place.asOwner('truncate analytics.order_fact, analytics.customer_total, analytics.payment_fact');
          const cuts = [0, ...stops.toSorted((one, other) => one - other), shuffled.length];
          for (let piece = 1; piece < cuts.length; piece += 1) {
            await hear(shuffled.slice(cuts[piece - 1], cuts[piece]));
            expect(await wrongTotals()).toEqual([]);
          }
          await hear(again);
          expect(await everything()).toBe(once);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('G10 a replay from the first event gives the same, over what is there and from nothing', async () => {
    const orders = Array.from({ length: 40 }, (_, index) => anOrder({ customerId: idOf('customer', index % 7), currency: index % 3 === 0 ? 'USD' : 'CNY', totalMinor: 100 * index }));
    await hear(orders.flatMap((order, index) => [placed(order), paid(order), ...(index % 5 === 0 ? [changed({ ...order, revision: 2, status: 'cancelled' })] : [])]));
    const before = await everything();
    const start = await bare.place.asOwner(`select min(position) - 1 as position from platform.event_log where aggregate_id = $1`, [orders[0]!.orderId]);
    const replay = async () => {
      await bare.database.transaction(SYSTEM, (tx) => worker.runner.replay(tx, 'analytics.order_facts', Number(start[0]!['position'])));
      await worker.runner.drain();
    };
    await replay();
    expect(await everything()).toBe(before);
    await bare.place.asOwner('truncate analytics.order_fact, analytics.customer_total, analytics.payment_fact');
    await replay();
    expect(await everything()).toBe(before);
  });

  it('a lane that meets a customer another lane is summing waits, and counts what that one committed', async () => {
    const order = anOrder();
    await hear([placed(order), placed(anOrder({ totalMinor: 1 }))]);
    const view = new OrderFactsView();
    const moved = changed({ ...order, revision: 2, customerId: idOf('customer', 'B') });
    const another = placed(anOrder({ totalMinor: 2 }));
    let second: Promise<void> | undefined;
    await bare.database.transaction(SYSTEM, async (first) => {
      await view.apply(first, [heard(moved)]);
      second = bare.database.transaction(SYSTEM, (tx) => view.apply(tx, [heard(another)]));
      await somebodyWaits();
    });
    await second;
    expect(await wrongTotals()).toEqual([]);
  });

  it('G10 two workers at once, with orders that change hands between their lanes: every total is the sum of its orders', async () => {
    const workers = [worker, bare.worker(hearing)];
    for (let round = 0; round < 5; round += 1) {
      const events = Array.from({ length: 400 }, (_, index) =>
        changed(anOrder({ orderId: idOf('order', index % 80), customerId: idOf('customer', (index * 7 + round) % 11), revision: 1 + round * 400 + index, totalMinor: 1 + index })),
      );
      await tell(bare.database, events);
      await Promise.all(workers.map(({ runner }) => runner.drain()));
    }
    await worker.runner.drain();
    expect(await wrongTotals()).toEqual([]);
  });
});
