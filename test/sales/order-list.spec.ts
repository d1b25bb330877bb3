import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { cny, Selling, type OrderBody } from './selling.js';

interface ListedOrder extends OrderBody {
  readonly placedAt: string;
  readonly channel: string;
  readonly sourceStatus: string;
  readonly externalIds: readonly { readonly id: string }[];
}

interface PageBody {
  readonly data: readonly ListedOrder[];
  readonly page: { readonly nextCursor: string | null; readonly hasMore: boolean; readonly total?: number };
}

describe('S2 listing orders', () => {
  let app: TestApp;
  let selling: Selling;
  const orders: ListedOrder[] = [];

  beforeAll(async () => {
    app = await startApp({ now: '2026-03-01T08:00:00.000Z' });
    selling = await Selling.start(app);
    for (let index = 0; index < 9; index += 1) {
      // Three of each instant, so that the id must tell them apart.
      orders.push((await selling.place({ placedAt: `2026-01-0${1 + Math.floor(index / 3)}T00:00:00Z`, channel: index % 2 === 0 ? 'web' : 'app', sourceStatus: `s${index % 3}`, externalIds: [{ system: 'shop', id: `o-${index}` }] })) as ListedOrder);
    }
    // Equal instants are ordered by id.
    orders.sort((a, b) => (a.placedAt + a.id < b.placedAt + b.id ? -1 : 1));
    await selling.pay(orders[0]!.id, '300.00').expect(201);
  });
  afterAll(() => app?.close());

  const page = async (query: object = {}) => (await selling.http.get('/v1/orders').query(query).expect(200)).body as PageBody;
  const walk = async (query: object): Promise<string[]> => {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { data, page: end } = await page(cursor ? { ...query, cursor } : query);
      ids.push(...data.map(({ id }) => id));
      cursor = end.nextCursor;
    }
    return ids;
  };

  it('gives each order once, the latest first, or the other way round', async () => {
    const latestFirst = await walk({ limit: 2 });
    expect(latestFirst).toEqual(orders.map(({ id }) => id).reverse());
    expect(await walk({ limit: 4, sort: 'placedAt' })).toEqual(orders.map(({ id }) => id));
  });

  it.each<[string, Record<string, string>, (order: ListedOrder) => boolean]>([
    ['status', { status: 'payment_settled' }, ({ id }) => id === orders[0]!.id],
    ['several statuses', { status: 'payment_settled,cancelled' }, ({ id }) => id === orders[0]!.id],
    ['the word of the source', { sourceStatus: 's1' }, ({ sourceStatus }) => sourceStatus === 's1'],
    ['channel', { channel: 'app' }, ({ channel }) => channel === 'app'],
    ['the day it was placed', { placedAtGte: '2026-01-02T00:00:00Z', placedAtLt: '2026-01-03T00:00:00Z' }, ({ placedAt }) => placedAt.startsWith('2026-01-02')],
    ['external id', { externalSystem: 'shop', externalId: 'o-4' }, ({ externalIds }) => externalIds[0]!.id === 'o-4'],
    ['several at once', { channel: 'web', sourceStatus: 's0', placedAtLt: '2026-01-03T08:00:00+08:00' }, (order) => order.channel === 'web' && order.sourceStatus === 's0' && order.placedAt < '2026-01-03T00:00:00.000Z'],
  ])('filters by %s', async (_, query, wanted) => {
    const expected = orders.filter(wanted).map(({ id }) => id).reverse();
    expect(expected.length).toBeGreaterThan(0);
    const { data, page: end } = await page({ ...query, total: 'exact' });
    expect(data.map(({ id }) => id)).toEqual(expected);
    expect(end.total).toBe(expected.length);
  });

  it('filters by customer', async () => {
    const other = await selling.http.post('/v1/customers').send({ name: '王伟' }).expect(201);
    const customerId = (other.body as { id: string }).id;
    expect((await page({ customerId })).data).toEqual([]);
    expect((await page({ customerId: selling.customerId, limit: 200 })).data).toHaveLength(9);
  });

  it('shows the header of each, and parts where asked', async () => {
    const { data } = await page({ limit: 1, sort: 'placedAt' });
    const whole = (await selling.read(orders[0]!.id)) as unknown as Record<string, unknown>;
    const { lines, payments, refunds, fulfilments, ...header } = whole;
    expect(data).toEqual([header]);
    const expanded = await page({ limit: 1, sort: 'placedAt', expand: 'lines,payments,refunds,fulfilments' });
    expect(expanded.data).toEqual([{ ...header, lines, payments, refunds, fulfilments }]);
    expect((await page({ limit: 1, expand: 'lines' })).data[0]).toMatchObject({ lines: [{ unitPrice: cny('100.00') }, {}] });
  });

  it.each([
    [{ status: 'gone' }], [{ sort: 'total' }], [{ expand: 'customer' }], [{ limit: 201 }], [{ limit: 0 }], [{ externalId: 'o-4' }], [{ customerId: '1' }], [{ placedAtGte: 'yesterday' }], [{ nameLike: 'x' }], [{ cursor: 'x' }],
  ])('refuses %j', async (query) => {
    await selling.http.get('/v1/orders').query(query).expect(400);
  });

  it('a cursor of one order of rows is not taken for another', async () => {
    const { page: end } = await page({ limit: 2 });
    await selling.http.get('/v1/orders').query({ sort: 'placedAt', cursor: end.nextCursor }).expect(400);
  });
});
