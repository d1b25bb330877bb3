import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cutsOf, scoreOf } from '../../src/analytics/domain/rfm-score.js';
import { RFM_SEGMENTS, segmentOf } from '../../src/analytics/domain/rfm-segment.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { describeWithData, sharedText } from '../support/shared-data.js';
import { anOrder, changed, idOf, placed, tell, type Facts } from './told-orders.js';

const NOW = '2026-03-01T08:00:00.000Z';
const DAY = 86_400_000;

interface Rfm {
  customerId: string;
  recencyDays: number;
  frequency: number;
  monetary: { amount: string; currency: string };
  r: number;
  f: number;
  m: number;
  score: number;
  segment: string;
}

let app: TestApp;
let http: Http;
beforeAll(async () => {
  app = await startApp({ now: NOW });
  http = await app.asAdmin();
});
afterAll(() => app?.close());
beforeEach(() => app.asOwner('truncate analytics.order_fact, analytics.customer_total, analytics.payment_fact'));

async function hear(orders: readonly Facts[]): Promise<void> {
  for (let start = 0; start < orders.length; start += 2000) await tell(app.database, orders.slice(start, start + 2000).map(placed));
  await app.drainEvents();
}

const daysAgo = (days: number) => new Date(Date.parse(NOW) - days * DAY).toISOString();

async function get<T>(path: string): Promise<T> {
  const { body } = await http.get(path).expect(200);
  return body as T;
}

/** Every row, page by page. */
async function everybody(query = '', limit = 200): Promise<Rfm[]> {
  const rows: Rfm[] = [];
  for (let path: string | undefined = `/v1/reports/rfm?limit=${limit}${query}`; path !== undefined; ) {
    const answer = await http.get(path).expect(200);
    rows.push(...(answer.body as { data: Rfm[] }).data);
    path = nextOf(answer.get('Link'));
  }
  return rows;
}

function nextOf(link: string | undefined): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
}

async function csv(path: string): Promise<Record<string, string>[]> {
  const answer = await http.get(path).set('Accept', 'text/csv').expect(200).expect('Content-Type', /^text\/csv/).expect('Content-Disposition', /^attachment; filename="[a-z-]+\.csv"$/);
  return parse(answer.text, { columns: true, bom: true }) as Record<string, string>[];
}

/** The scores by their definition, counted directly: 1 + ⌊5·b/n⌋ with b of n below. */
function directScores(orders: readonly Facts[], at: number): Map<string, [number, number, number, number, number, number]> {
  const measures = new Map<string, { days: number; frequency: number; monetary: number }>();
  for (const { customerId, totalMinor, placedAt } of orders) {
    const { days, frequency, monetary } = measures.get(customerId) ?? { days: Infinity, frequency: 0, monetary: 0 };
    measures.set(customerId, { days: Math.min(days, Math.floor((at - Date.parse(placedAt)) / DAY)), frequency: frequency + 1, monetary: monetary + totalMinor });
  }
  const all = [...measures.values()];
  const fifth = (below: number) => 1 + Math.floor((5 * below) / all.length);
  const counts = { r: belowEach(all.map(({ days }) => -days)), f: belowEach(all.map(({ frequency }) => frequency)), m: belowEach(all.map(({ monetary }) => monetary)) };
  return new Map([...measures].map(([id, { days, frequency, monetary }]) => [
    id, [days, frequency, monetary, fifth(counts.r.get(-days)!), fifth(counts.f.get(frequency)!), fifth(counts.m.get(monetary)!)],
  ]));
}

/** How many values lie below each. */
function belowEach(values: readonly number[]): Map<number, number> {
  const below = new Map<number, number>();
  values.toSorted((one, other) => one - other).forEach((value, index) => below.set(value, below.get(value) ?? index));
  return below;
}

const tuple = ({ recencyDays, frequency, monetary, r, f, m }: Rfm) => [recencyDays, frequency, Math.round(Number(monetary.amount) * 100), r, f, m];

