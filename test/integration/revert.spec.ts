import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SumTagCounts } from '../../src/customer/use-cases/sum-tag-counts.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importFile } from '../support/import-file.js';
import { keptOf, proofOf, revertImport } from '../support/revert-import.js';
import { tableHashes } from '../support/table-hashes.js';
import { bring, bringAll, RESOURCES } from './import-files.js';

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

/** All that contexts know of their subject: not who did what when, and not the imports themselves. */
async function known(): Promise<Record<string, string>> {
  await app.drainEvents();
  await app.get(SumTagCounts).run();
  const hashes = await tableHashes(app);
  return Object.fromEntries(Object.entries(hashes).filter(([table]) => /^(customer|sales|analytics|vault)\./.test(table)));
}

async function reports(): Promise<unknown[]> {
  await app.drainEvents();
  const paths = ['/v1/reports/months?from=2020-01&to=2020-12', '/v1/reports/payments?from=2020-01&to=2020-12', '/v1/reports/rfm', '/v1/reports/rfm/segments', '/v1/customers?sort=-spent'];
  return Promise.all(paths.map(async (path) => {
    const { body } = await http.get(path).expect(200);
    const { asOf: _, definition, ...rest } = body as { asOf?: string; definition?: object };
    return { ...rest, definition: { ...definition, measuredAt: undefined } };
  }));
}

const customerOf = async (shopId: string) => ((await http.get(`/v1/customers?externalSystem=shop&externalId=${shopId}`).expect(200)).body as { data: { id: string; version: number }[] }).data[0];
const orderOf = async (shopId: string) => (await http.get(`/v1/orders/by-external-id/shop/${shopId}`).expect(200)).body as { id: string; version: number; lines: unknown[]; paid: { amount: string }; total: { amount: string }; payments: { id: string }[]; fulfilments: { id: string }[] };

