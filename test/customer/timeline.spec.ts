import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/kernel/id.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { register, type Person } from './people.js';
import { anOrder, changed, fulfilled, paid, placed, refunded, salesTells } from './told-by-sales.js';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly event: string;
  readonly facts: Record<string, unknown>;
}

interface Timeline {
  readonly data: Entry[];
  readonly page: { readonly nextCursor: string | null; readonly hasMore: boolean };
  readonly asOf: string;
}

describe('S6 the timeline of a customer', () => {
  let app: TestApp;
  let http: Http;
  let person: Person;

  beforeAll(async () => {
    app = await startApp({ now: '2026-03-01T00:00:00.000Z' });
    http = await app.asAdmin();
    person = await register(http, { name: '李娜', createdAt: '2021-05-04T10:00:00Z' });
  });
  afterAll(() => app?.close());

  const read = async (query: Record<string, string | number> = {}, id = person.id): Promise<Timeline> =>
    (await http.get(`/v1/customers/${id}/timeline`).query(query).expect(200)).body as Timeline;

  it('S6 tells purchases, payments, refunds, deliveries and changes of the record, latest first', async () => {
    const order = anOrder(person.id, { placedAt: '2026-01-10T02:00:00.000Z' });
    await salesTells(
      app,
      placed(order),
      paid({ ...order, revision: 2, paidMinor: 19_900, status: 'payment_settled' }, '2026-01-10T02:05:00.000Z'),
      fulfilled({ ...order, revision: 3, status: 'shipped' }, '2026-01-11T09:00:00.000Z'),
      refunded({ ...order, revision: 4, refundedMinor: 5_000, status: 'shipped' }, '2026-01-20T09:00:00.000Z'),
      changed({ ...order, revision: 5, status: 'delivered' }, 'shipped'),
    );
    app.clock.advance(1000);
    await http.patch(`/v1/customers/${person.id}`).set('If-Match', '"1"').send({ name: '李 娜', note: 'secret words' }).expect(200);
    await app.drainEvents();

    const { data, asOf } = await read();
    expect(data.map(({ at, kind, event }) => `${at} ${kind} ${event}`)).toEqual([
      '2026-03-01T00:00:01.000Z profile customer.changed',
      '2026-03-01T00:00:00.000Z purchase sales.order_changed',
      '2026-01-20T09:00:00.000Z refund sales.refund_recorded',
      '2026-01-11T09:00:00.000Z fulfilment sales.fulfilment_recorded',
      '2026-01-10T02:05:00.000Z payment sales.payment_recorded',
      '2026-01-10T02:00:00.000Z purchase sales.order_placed',
      '2021-05-04T10:00:00.000Z profile customer.registered',
    ]);
    expect(data[0]!.facts).toEqual({ fields: ['name', 'note'] });
    expect(data[1]!.facts).toEqual({ orderId: order.orderId, status: 'delivered', from: 'shipped', amount: { amount: '199.00', currency: 'CNY' } });
    expect(data[4]!.facts).toMatchObject({ orderId: order.orderId, method: 'credit_card', status: 'settled', amount: { amount: '199.00', currency: 'CNY' } });
    expect(Date.parse(asOf)).not.toBeNaN();
    expect((await read({ kind: 'payment,refund' })).data.map(({ kind }) => kind)).toEqual(['refund', 'payment']);
    await http.get(`/v1/customers/${person.id}/timeline?kind=gossip`).expect(400);
  });

  it('S6 pages stay as they are while new and old entries come in', async () => {
    const other = await register(http, { name: '王芳' });
    // Five instants for fifty orders: many entries share one.
    const orders = Array.from({ length: 50 }, (_, index) => anOrder(other.id, { placedAt: `2026-01-0${(index % 5) + 1}T00:00:00.000Z` }));
    await salesTells(app, ...orders.map(placed));
    await app.drainEvents();
    const before = (await read({ limit: 200 }, other.id)).data.map(({ id }) => id);
    expect(before).toHaveLength(51);

    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { data, page } = await read({ limit: 7, ...(cursor === undefined ? {} : { cursor }) }, other.id);
      seen.push(...data.map(({ id }) => id));
      cursor = page.nextCursor;
      await salesTells(app, placed(anOrder(other.id, { placedAt: '2026-02-01T00:00:00.000Z' })), placed(anOrder(other.id, { placedAt: '2026-01-03T00:00:00.000Z' })));
      await app.drainEvents();
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
  });

  it('S6 hearing an event again adds nothing', async () => {
    const before = await read({ limit: 200 });
    await app.asOwner(`update platform.consumer set position = 0 where name = 'customer.timeline'`);
    await app.drainEvents();
    expect((await read({ limit: 200 })).data).toEqual(before.data);
    expect(await app.asOwner('select from platform.parked_event')).toEqual([]);
  });

  it('S6 keeps what it hears of people not yet known', async () => {
    const { id } = await register(http, { name: '赵云' });
    const unknown = newId();
    await salesTells(app, placed(anOrder(unknown)), placed(anOrder(id)));
    await app.drainEvents();
    await http.get(`/v1/customers/${unknown}/timeline`).expect(404);
    expect(await app.asOwner('select from customer.timeline_entry where customer_id = $1', [unknown])).toHaveLength(1);
  });

  it('shows one customer at a glance: profile, totals, last orders, last entries', async () => {
    const { id } = await register(http, { name: '周瑜', tags: ['vip'], contactPoints: [{ kind: 'phone', value: '13911112222' }] });
    const orders = Array.from({ length: 25 }, (_, index) => anOrder(id, { totalMinor: 1000, placedAt: new Date(Date.UTC(2026, 0, 1 + index)).toISOString() }));
    await salesTells(app, ...orders.map(placed), changed({ ...orders[24]!, revision: 2, status: 'cancelled' }));
    await app.drainEvents();
    const { body, text } = await http.get(`/v1/customers/${id}/overview`).expect(200);
    const overview = body as { customer: object; purchases: object; lastOrders: { id: string }[]; timeline: Entry[]; asOf: string };
    expect(Object.keys(overview)).toEqual(['customer', 'purchases', 'lastOrders', 'timeline', 'asOf']);
    expect(overview.customer).toEqual((await http.get(`/v1/customers/${id}`)).body);
    expect(overview.purchases).toEqual({
      orderCount: 24, totalSpent: { amount: '240.00', currency: 'CNY' }, totalRefunded: { amount: '0.00', currency: 'CNY' }, otherCurrencies: [],
      firstOrderAt: '2026-01-01T00:00:00.000Z', lastOrderAt: '2026-01-24T00:00:00.000Z', meanIntervalDays: 1,
    });
    expect(overview.lastOrders.map((order) => order.id)).toEqual(orders.slice(5).reverse().map(({ orderId }) => orderId));
    expect(overview.lastOrders[0]).toEqual({
      id: orders[24]!.orderId, status: 'cancelled', channel: 'web', quantity: 1, total: { amount: '10.00', currency: 'CNY' },
      paid: { amount: '0.00', currency: 'CNY' }, refunded: { amount: '0.00', currency: 'CNY' }, placedAt: '2026-01-25T00:00:00.000Z',
    });
    expect(overview.timeline).toHaveLength(20);
    expect(text).not.toContain('"facts":"');
  });
});