describe('RFM', () => {
  /**
   * Six customers; b counts those below, n = 6, score = 1 + ⌊5·b/6⌋.
   *   days since:  A 0, B 5, C 5, D 40, E 40, F 300   → nearer than: A 5, B 3, C 3, D 1, E 1, F 0 → r 5 3 3 1 1 1
   *   orders:      A 3, B 1, C 1, D 2,  E 1,  F 1     → below: A 5, B 0, C 0, D 4, E 0, F 0       → f 5 1 1 4 1 1
   *   money:       A 60, B 10, C 20, D 20, E 5, F 90  → below: A 4, B 1, C 2, D 2, E 0, F 5       → m 4 1 2 2 1 5
   */
  it('S123 a worked example with ties', async () => {
    const order = (customer: string, days: number, totalMinor: number) => anOrder({ customerId: idOf('customer', customer), placedAt: daysAgo(days), totalMinor });
    await hear([
      order('A', 0, 1000), order('A', 10, 2000), order('A', 20, 3000), order('B', 5, 1000), order('C', 5, 2000),
      order('D', 40, 500), order('D', 41, 1500), order('E', 40, 500), order('F', 300, 9000),
      { ...order('F', 1, 100_000), status: 'cancelled' },
    ]);
    const report = await get<{ asOf: string; definition: Record<string, unknown>; data: Rfm[] }>('/v1/reports/rfm');
    expect(report.data.map(({ customerId, recencyDays, frequency, monetary, score, segment }) => [customerId, recencyDays, frequency, monetary.amount, score, segment])).toEqual([
      [idOf('customer', 'A'), 0, 3, '60.00', 554, 'champions'],
      [idOf('customer', 'B'), 5, 1, '10.00', 311, 'about_to_sleep'],
      [idOf('customer', 'C'), 5, 1, '20.00', 312, 'about_to_sleep'],
      [idOf('customer', 'D'), 40, 2, '20.00', 142, 'at_risk'],
      [idOf('customer', 'E'), 40, 1, '5.00', 111, 'lost'],
      [idOf('customer', 'F'), 300, 1, '90.00', 115, 'at_risk'],
    ]);
    expect(report.definition).toMatchObject({ currency: 'CNY', leftOut: 0, measuredAt: NOW, timeZone: 'UTC' });
    expect(report.definition['scores']).toContain('Equal values get equal scores');
    expect(Date.parse(report.asOf)).not.toBeNaN();

    expect(await get(`/v1/reports/rfm/customers/${idOf('customer', 'D')}`)).toMatchObject({ score: 142, segment: 'at_risk', definition: { currency: 'CNY' } });
    await http.get(`/v1/reports/rfm/customers/${idOf('customer', 'nobody')}`).expect(404);
    const ids = async (query: string) => (await everybody(query)).map(({ customerId }) => customerId);
    expect(await ids('&segment=lost,at_risk')).toEqual(['D', 'E', 'F'].map((name) => idOf('customer', name)));
    expect(await ids('&r=3,5&f=5')).toEqual([idOf('customer', 'A')]);
    expect(await ids('&m=2')).toEqual(['C', 'D'].map((name) => idOf('customer', name)));
    await http.get('/v1/reports/rfm?r=6').expect(400);
    await http.get('/v1/reports/rfm?segment=whales').expect(400);
  });

  it('S123 a past day knows only what was ordered by its end, in the zone', async () => {
    await hear([anOrder({ placedAt: '2026-02-10T15:59:59.999Z' }), anOrder({ placedAt: '2026-02-10T16:00:00.000Z' }), anOrder({ placedAt: '2026-02-20T00:00:00.000Z' })]);
    const on = async (query: string) => (await everybody(query)).map(({ recencyDays, frequency }) => [recencyDays, frequency]);
    expect(await on('&measuredOn=2026-02-10')).toEqual([[0, 2]]);
    expect(await on('&measuredOn=2026-02-10&timeZone=Asia/Shanghai')).toEqual([[0, 1]]);
    expect(await on('&measuredOn=2026-02-12')).toEqual([[2, 2]]);
    expect(await on('&measuredOn=2026-02-09')).toEqual([]);
    expect(await on('&measuredOn=2026-03-01')).toEqual([[9, 3]]);
    await http.get('/v1/reports/rfm?measuredOn=2026-03-02').expect(400);
    await http.get('/v1/reports/rfm?measuredOn=2026-02-30').expect(400);
  });

  it('S123 what PostgreSQL scores is what the rule scores, for random customers, now and for a past day', async () => {
    const shops = fc.array(
      fc.record({ customer: fc.nat(25), days: fc.integer({ min: 0, max: 40 }), totalMinor: fc.constantFrom(0, 1, 100, 100, 999, 2500, 90_071_992_547_409) }),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(shops, async (told) => {
        await app.asOwner('truncate analytics.order_fact, analytics.customer_total');
        const orders = told.map(({ customer, days, totalMinor }) => anOrder({ customerId: idOf('customer', customer), placedAt: daysAgo(days), totalMinor }));
        await hear(orders);
        const now = await everybody();
        const cuts = { r: cutsOf(now.map((row) => -row.recencyDays))!, f: cutsOf(now.map((row) => row.frequency))!, m: cutsOf(now.map((row) => tuple(row)[2]!))! };
        for (const row of now) {
          const { r, f, m } = row;
          expect([r, f, m]).toEqual([scoreOf(-row.recencyDays, cuts.r), scoreOf(row.frequency, cuts.f), scoreOf(tuple(row)[2]!, cuts.m)]);
          expect(row.segment).toBe(segmentOf({ r: cut(r), f: cut(f), m: cut(m) }));
        }
        expect(new Map(now.map((row) => [row.customerId, tuple(row)]))).toEqual(directScores(orders, Date.parse(NOW)));

        const end = Date.parse('2026-02-15T00:00:00Z');
        const before = orders.filter(({ placedAt }) => Date.parse(placedAt) < end);
        const past = await everybody('&measuredOn=2026-02-14');
        expect(new Map(past.map((row) => [row.customerId, tuple(row)]))).toEqual(directScores(before, end));
      }),
      { numRuns: 15 },
    );
  });

  it('every page of every order of rows: each customer once, sorted; the scores stay those of the first page', async () => {
    await hear(Array.from({ length: 90 }, (_, index) => anOrder({ customerId: idOf('customer', index % 31), placedAt: daysAgo((index * 7) % 50), totalMinor: 100 * ((index * 13) % 17) })));
    const all = await everybody();
    expect(all).toHaveLength(31);
    for (const sort of ['customerId', 'recencyDays', '-recencyDays', 'frequency', '-frequency', 'monetary', '-monetary']) {
      const rows = await everybody(`&sort=${sort}`, 7);
      expect(rows.toSorted((one, other) => (one.customerId < other.customerId ? -1 : 1))).toEqual(all);
      const keys = rows.map((row) => keyOf(row, sort));
      expect(keys).toEqual(keys.toSorted((one, other) => (sort.startsWith('-') ? -1 : 1) * (one - other)));
    }
    const first = await http.get('/v1/reports/rfm?limit=7').expect(200);
    await hear([anOrder({ customerId: idOf('customer', 'newcomer'), totalMinor: 1_000_000 })]);
    const second = await get<{ definition: unknown; data: Rfm[] }>(nextOf(first.get('Link'))!);
    expect(second.definition).toEqual((first.body as { definition: unknown }).definition);
    expect(second.data).toEqual(all.slice(7, 14));
    const { nextCursor } = (first.body as { page: { nextCursor: string } }).page;
    await http.get(`/v1/reports/rfm?sort=-monetary&cursor=${nextCursor}`).expect(400);
  });

  it('the segments add up to everybody', async () => {
    await hear(Array.from({ length: 60 }, (_, index) => anOrder({ customerId: idOf('customer', index % 23), placedAt: daysAgo((index * 11) % 90), totalMinor: 100 * index })));
    const all = await everybody();
    const report = await get<{ customers: number; revenue: { amount: string }; data: { segment: string; customers: number; share: number; revenue: { amount: string } }[] }>('/v1/reports/rfm/segments');
    expect(report.data.map(({ segment }) => segment)).toEqual([...RFM_SEGMENTS]);
    expect(report).toMatchObject({ customers: 23, revenue: { amount: '1770.00' } });
    for (const { segment, customers, share, revenue } of report.data) {
      const own = all.filter((row) => row.segment === segment);
      expect([customers, share, revenue.amount]).toEqual([own.length, Math.round((own.length / 23) * 1e6) / 1e6, own.reduce((sum, row) => sum + Number(row.monetary.amount), 0).toFixed(2)]);
    }
    const lines = await csv('/v1/reports/rfm/segments');
    expect(lines.map((line) => [line['segment'], Number(line['customers']), line['revenue'], line['currency']])).toEqual(
      report.data.map(({ segment, customers, revenue }) => [segment, customers, revenue.amount, 'CNY']),
    );
  });

  it('a shop without orders has nobody in it, and says so', async () => {
    expect(await get('/v1/reports/rfm')).toMatchObject({ data: [], page: { nextCursor: null, hasMore: false }, definition: { currency: 'CNY', leftOut: 0 } });
    expect(await get('/v1/reports/rfm/segments')).toMatchObject({ customers: 0, revenue: { amount: '0.00' } });
    expect(await csv('/v1/reports/rfm')).toEqual([]);
  });

  it('CSV holds everybody and the same as JSON, by Accept or by format', async () => {
    await hear(Array.from({ length: 2500 }, (_, index) => anOrder({ customerId: idOf('customer', index % 2101), placedAt: daysAgo(index % 300), totalMinor: index })));
    const [rows, lines] = [await everybody(), await csv('/v1/reports/rfm')];
    expect(rows).toHaveLength(2101);
    expect(lines.map(({ asOf, ...line }) => (Number.isNaN(Date.parse(asOf!)) ? { asOf } : line))).toEqual(
      rows.map(({ customerId, recencyDays, frequency, monetary, r, f, m, score, segment }) => ({
        customerId, recencyDays: `${recencyDays}`, frequency: `${frequency}`, monetary: monetary.amount, r: `${r}`, f: `${f}`, m: `${m}`, score: `${score}`, segment,
        currency: 'CNY', timeZone: 'UTC',
      })),
    );
    const asked = await http.get('/v1/reports/rfm?format=csv&sort=-monetary').set('Accept', 'application/json').expect(200).expect('Content-Type', /^text\/csv/);
    expect(asked.text.split('\r\n')).toHaveLength(2103);
    await http.get('/v1/reports/rfm').set('Accept', 'text/csv;q=0.5, application/json').expect('Content-Type', /json/);
    await http.get('/v1/reports/rfm?format=xml').expect(400);
  });

  it('a change of a past order changes the scores', async () => {
    const [one, other] = [anOrder({ customerId: idOf('customer', 'A') }), anOrder({ customerId: idOf('customer', 'B'), totalMinor: 20_000 })];
    await hear([one, other]);
    expect((await everybody()).map(({ m }) => m)).toEqual([1, 3]);
    await tell(app.database, [changed({ ...one, revision: 2, totalMinor: 30_000 })]);
    await app.drainEvents();
    expect((await everybody()).map(({ m }) => m)).toEqual([3, 1]);
  });

});

