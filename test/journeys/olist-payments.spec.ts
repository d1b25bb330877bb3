import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importOlist } from '../support/olist.js';
import { bring, print, shukeOf } from '../support/real-file.js';
import { describeWithData, sharedBytes, sharedText } from '../support/shared-data.js';

let app: TestApp;
let http: Http;
beforeEach(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterEach(() => app.close());

describeWithData('S156 the payments of all of Olist where only some orders are known', () => {
  it('takes the 8,924 of known orders and refuses the others line by line', async () => {
    const shuke = await shukeOf(app);
    const count = async () => (await shuke.call('listOrders', { limit: 1, total: 'exact' })).data.page.total;
    await importOlist(shuke);
    const orders = await count();
    const mapping = { 'order.externalIds.olist': 'order_id', sequence: 'payment_sequential', method: 'payment_type', amount: 'payment_value', installments: 'payment_installments' };
    const answer = await bring(shuke, sharedBytes('olist_full', 'olist_order_payments_dataset.csv.gz'), { resource: 'payments', mapping, options: { currency: 'BRL' } });
    print('Olist, all payments', answer.counts);
    // The sample brought the same payments already.
    expect(answer.counts).toEqual({ created: 0, updated: 0, unchanged: 8924, skipped: 0, refused: 94_962 });
    expect(await count()).toBe(orders);

    const report = await http.get(`/v1/imports/${answer.id}/problems.csv`).buffer(true).expect(200);
    const refused = parse(report.text, { bom: true }) as string[][];
    const [header = [], ...rows] = refused;
    expect(header.slice(0, 5)).toEqual(['order_id', 'payment_sequential', 'payment_type', 'payment_installments', 'payment_value']);
    expect(rows.length).toBe(94_962);
    const told = parse(sharedText('olist_full', 'olist_order_payments_dataset.csv.gz')) as string[][];
    const whole = new Set(told.map((row) => row.join()));
    expect(rows.every((row) => whole.has(row.slice(0, 5).join()))).toBe(true);
  }, 600_000);
});
