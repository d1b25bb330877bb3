import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Figure, Figures } from '../../demo/figures.js';
import { SILENT_DAYS } from '../../demo/shop/people.js';
import type { Order } from '../../demo/shop/orders.js';
import { makeShop } from '../../demo/shop/shop.js';
import { DAY, dayIn } from '../../demo/shop/year.js';
import { startApp, type TestApp } from '../support/app.js';
import { countDirectly } from '../support/direct-count.js';
import { freePort } from '../support/program.js';
import { DemoProcess } from './demo-process.js';

const UNTIL = '2026-06-30T16:00:00Z';
const CUSTOMERS = 150;
const SHOP = ['--customers', String(CUSTOMERS), '--seed', '5', '--until', UNTIL];
const shop = makeShop({ seed: 5, customers: CUSTOMERS, until: new Date(UNTIL) });
const counted = shop.orders.filter(({ status }) => status !== 'cancelled');
const run = promisify(execFile);

let folder: string;
let port: string;
let figures: Figures;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shuke-demo-'));
  port = String(await freePort());
  figures = JSON.parse(await DemoProcess.run(...SHOP, '--data-dir', path.join(folder, 'a'), '--port', port, '--json')) as Figures;
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const yuan = (minor: number) => (minor / 100).toFixed(2);
const totalOf = (orders: readonly Order[]) => orders.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
const refundedOf = (orders: readonly Order[]) => orders.reduce((sum, { refund }) => sum + (refund?.state === 'settled' ? refund.amountMinor : 0), 0);

/** Buyers with what counts of theirs, most money first. */
const buyers = [...grouped(counted, ({ person }) => person)]
  .map(([person, orders]) => ({ person, orders, name: person.name, orderCount: orders.length, spent: yuan(totalOf(orders)), lastOrderAt: orders.at(-1)!.placedAt.toISOString() }))
  .sort((one, other) => totalOf(other.orders) - totalOf(one.orders));

function asBuyers(list: Figures['best']['answer']): object[] {
  return list.data.map(({ name, purchases: { orderCount, totalSpent, lastOrderAt } }) => ({ name, orderCount, spent: totalSpent.amount, lastOrderAt }));
}

function firstFive(list: typeof buyers): object[] {
  return list.slice(0, 5).map(({ name, orderCount, spent, lastOrderAt }) => ({ name, orderCount, spent, lastOrderAt }));
}

/** States by how many orders are in each, once parcels have moved some on. */
const standing = Object.fromEntries(
  [...grouped(shop.orders, ({ status, parcel }) => (parcel ? (parcel.deliveredAt ? 'delivered' : 'shipped') : status))].map(([status, orders]) => [status, orders.length]),
);

function byStatus({ data }: Figures['statuses']['answer']): object {
  return Object.fromEntries([...grouped(data, ({ status }) => status)].map(([status, counts]) => [status, counts.reduce((sum, { orders }) => sum + orders, 0)]));
}

/** What may differ between two askings of the same thing. */
function withoutFreshness(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === 'asOf' ? undefined : member)));
}

describe('the figures of the demo equal a direct count of its shop', () => {
  it('customers, and the best of them', () => {
    expect(figures.customers.answer.page.total).toBe(CUSTOMERS);
    expect(asBuyers(figures.best.answer)).toEqual(firstFive(buyers));
  });

  it('those who fell silent', () => {
    const since = new Date(shop.plan.until.getTime() - SILENT_DAYS * DAY).toISOString();
    const silent = buyers.filter(({ orderCount, lastOrderAt }) => orderCount >= 3 && lastOrderAt < since);
    expect(silent.length).toBeGreaterThan(3);
    expect(figures.silent.answer.page.total).toBe(silent.length);
    expect(asBuyers(figures.silent.answer)).toEqual(firstFive(silent));
  });

  it('months, cohorts, and who comes back', () => {
    const direct = countDirectly(counted.map(({ person, placedAt, totalMinor }) => ({ customer: person.id, month: dayIn(placedAt).slice(0, 7), totalMinor })));
    const refunded = grouped(counted, ({ placedAt }) => dayIn(placedAt).slice(0, 7));
    expect(figures.months.answer.data).toMatchObject(direct.months.map(({ month, orders, customers, newCustomers, revenueMinor }) => ({
      month, orders, customers, newCustomers, revenue: { amount: yuan(revenueMinor), currency: 'CNY' }, refunded: { amount: yuan(refundedOf(refunded.get(month) ?? [])) },
    })));
    expect(figures.months.answer.data.length).toBe(12);
    expect(figures.retention.answer.data.map(({ month, active }) => ({ month, active: (active as readonly { customers?: number }[]).map(({ customers }) => customers) }))).toEqual(direct.cohorts);
    expect(figures.repeat.answer.overall).toMatchObject({ customers: direct.customers, repeatCustomers: direct.repeatCustomers });
  });

  it('orders by state', () => {
    expect(standing).toMatchObject({ delivered: expect.any(Number), shipped: expect.any(Number), cancelled: expect.any(Number) });
    expect(byStatus(figures.statuses.answer)).toEqual(standing);
  });

  it('segments: everybody who bought is in one, and all the money', () => {
    const { data } = figures.segments.answer;
    expect(data.reduce((sum, { customers }) => sum + customers, 0)).toBe(buyers.length);
    expect(data.reduce((sum, { revenueShare }) => sum + revenueShare, 0)).toBeCloseTo(1);
    expect(data.find(({ segment }) => segment === 'champions')!.revenueShare).toBeGreaterThan(0.3);
  });

  it('one customer: totals, and what happened to money and parcels', () => {
    const { person } = buyers[0]!;
    const theirs = shop.orders.filter((order) => order.person === person);
    expect(figures.overview.answer).toMatchObject({
      customer: { name: person.name },
      purchases: { orderCount: buyers[0]!.orderCount, totalSpent: { amount: buyers[0]!.spent }, totalRefunded: { amount: yuan(refundedOf(theirs.filter(({ status }) => status !== 'cancelled'))) } },
    });
    const facts = theirs.flatMap(({ payment, refund, parcel }) => [payment?.at, refund?.at, parcel && (parcel.deliveredAt ?? parcel.shippedAt)].flatMap((at) => at?.toISOString() ?? []));
    expect(figures.timeline.answer.data.map(({ at }) => at)).toEqual(facts.toSorted().toReversed().slice(0, 5));
  });
});