describeWithData('RFM of CDNOW', () => {
  it('S123 has 2,357 customers, 6,919 purchases, 244,091.94, 1,152 who came back, and every score as counted directly', async () => {
    const orders = sharedText('cdnow', 'CDNOW_sample.txt').trim().split('\r\n').map((line) => {
      const [, customer = '', date = '', quantity = '', value = ''] = line.trim().split(/\s+/);
      const placedAt = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00.000Z`;
      return anOrder({ customerId: idOf('customer', customer), placedAt, quantity: Number(quantity), totalMinor: Math.round(Number(value) * 100), currency: 'USD' });
    });
    await hear(orders);
    const on = '&measuredOn=1998-06-30';
    const rows = await everybody(on);
    const cents = rows.reduce((sum, row) => sum + tuple(row)[2]!, 0);
    const counted = [rows.length, rows.reduce((sum, { frequency }) => sum + frequency, 0), cents, rows.filter(({ frequency }) => frequency > 1).length];
    expect(counted).toEqual([2357, 6919, 24_409_194, 1152]);
    expect(new Map(rows.map((row) => [row.customerId, tuple(row)]))).toEqual(directScores(orders, Date.parse('1998-07-01T00:00:00Z')));
    expect(await get('/v1/reports/repeat-purchase-rate')).toMatchObject({ overall: { customers: 2357, repeatCustomers: 1152, rate: 0.488757 } });
    // Everybody in this sample bought first in the first quarter of 1997.
    const { data } = await get<{ data: { month: string; customers: number }[] }>('/v1/reports/retention');
    expect(data.filter(({ customers }) => customers > 0).map(({ month }) => month)).toEqual(['1997-01', '1997-02', '1997-03']);
    expect(await csv(`/v1/reports/rfm?format=csv${on}`)).toHaveLength(2357);
  });
});

function keyOf(row: Rfm, sort: string): number {
  const name = sort.replace('-', '') as 'customerId' | 'recencyDays' | 'frequency' | 'monetary';
  if (name === 'customerId') return Number.parseInt(row.customerId.slice(-12), 16);
  return name === 'monetary' ? Number(row.monetary.amount) : row[name];
}

function cut(score: number) {
  return score as 1 | 2 | 3 | 4 | 5;
}
