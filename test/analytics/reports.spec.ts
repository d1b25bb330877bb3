import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { DomainEvent } from '../../src/kernel/event.js';
import { MOST_MINOR } from '../../src/kernel/money.js';
import { Relay } from '../../src/platform/events/relay.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { anOrder, changed, idOf, paid, placed, tell, type Facts } from './told-orders.js';

const NOW = '2026-03-31T12:00:00.000Z';
const REPORTS = ['rfm', 'rfm/segments', 'months', 'repeat-purchase-rate', 'retention', 'payments', 'order-statuses'];

interface Definition {
  currency: string | null;
  leftOut: number;
  from: string;
  to: string;
  amounts: string | null;
  timeZone: string;
}
interface Report<Row> {
  asOf: string;
  definition: Definition;
  data: Row[];
}

let app: TestApp;
let http: Http;
beforeAll(async () => {
  app = await startApp({ now: NOW });
  http = await app.asAdmin();
});
afterAll(() => app?.close());
beforeEach(() => app.asOwner('truncate analytics.order_fact, analytics.customer_total, analytics.payment_fact'));

async function hear(...events: readonly DomainEvent[]): Promise<void> {
  await tell(app.database, events);
  await app.drainEvents();
}

async function get<T>(path: string): Promise<T> {
  const { body } = await http.get(`/v1/reports/${path}`).expect(200);
  return body as T;
}

async function csv(path: string): Promise<Record<string, string>[]> {
  const answer = await http.get(`/v1/reports/${path}`).set('Accept', 'text/csv').expect(200).expect('Content-Type', /^text\/csv/);
  return parse(answer.text, { columns: true, bom: true, record_delimiter: '\r\n' }) as Record<string, string>[];
}

const order = (customer: string, day: string, facts: Partial<Facts> = {}) =>
  anOrder({ customerId: idOf('customer', customer), placedAt: `${day}T10:00:00.000Z`, ...facts });

/**
 * The fixture that is counted by hand below:
 *            January        February             March
 *   A        5th            10th, 20th
 *   B        20th                                3rd
 *   C        31st
 *   D                       14th, (15th)
 *   E                                            1st, 9th
 *   F        (10th)
 * Orders in brackets were cancelled and count nowhere.
 */
const SPRING = [
  order('A', '2026-01-05', { totalMinor: 1_000 }), order('A', '2026-02-10', { totalMinor: 2_000 }), order('A', '2026-02-20', { totalMinor: 3_001, refundedMinor: 500, channel: 'app' }),
  order('B', '2026-01-20', { totalMinor: 4_000, channel: 'app' }), order('B', '2026-03-03', { totalMinor: 5_000 }),
  order('C', '2026-01-31', { totalMinor: 6_000 }),
  order('D', '2026-02-14', { totalMinor: 7_000 }), order('D', '2026-02-15', { totalMinor: 90_000, status: 'cancelled' }),
  order('E', '2026-03-01', { totalMinor: 8_000 }), order('E', '2026-03-09', { totalMinor: 9_000 }),
  order('F', '2026-01-10', { totalMinor: 90_000, status: 'cancelled' }),
];

