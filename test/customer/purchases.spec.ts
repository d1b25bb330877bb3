import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SYSTEM } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/id.js';
import { MOST_MINOR } from '../../src/kernel/money.js';
import { CustomerRegistered } from '../../src/customer/contract/events.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { register } from './people.js';
import { anOrder, changed, paid, placed, refunded, salesTells, type Facts } from './told-by-sales.js';

interface Purchases {
  readonly orderCount: number;
  readonly totalSpent: { readonly amount: string };
  readonly [member: string]: unknown;
}

describe('S7 what customers bought', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp({ workers: true });
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  async function purchasesOf(id: string, event: string): Promise<Purchases> {
    const { body } = await http.get(`/v1/customers/${id}/overview`).set('Wait-For-Event', event).expect(200);
    return (body as { purchases: Purchases }).purchases;
  }

  it('add up to more than a number keeps, to the last cent', async () => {
    const { id } = await register(http, { name: '李娜' });
    const largest = Array.from({ length: 1_000 }, () => placed(anOrder(id, { totalMinor: MOST_MINOR, refundedMinor: MOST_MINOR })));
    const sum = { amount: '100000000000000.01', currency: 'CNY' };
    expect(await purchasesOf(id, await salesTells(app, ...largest, placed(anOrder(id, { totalMinor: 1, refundedMinor: 1 }))))).toMatchObject({ orderCount: 1_001, totalSpent: sum, totalRefunded: sum });
  });

  it('S7 orders change count, total, last date and mean interval in the next read', async () => {
    const { id } = await register(http, { name: '李娜' });
    const first = anOrder(id, { placedAt: '2026-01-01T00:00:00.000Z', totalMinor: 10_000 });
    expect(await purchasesOf(id, await salesTells(app, placed(first)))).toEqual({
      orderCount: 1, totalSpent: { amount: '100.00', currency: 'CNY' }, totalRefunded: { amount: '0.00', currency: 'CNY' }, otherCurrencies: [],
      firstOrderAt: '2026-01-01T00:00:00.000Z', lastOrderAt: '2026-01-01T00:00:00.000Z', meanIntervalDays: null,
    });
    const second = anOrder(id, { placedAt: '2026-01-08T12:00:00.000Z', totalMinor: 5_050 });
    const third = anOrder(id, { placedAt: '2026-01-11T00:00:00.000Z', totalMinor: 1 });
    expect(await purchasesOf(id, await salesTells(app, placed(third), placed(second)))).toMatchObject({
      orderCount: 3, totalSpent: { amount: '150.51' }, lastOrderAt: '2026-01-11T00:00:00.000Z', meanIntervalDays: 5,
    });
  });

  it('S7 a changed order counts as it is now, a cancelled one not at all, and refunds stand beside', async () => {
    const { id } = await register(http, { name: '王芳' });
    const kept = anOrder(id, { placedAt: '2026-01-01T00:00:00.000Z', totalMinor: 10_000 });
    const dropped = anOrder(id, { placedAt: '2026-02-01T00:00:00.000Z', totalMinor: 7_000 });
    await salesTells(app, placed(kept), placed(dropped), paid({ ...kept, revision: 2, paidMinor: 10_000 }, '2026-01-01T01:00:00.000Z'));
    const event = await salesTells(
      app,
      changed({ ...kept, revision: 3, totalMinor: 12_000 }),
      refunded({ ...kept, revision: 4, totalMinor: 12_000, refundedMinor: 2_000 }, '2026-01-05T00:00:00.000Z'),
      changed({ ...dropped, revision: 2, status: 'cancelled' }),
    );
    expect(await purchasesOf(id, event)).toMatchObject({
      orderCount: 1, totalSpent: { amount: '120.00' }, totalRefunded: { amount: '20.00' }, lastOrderAt: '2026-01-01T00:00:00.000Z', meanIntervalDays: null,
    });
  });

  it('S7 orders in other currencies count but are not converted', async () => {
    const { id } = await register(http, { name: '赵云' });
    const event = await salesTells(app, placed(anOrder(id, { currency: 'JPY', totalMinor: 1500 })), placed(anOrder(id)), placed(anOrder(id, { currency: 'KWD', totalMinor: 1500 })));
    expect(await purchasesOf(id, event)).toMatchObject({
      orderCount: 3,
      totalSpent: { amount: '199.00', currency: 'CNY' },
      otherCurrencies: [
        { orderCount: 1, totalSpent: { amount: '1500', currency: 'JPY' }, totalRefunded: { amount: '0', currency: 'JPY' } },
        { orderCount: 1, totalSpent: { amount: '1.500', currency: 'KWD' }, totalRefunded: { amount: '0.000', currency: 'KWD' } },
      ],
    });
  });

  it('S7 an order that turns out to be another customer\'s moves to them, in whatever order the lanes hear of it', async () => {
    for (let round = 0; round < 15; round += 1) {
      const [mistaken, right] = [await register(http, { name: 'a' }), await register(http, { name: 'b' })];
      const order = anOrder(mistaken.id);
      const told = [placed(order), placed(anOrder(mistaken.id)), changed({ ...order, revision: 2, customerId: right.id }), placed(anOrder(mistaken.id)), placed(anOrder(right.id))];
      await Promise.all(told.map((one) => salesTells(app, one)));
      const last = await salesTells(app, placed(anOrder(right.id)), placed(anOrder(mistaken.id)));
      expect(await purchasesOf(right.id, last)).toMatchObject({ orderCount: 3, totalSpent: { amount: '597.00' } });
      expect(await purchasesOf(mistaken.id, last)).toMatchObject({ orderCount: 3, totalSpent: { amount: '597.00' } });
    }
  });

  it('S7 orders of somebody not yet known count once they are', async () => {
    const id = newId();
    await salesTells(app, placed(anOrder(id)), placed(anOrder(id)));
    // As an importer would bring them: the id was given out before the record was stored.
    const { id: template } = await register(http, { name: '孙权' });
    const event = await app.database.transaction(SYSTEM, async (tx) => {
      for (const [table, column] of [['vault.person_key', 'person_id'], ['customer.customer', 'id'], ['customer.features', 'customer_id']] as const) {
        await tx.client.query(`insert into ${table} select (jsonb_populate_record(r, jsonb_build_object('${column}', $2::text))).* from ${table} r where ${column} = $1`, [template, id]);
      }
      tx.record(CustomerRegistered.of(id, { customerId: id, registeredAt: new Date().toISOString(), source: 'test' }));
      return tx.lastEventId!;
    });
    await http.get('/v1/customers?orderCountGte=2&fields=purchases').set('Wait-For-Event', event).expect(200);
    expect(await app.asOwner('select order_count, spent_minor from customer.features where customer_id = $1', [id])).toEqual([{ order_count: 2, spent_minor: 39_800 }]);
  });

  it('S7 late, doubled and disordered events end in the totals of the latest revisions', async () => {
    const customers = [await register(http, { name: 'a' }), await register(http, { name: 'b' })].map(({ id }) => id);
    const revisions = fc.array(
      fc.record({ order: fc.integer({ min: 0, max: 3 }), revision: fc.integer({ min: 1, max: 6 }), owner: fc.integer({ min: 0, max: 1 }), totalMinor: fc.integer({ min: 0, max: 1_000_000 }), cancelled: fc.boolean() }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(revisions, async (told) => {
        await app.asOwner('delete from customer.purchase where customer_id = any($1)', [customers]);
        const orders = Array.from({ length: 4 }, () => newId());
        // One order and revision is one fact, however often it is told.
        const facts = new Map(told.map((one) => [`${one.order} ${one.revision}`, one]));
        const events = told.map((one) => {
          const { order, revision, owner, totalMinor, cancelled } = facts.get(`${one.order} ${one.revision}`)!;
          return anOrder(customers[owner]!, { orderId: orders[order]!, revision, totalMinor, status: cancelled ? 'cancelled' : 'payment_settled', placedAt: new Date(Date.UTC(2026, 0, 1 + order)).toISOString() });
        });
        const latest = new Map<string, Facts>();
        for (const fact of events) if ((latest.get(fact.orderId)?.revision ?? 0) < fact.revision) latest.set(fact.orderId, fact);
        // Both customers are heard of even if all of their orders went to the other.
        const last = await salesTells(app, ...events.map((fact) => changed(fact)), ...customers.map((id) => CustomerRegistered.of(id, { customerId: id, registeredAt: '2026-01-01T00:00:00Z', source: 'test' })));
        for (const id of customers) {
          const counted = [...latest.values()].filter((fact) => fact.customerId === id && fact.status !== 'cancelled');
          const { orderCount, totalSpent } = await purchasesOf(id, last);
          expect({ orderCount, spent: totalSpent.amount }).toEqual({ orderCount: counted.length, spent: (counted.reduce((sum, fact) => sum + fact.totalMinor, 0) / 100).toFixed(2) });
        }
      }),
      { numRuns: 15 },
    );
  });
});