describe('S156 an import taken back', () => {
  it('S156 leaves everything as it was before, reports included; consumers set back end the same; the same files make the same again', async () => {
    const before = { known: await known(), reports: await reports() };
    const first = await bringAll(http);
    expect(RESOURCES.map((resource) => first[resource].counts)).toEqual([
      { created: 3, updated: 1, unchanged: 0, skipped: 0, refused: 0 }, { created: 2, updated: 0, unchanged: 0, skipped: 0, refused: 0 }, { created: 3, updated: 0, unchanged: 0, skipped: 0, refused: 1 },
      { created: 3, updated: 0, unchanged: 0, skipped: 0, refused: 1 }, { created: 3, updated: 1, unchanged: 0, skipped: 0, refused: 0 },
      { created: 2, updated: 0, unchanged: 2, skipped: 0, refused: 1 }, { created: 2, updated: 1, unchanged: 0, skipped: 0, refused: 1 },
    ]);
    const made = await reports();
    for (const [index, report] of made.entries()) expect([index, report]).not.toEqual([index, before.reports[index]]);

    for (const resource of [...RESOURCES].reverse()) {
      const { created } = first[resource].counts;
      expect(await revertImport(http, first[resource].id)).toEqual({ importId: first[resource].id, resource, reverted: created, kept: 0 });
      expect(await keptOf(http, first[resource].id)).toEqual([]);
    }
    expect(await known()).toEqual(before.known);
    expect(await reports()).toEqual(before.reports);

    for (const consumer of ['customer.timeline', 'customer.features', 'analytics.order_facts']) await http.post(`/v1/consumers/${consumer}/replay`).send({ from: 0 }).expect(204);
    expect(await known()).toEqual(before.known);

    const second = await bringAll(http);
    expect(RESOURCES.map((resource) => second[resource].counts)).toEqual(RESOURCES.map((resource) => first[resource].counts));
    expect(await reports()).not.toEqual(before.reports);
    for (const resource of RESOURCES) expect(await proofOf(http, second[resource].id)).toMatchObject({ matches: true });
    for (const resource of [...RESOURCES].reverse()) await revertImport(http, second[resource].id);
    expect(await known()).toEqual(before.known);
  });

  it('S156 leaves customers that were changed since, have orders, are erased or were there before, and says so by line', async () => {
    await bring(http, 'customers', 'id,name,phone,known,tags\nthere,Old,,,\nsame,Same,,,\n');
    const done = await bring(http, 'customers',
      'id,name,phone,known,tags\nfree,Free,,,\nchanged,Changed,,,\nbuyer,Buyer,,,\ngone,Gone,13800000009,,\nthere,New,,,\nsame,Same,,,\nput-away,Away,,,\n');
    const [changed, buyer, gone, away] = await Promise.all(['changed', 'buyer', 'gone', 'put-away'].map(customerOf));
    await http.patch(`/v1/customers/${changed!.id}`).set('If-Match', '"1"').send({ name: 'By hand' }).expect(200);
    await http.post('/v1/orders').send({ customer: { id: buyer!.id }, currency: 'CNY', lines: [{ name: 'Tea', quantity: 1, unitPrice: { amount: '1.00', currency: 'CNY' } }] }).expect(201);
    await http.post(`/v1/customers/${gone!.id}/erase`).send({}).expect((answer) => expect(answer.status).toBeLessThan(300));
    await http.delete(`/v1/customers/${away!.id}`).set('If-Match', '"1"').expect(204);

    expect(await revertImport(http, done.id)).toMatchObject({ reverted: 1, kept: 5 });
    expect((await keptOf(http, done.id)).map(({ line, reason, part }) => [line, reason, part])).toEqual([
      [3, 'changed_since', null], [4, 'in_use', null], [5, 'erased', null], [6, 'updated_not_made', null], [8, 'changed_since', null],
    ]);
    expect(await customerOf('free')).toBeUndefined();
    await http.get(`/v1/customers/${gone!.id}`).expect(410);
    expect(await app.asOwner('select count(*)::int as n from vault.person_key where person_id = $1', [gone!.id])).toEqual([{ n: 1 }]);
    expect(await customerOf('there')).toMatchObject({ name: 'New' });
  });

  it('S156 leaves what other records need, and takes it the next time, once nothing does', async () => {
    await bring(http, 'customers', 'id,name,phone,known,tags\n1,李娜,,,\n2,王伟,,,\n');
    const products = await bring(http, 'products');
    const orders = await bring(http, 'orders');
    const lines = await bring(http, 'order-lines');
    const payments = await bring(http, 'payments');
    expect(await revertImport(http, products.id)).toMatchObject({ reverted: 0, kept: 2 });
    expect(await revertImport(http, orders.id)).toMatchObject({ reverted: 0, kept: 3 });
    expect((await keptOf(http, orders.id)).map(({ line, reason }) => [line, reason])).toEqual([[2, 'in_use'], [3, 'in_use'], [4, 'in_use']]);

    const a = await orderOf('A');
    const b = await orderOf('B');
    await http.post(`/v1/orders/${b.id}/refunds`).send({ state: 'settled', amount: { amount: '1.00', currency: 'CNY' }, paymentId: b.payments[0]!.id }).expect(201);
    expect(await revertImport(http, payments.id)).toMatchObject({ reverted: 2, kept: 1 });
    expect((await keptOf(http, payments.id)).map(({ id, reason }) => [id, reason])).toEqual([[b.payments[0]!.id, 'in_use']]);
    expect(await orderOf('A')).toMatchObject({ version: a.version + 1, paid: { amount: '0.00' }, total: { amount: '199.80' }, payments: [] });

    expect(await revertImport(http, lines.id)).toMatchObject({ reverted: 3, kept: 0 });
    expect(await orderOf('A')).toMatchObject({ total: { amount: '0.00' }, lines: [] });
    expect(await revertImport(http, orders.id)).toMatchObject({ reverted: 2, kept: 1 });
    expect((await keptOf(http, orders.id)).map(({ id, reason }) => [id, reason])).toEqual([[b.id, 'changed_since']]);
    expect(await revertImport(http, products.id)).toMatchObject({ reverted: 2, kept: 0 });
    expect(await revertImport(http, products.id)).toMatchObject({ reverted: 0, kept: 0 });
  });

  it('S156 tells a line or payment that the API changed from one that only stands in a changed order', async () => {
    await bring(http, 'customers', 'id,name,phone,known,tags\nL,Line,,,\n');
    const orders = await bring(http, 'orders', 'id,who,at,status,total\nK,L,2020-04-02 00:00:00,paid,\n');
    const lines = await bring(http, 'order-lines', 'order,number,sku,quantity,price\nK,1,X,2,1\nK,2,Y,1,1\n');
    const payments = await bring(http, 'payments', 'order,sequence,method,amount,at\nK,1,card,3,\n');
    const { id } = await orderOf('K');
    await http.post(`/v1/orders/${id}/fulfilments`).send({ lines: [{ number: 1, quantity: 1 }], state: 'shipped' }).expect(201);

    expect(await revertImport(http, lines.id)).toMatchObject({ reverted: 1, kept: 1 });
    expect(await keptOf(http, lines.id)).toEqual([{ id, part: 1, line: 2, reason: 'changed_since' }]);
    expect(await revertImport(http, payments.id)).toMatchObject({ reverted: 1, kept: 0 });
    expect(await revertImport(http, orders.id)).toMatchObject({ reverted: 0, kept: 1 });
    expect(await orderOf('K')).toMatchObject({ lines: [{ number: 1 }], payments: [], total: { amount: '2.00' } });
  });

  it('S156 takes refunds and parcels back with what they did to their orders, but not those that somebody changed since', async () => {
    await bring(http, 'customers', 'id,name,phone,known,tags\nP,Parcel,,,\n');
    const orders = await bring(http, 'orders', 'id,who,at,status,total\nPA,P,2020-04-02 00:00:00,paid,\n');
    const lines = await bring(http, 'order-lines', 'order,number,sku,quantity,price\nPA,1,X,3,1\n');
    const payments = await bring(http, 'payments', 'order,sequence,method,amount,at\nPA,1,card,3,\n');
    const refunds = await bring(http, 'refunds', 'id,order,payment,amount,at,why\nPR1,PA,1,1,,\nPR2,PA,,0.50,,\n');
    const parcels = await bring(http, 'fulfilments', 'id,order,lines,packed,sent,with\nPF1,PA,1:1,2020-04-03 00:00:00,,\nPF2,PA,1:1,2020-04-03 00:00:00,,\n');
    const filled = await orderOf('PA');
    expect(filled).toMatchObject({ refunded: { amount: '1.50' }, refunds: [{}, {}], fulfilments: [{}, {}], lines: [{ fulfilledQuantity: 2 }] });
    expect(await revertImport(http, payments.id)).toMatchObject({ reverted: 0, kept: 1 });
    expect(await revertImport(http, lines.id)).toMatchObject({ reverted: 0, kept: 1 });
    expect((await keptOf(http, lines.id)).map(({ reason }) => reason)).toEqual(['in_use']);

    const [shipped] = filled.fulfilments;
    await http.post(`/v1/fulfilments/${shipped!.id}/ship`).send({}).expect(200);
    expect(await revertImport(http, refunds.id)).toMatchObject({ reverted: 2, kept: 0 });
    expect(await revertImport(http, parcels.id)).toMatchObject({ reverted: 1, kept: 1 });
    expect((await keptOf(http, parcels.id)).map(({ id, reason }) => [id, reason])).toEqual([[shipped!.id, 'changed_since']]);
    expect(await orderOf('PA')).toMatchObject({ refunded: { amount: '0.00' }, refunds: [], fulfilments: [{ id: shipped!.id }], lines: [{ fulfilledQuantity: 1 }] });
    expect(await revertImport(http, payments.id)).toMatchObject({ reverted: 1, kept: 0 });
    expect(await revertImport(http, orders.id)).toMatchObject({ reverted: 0, kept: 1 });
  });

  it('S156 of an order that only got another id leaves the order, and lists it', async () => {
    await bring(http, 'customers', 'id,name,phone,known,tags\nN,Named,,,\n');
    await bring(http, 'orders', 'id,who,at,status,total\nN1,N,2020-04-02 00:00:00,paid,\n');
    const done = await importFile(http, 'shop,erp\nN1,E1\n', { resource: 'orders', mapping: { 'externalIds.shop': 'shop', 'externalIds.erp': 'erp' } });
    expect(done.counts.updated).toBe(1);
    expect(await orderOf('N1')).toMatchObject({ version: 2 });
    expect(await revertImport(http, done.id)).toMatchObject({ reverted: 0, kept: 1 });
    expect((await keptOf(http, done.id)).map(({ reason }) => reason)).toEqual(['updated_not_made']);
  });
});