describe('the demo, started again on the same folder', () => {
  let again: DemoProcess;
  let tour: string;

  beforeAll(async () => {
    again = DemoProcess.start('--data-dir', path.join(folder, 'a'), '--port', port);
    await again.says(/Ctrl-C stops it/);
    tour = again.output;
  }, 120_000);
  afterAll(() => again.interrupt());

  it('finds its shop there, whatever the day is now', () => {
    expect(again.remarks).toContain('The shop is there already');
  });

  it('shows the figures, and each printed line of curl answers them: nothing was doubled', async () => {
    const lines = tour.split('\n').map((line) => line.trim());
    const signIn = lines.find((line) => line.startsWith('TOKEN='))!;
    const curls = lines.filter((line) => line.startsWith('curl '));
    const shown = Object.values(figures).filter((figure): figure is Figure<unknown> => 'answer' in (figure as object));
    // The number of customers stands in the first line of the tour.
    expect(curls.length).toBe(shown.length - 1);
    for (const { path: asked, answer } of shown.filter((figure) => figure !== figures.customers)) {
      const curl = curls.find((line) => line.includes(`'http://localhost:${port}${asked}'`))!;
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', `${signIn}\n${curl}`]);
      expect({ asked, answer: withoutFreshness(JSON.parse(stdout)) }).toEqual({ asked, answer: withoutFreshness(answer) });
    }
    expect(tour).toContain(`${CUSTOMERS} customers, ${counted.length} orders in the year up to 2026-06-30 (seed 5)`);
    for (const { name, spent } of buyers.slice(0, 5)) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${name} .* CNY ${spent}  last `)));
    for (const { month, orders, revenue } of figures.months.answer.data) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${month} +${orders} orders .* CNY ${revenue.amount} `)));
    for (const [status, orders] of Object.entries(standing)) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${status} +${orders}$`)));
    for (const { segment, customers } of figures.segments.answer.data) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${segment} +${customers} `)));
    for (const { position, type } of figures.events.answer.data) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${position} .* ${type}$`)));
  });

  it('serves the docs and the sign-in it prints', async () => {
    expect(tour).toContain(`http://localhost:${port}/docs/   sign in there as demo@example.com with "everyone may know this one"`);
    expect((await fetch(`http://localhost:${port}/docs/`)).status).toBe(200);
  });

  it('refuses to be another shop', async () => {
    const other = DemoProcess.start('--url', `http://localhost:${port}`, '--seed', '6');
    expect([await other.ended(), other.remarks]).toEqual([1, expect.stringContaining('There is a shop already: seed 5, 150 customers')]);
  });

  it('stops at Ctrl-C', async () => {
    expect(await again.interrupt()).toBe(0);
    await expect(fetch(`http://localhost:${port}/health/live`)).rejects.toThrow();
  });
});

it('the demo, stopped in the middle of a file and again among the refunds, goes on where it was and ends with the same figures', async () => {
  const own = ['--data-dir', path.join(folder, 'b'), '--port', String(await freePort())];
  for (const [args, step] of [[SHOP, 'order-lines'], [[], 'refunds']] as const) {
    const cut = DemoProcess.start(...args, ...own);
    await cut.says(new RegExp(`^ {2}${step} `, 'm'));
    expect(await cut.interrupt()).toBe(130);
    expect(cut.remarks).toContain('Start it again and it goes on from there.');
  }
  const resumed = JSON.parse(await DemoProcess.run(...own, '--json')) as Figures;
  expect(asBuyers(resumed.best.answer)).toEqual(asBuyers(figures.best.answer));
  expect(withoutFreshness(resumed.months.answer)).toEqual(withoutFreshness(figures.months.answer));
  expect(byStatus(resumed.statuses.answer)).toEqual(standing);
  expect(resumed.customers.answer.page.total).toBe(CUSTOMERS);
}, 240_000);

describe('the demo, pointed at a Shuke that runs', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ workers: true });
    await (await app.asAdmin()).post('/v1/customers').send({ name: 'Somebody real' }).expect(201);
  });
  afterAll(() => app.close());

  it('does not mix strangers with customers', async () => {
    const demo = DemoProcess.start('--url', app.url, '--email', 'admin@shop.example', '--password', 'correct horse battery staple');
    expect([await demo.ended(), demo.remarks]).toEqual([1, expect.stringContaining('holds customers that are none of the demo\'s')]);
    const { body } = await (await app.asAdmin()).get('/v1/customers?total=exact').expect(200);
    expect(body.page.total).toBe(1);
  });

  it('says so when nobody can sign in', async () => {
    const demo = DemoProcess.start('--url', app.url);
    expect([await demo.ended(), demo.remarks]).toEqual([1, expect.stringContaining('Nobody can sign in like this.')]);
  });
});