describe('reports', () => {
  it('S25 the repeat purchase rate equals a count by hand, over all, by month and by cohort', async () => {
    await hear(...SPRING.map(placed));
    const report = await get<Report<unknown> & { overall: unknown }>('repeat-purchase-rate');
    // A, B and E of A to E ordered twice or more.
    expect(report.overall).toEqual({ customers: 5, repeatCustomers: 3, rate: 0.6 });
    expect(report.data).toEqual([
      // A, B, C, once each; A and B came back later.
      { month: '2026-01', inMonth: { customers: 3, repeatCustomers: 0, rate: 0 }, cohort: { customers: 3, repeatCustomers: 2, rate: 0.666667 } },
      // A twice, D once; only D is new, and never came back.
      { month: '2026-02', inMonth: { customers: 2, repeatCustomers: 1, rate: 0.5 }, cohort: { customers: 1, repeatCustomers: 0, rate: 0 } },
      // B once, E twice; E is new.
      { month: '2026-03', inMonth: { customers: 2, repeatCustomers: 1, rate: 0.5 }, cohort: { customers: 1, repeatCustomers: 1, rate: 1 } },
    ]);
    expect(report.definition).toMatchObject({ currency: null, leftOut: 0, from: '2026-01', to: '2026-03', amounts: null });

    const february = await get<Report<unknown> & { overall: unknown }>('repeat-purchase-rate?from=2026-02&to=2026-03');
    // A, B, D and E ordered; A and E twice.
    expect(february.overall).toEqual({ customers: 4, repeatCustomers: 2, rate: 0.5 });
    expect(february.data).toEqual(report.data.slice(1));
  });

  it('adds up what is more than a number keeps, to the last cent', async () => {
    const largest = Array.from({ length: 1_000 }, () => order('A', '2026-01-05', { totalMinor: MOST_MINOR, refundedMinor: MOST_MINOR }));
    const last = order('A', '2026-01-06', { totalMinor: 1, refundedMinor: 1 });
    await hear(...[...largest, last].map(placed));
    await hear(...[...largest, last].map((one) => paid(one)));
    const sum = { amount: '100000000000000.01', currency: 'CNY' };
    expect(Number.isSafeInteger(1_000 * MOST_MINOR + 1)).toBe(false);
    expect((await get<Report<unknown>>('months')).data[0]).toMatchObject({ orders: 1_001, revenue: sum, refunded: sum, averageOrderValue: { amount: '99900099900.10' } });
    expect((await get<Report<unknown>>('payments')).data).toMatchObject([{ payments: 1_001, amount: sum }]);
    expect((await get<Report<unknown>>('rfm')).data).toMatchObject([{ monetary: sum }]);
    expect((await get<Report<unknown>>('rfm?sort=-monetary')).data).toMatchObject([{ monetary: sum }]);
    expect(await get('rfm/segments')).toMatchObject({ revenue: sum });
  });

  it('S25 retention equals a count by hand, and is the same as CSV', async () => {
    await hear(...SPRING.map(placed));
    const { data } = await get<Report<{ month: string; customers: number; active: { month: string; monthsLater: number; customers: number; share: number | null }[] }>>('retention');
    expect(data.map(({ month, customers, active }) => [month, customers, active.map((one) => [one.customers, one.share])])).toEqual([
      // Of A, B, C: A came in February, B in March.
      ['2026-01', 3, [[3, 1], [1, 0.333333], [1, 0.333333]]],
      ['2026-02', 1, [[1, 1], [0, 0]]],
      ['2026-03', 1, [[1, 1]]],
    ]);
    expect((await csv('retention')).map((line) => [line['cohort'], line['cohortCustomers'], line['monthsLater'], line['month'], line['customers'], line['share']])).toEqual(
      data.flatMap(({ month, customers, active }) => active.map((one) => [month, `${customers}`, `${one.monthsLater}`, one.month, `${one.customers}`, `${one.share ?? ''}`])),
    );
    // A customer of an older cohort is not new because older months are not asked for.
    expect((await get<Report<{ customers: number }>>('retention?from=2026-02')).data.map(({ customers }) => customers)).toEqual([1, 1]);
  });

  it('S25 months equal a count by hand, by channel too, and are the same as CSV', async () => {
    await hear(...SPRING.map(placed));
    const { data, definition } = await get<Report<{ month: string; orders: number; customers: number; newCustomers: number; revenue: Amount; refunded: Amount; averageOrderValue: Amount | null }>>('months');
    const flat = data.map((row) => [row.month, row.orders, row.customers, row.newCustomers, row.revenue.amount, row.refunded.amount, row.averageOrderValue?.amount]);
    expect(flat).toEqual([
      ['2026-01', 3, 3, 3, '110.00', '0.00', '36.67'],
      ['2026-02', 3, 2, 1, '120.01', '5.00', '40.00'],
      ['2026-03', 3, 2, 1, '220.00', '0.00', '73.33'],
    ]);
    expect(definition).toMatchObject({ currency: 'CNY', leftOut: 0, timeZone: 'UTC' });
    expect(definition.amounts).toContain('Refunds are not taken off');
    expect((await csv('months')).map((line) => Object.values(line).slice(0, 9))).toEqual(flat.map((row) => [...row.map(String), 'CNY', 'UTC']));

    const app = await get<Report<{ orders: number; newCustomers: number; averageOrderValue: Amount | null }>>('months?channel=app');
    expect(app.data.map(({ orders, newCustomers, averageOrderValue }) => [orders, newCustomers, averageOrderValue?.amount])).toEqual([[1, 1, '40.00'], [1, 0, '30.01'], [0, 0, undefined]]);
    const both = await get<Report<{ orders: number }>>('months?channel=app,web&from=2026-02&to=2026-02');
    expect(both.data.map(({ orders }) => orders)).toEqual([3]);
  });

  it('an order belongs to the month of the report\'s calendar', async () => {
    await hear(placed(anOrder({ placedAt: '2026-01-31T15:59:59.999Z' })), placed(anOrder({ placedAt: '2026-01-31T16:00:00.000Z' })), placed(anOrder({ placedAt: '2026-02-01T00:00:00.000Z' })));
    const orders = async (query: string) => (await get<Report<{ month: string; orders: number }>>(`months${query}`)).data.map(({ month, orders: count }) => [month, count]);
    expect(await orders('')).toEqual([['2026-01', 2], ['2026-02', 1]]);
    expect(await orders('?timeZone=Asia/Shanghai')).toEqual([['2026-01', 1], ['2026-02', 2]]);
    expect(await orders('?timeZone=America/New_York&from=2026-01&to=2026-01')).toEqual([['2026-01', 3]]);
    await http.get('/v1/reports/months?timeZone=Mars/Olympus').expect(400);
    await http.get(`/v1/reports/months?timeZone=${encodeURIComponent("UTC'; drop table x")}`).expect(400);
    await http.get('/v1/reports/months?from=2026-13').expect(400);
    await http.get('/v1/reports/months?from=2026-03&to=2026-01').expect(400);
    await http.get('/v1/reports/months?from=1990-01').expect(400);
    await http.get('/v1/reports/months?until=2026-01').expect(400);
  });

  it('amounts of two currencies are never added: the only one, the configured one, or the one asked for; the rest is said to be left out', async () => {
    const revenue = async (query = '') => {
      const { data, definition } = await get<Report<{ revenue: Amount }>>(`months${query}`);
      return [definition.currency, definition.leftOut, ...data.map((row) => row.revenue.amount)];
    };
    await hear(placed(order('A', '2026-01-05', { currency: 'JPY', totalMinor: 1_500 })));
    expect(await revenue()).toEqual(['JPY', 0, '1500']);
    await hear(placed(order('A', '2026-01-06', { totalMinor: 700 })), placed(order('B', '2026-01-07', { currency: 'KWD', totalMinor: 1_234 })));
    expect(await revenue()).toEqual(['CNY', 2, '7.00']);
    expect(await revenue('?currency=KWD')).toEqual(['KWD', 2, '1.234']);
    expect(await revenue('?currency=USD')).toEqual(['USD', 0, '0.00']);
    expect(await revenue('?currency=USD&from=2026-01')).toEqual(['USD', 3, '0.00', '0.00', '0.00']);

    expect(await get('rfm')).toMatchObject({ definition: { currency: 'CNY', leftOut: 2 }, data: [{ monetary: { amount: '7.00' } }] });
    expect(await get('rfm?currency=JPY')).toMatchObject({ definition: { currency: 'JPY', leftOut: 2 }, data: [{ monetary: { amount: '1500', currency: 'JPY' } }] });
    // Who bought in yen and in yuan bought twice.
    expect(await get('repeat-purchase-rate')).toMatchObject({ overall: { customers: 2, repeatCustomers: 1 }, definition: { currency: null, leftOut: 0 } });
    expect(await get('repeat-purchase-rate?currency=CNY')).toMatchObject({ overall: { customers: 1, repeatCustomers: 0 }, definition: { currency: 'CNY', leftOut: 2 } });
    await http.get('/v1/reports/months?currency=yuan').expect(400);
  });

  it('a customer belongs to the month of their first order in whatever currency', async () => {
    await hear(placed(order('A', '2026-01-05', { currency: 'JPY' })), placed(order('A', '2026-02-05')));
    const { data } = await get<Report<{ month: string; cohort: { customers: number } }>>('repeat-purchase-rate');
    expect(data.map(({ month, cohort }) => [month, cohort.customers])).toEqual([['2026-01', 1], ['2026-02', 0]]);
    expect((await get<Report<{ customers: number }>>('retention')).data.map(({ customers }) => customers)).toEqual([1, 0]);
    expect((await get<Report<{ customers: number }>>('retention?currency=CNY')).data.map(({ customers }) => customers)).toEqual([1]);
  });

  it('payments by method hold what was captured, whatever became of the order', async () => {
    const [one, other] = [order('A', '2026-01-05', { totalMinor: 1_000 }), order('B', '2026-02-05', { totalMinor: 2_000 })];
    const promised = { paymentId: idOf('payment', 1), method: 'wechat_pay', state: 'authorized' };
    await hear(placed(one), paid(one), placed(other), paid(other, { amountMinor: 500 }), paid(other, promised), changed({ ...one, revision: 2, status: 'cancelled' }));
    expect((await get<Report<unknown>>('payments')).data).toEqual([{ method: 'alipay', payments: 2, amount: { amount: '15.00', currency: 'CNY' } }]);
    await hear(paid({ ...other, revision: 3 }, { ...promised, state: 'settled', amountMinor: 1_500 }));
    const { data, definition } = await get<Report<{ method: string; payments: number; amount: Amount }>>('payments');
    expect(data.map(({ method, payments, amount }) => [method, payments, amount.amount])).toEqual([['alipay', 2, '15.00'], ['wechat_pay', 1, '15.00']]);
    expect(definition).toMatchObject({ from: '2026-01', to: '2026-02', orders: expect.stringContaining('settled') });
    expect((await csv('payments')).map((line) => [line['method'], line['payments'], line['amount'], line['currency']])).toEqual([['alipay', '2', '15.00', 'CNY'], ['wechat_pay', '1', '15.00', 'CNY']]);
    expect((await get<Report<{ method: string }>>('payments?from=2026-02')).data.map(({ method }) => method)).toEqual(['wechat_pay', 'alipay']);
  });

  it('order statuses count every order, cancelled ones too, in our words and the source\'s', async () => {
    const told = [['delivered', 'ok'], ['delivered', 'ok'], ['delivered', null], ['cancelled', 'canceled']] as const;
    await hear(...told.map(([status, sourceStatus], index) => placed(order('A', `2026-0${index + 1}-01`, { status, sourceStatus }))));
    expect((await get<Report<unknown>>('order-statuses')).data).toEqual([
      { status: 'delivered', sourceStatus: 'ok', orders: 2 },
      { status: 'cancelled', sourceStatus: 'canceled', orders: 1 },
      { status: 'delivered', sourceStatus: null, orders: 1 },
    ]);
    expect((await get<Report<unknown>>('order-statuses?from=2026-02&to=2026-03')).data).toHaveLength(2);
  });

  it('G43 no cell of a file runs in a spreadsheet or breaks out', async () => {
    const payloads = ['=1+1', '+cmd|calc!A0', '-2+3', '@SUM(A1)', '\t=1', 'a"b,c\r\nd', '微信'];
    await hear(...payloads.flatMap((text) => [placed(order('A', '2026-01-01', { sourceStatus: text })), paid(order('A', '2026-01-01'), { method: text })]));
    const cells = [...(await csv('order-statuses')).map((line) => line['sourceStatus']!), ...(await csv('payments')).map((line) => line['method']!)];
    expect(cells.filter((cell) => cell.includes('微信'))).toHaveLength(2);
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    const methods = (await get<Report<{ method: string }>>('payments')).data.map(({ method }) => method);
    expect(methods.toSorted()).toEqual(payloads.toSorted());
    expect((await csv('payments')).map((line) => line['method']!.replace(/^'/, '')).toSorted()).toEqual(payloads.toSorted());
  });

  it.each(REPORTS)('%s names its rule and its time, is empty in an empty shop, and is not for everybody', async (name) => {
    const empty = await get<Report<unknown>>(name);
    expect(empty.definition).toMatchObject({ orders: expect.any(String), dates: expect.any(String), currencies: expect.any(String), timeZone: 'UTC', leftOut: 0 });
    expect(Date.parse(empty.asOf)).not.toBeNaN();
    await csv(name);
    await (await app.as('viewer')).get(`/v1/reports/${name}`).expect(200);
    await (await app.as('agent')).get(`/v1/reports/${name}`).expect(403);
    await app.http.get(`/v1/reports/${name}`).expect(401);
  });

  it('asOf does not run ahead of events that wait to be counted, and Wait-For-Event waits for them', async () => {
    await hear(placed(order('A', '2026-01-05')));
    await tell(app.database, [placed(order('B', '2026-01-06'))]);
    await app.get(Relay).step();
    const [waiting] = await app.asOwner<{ id: string; recorded_at: Date }>('select id, recorded_at from platform.event_log order by position desc limit 1');
    const behind = await get<Report<{ orders: number }>>('months');
    expect(behind.data.map(({ orders }) => orders)).toEqual([1]);
    expect(Date.parse(behind.asOf)).toBeLessThanOrEqual(waiting!.recorded_at.getTime());

    const patient = http.get('/v1/reports/months').set('Wait-For-Event', waiting!.id).expect(200).then(({ body }) => body as Report<{ orders: number }>);
    await app.drainEvents();
    expect((await patient).data.map(({ orders }) => orders)).toEqual([2]);
  });
});

interface Amount {
  amount: string;
  currency: string;
}
