import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { expectReportsToEqual } from '../support/direct-count.js';
import { heard } from '../support/heard.js';
import { importEnded, importFile, startImport, uploadFile, type ImportAnswer } from '../support/import-file.js';
import { importOlist } from '../support/olist.js';
import { describeWithData, sharedBytes, sharedText } from '../support/shared-data.js';

let app: TestApp;
let http: Http;

beforeEach(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterEach(async () => app.close());

async function total(path: string): Promise<number> {
  const { body } = await http.get(`${path}?limit=1&total=exact`).expect(200);
  return (body as { page: { total: number } }).page.total;
}

const minor = (amount: string) => Math.round(Number(amount) * 100);

function print(what: string, figure: unknown): void {
  process.stderr.write(`${what}: ${JSON.stringify(figure)}\n`);
}

describeWithData('S156 the Complete Journey, one file of 75,000 lines', () => {
  it('becomes households, baskets and their lines, to the cent', async () => {
    const file = sharedBytes('complete_journey', 'transactions_sample.csv.gz');
    const options = { timeZone: 'America/New_York', currency: 'USD' };
    const bring = (resource: string, mapping: object) => importFile(http, file, { resource, mapping, options }, 'application/gzip', 300);

    const households = await bring('customers', { 'externalIds.household': 'household_id' });
    const baskets = await bring('orders', { 'externalIds.basket': 'basket_id', 'customer.externalIds.household': 'household_id', placedAt: 'transaction_timestamp', status: { constant: 'delivered' } });
    const lines = await bring('order-lines', { 'order.externalIds.basket': 'basket_id', sku: 'product_id', unitPrice: 'sales_value' });
    print('Complete Journey, customers, orders, lines', [households.counts, baskets.counts, lines.counts]);
    expect(households.counts).toEqual({ created: 2377, updated: 0, unchanged: 72_623, refused: 0 });
    expect(baskets.counts).toEqual({ created: 47_243, updated: 0, unchanged: 27_757, refused: 0 });
    expect(lines.counts).toEqual({ created: 75_000, updated: 0, unchanged: 0, refused: 0 });
    expect(await app.asOwner('select (select count(*)::int from customer.customer) as customers, (select count(*)::int from sales.order_header) as orders')).toEqual([{ customers: 2377, orders: 47_243 }]);

    const told = parse(sharedText('complete_journey', 'transactions_sample.csv.gz'), { columns: true }) as Record<string, string>[];
    const counted = new Map<string, { customer: string; month: string; totalMinor: number }>();
    for (const { basket_id = '', household_id = '', transaction_timestamp = '', sales_value = '' } of told) {
      const basket = counted.get(basket_id) ?? { customer: household_id, month: transaction_timestamp.slice(0, 7), totalMinor: 0 };
      basket.totalMinor += minor(sales_value);
      counted.set(basket_id, basket);
    }
    const revenue = [...counted.values()].reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    print('Complete Journey, revenue in cents', revenue);
    expect(revenue).toBe(23_393_524);
    await heard(http);
    await expectReportsToEqual(http, [...counted.values()], 'currency=USD&timeZone=America/New_York');
  }, 600_000);
});

describeWithData('S156 the payments of all of Olist where only some orders are known', () => {
  it('takes the 8,924 of known orders and refuses the others line by line', async () => {
    await importOlist(http);
    const before = await total('/v1/orders');
    const upload = await uploadFile(http, sharedBytes('olist_full', 'olist_order_payments_dataset.csv.gz'), 'application/gzip');
    const mapping = { 'order.externalIds.olist': 'order_id', sequence: 'payment_sequential', method: 'payment_type', amount: 'payment_value', installments: 'payment_installments' };
    const id = await startImport(http, upload, { resource: 'payments', mapping, options: { currency: 'BRL' } });
    const answer: ImportAnswer = await importEnded(http, id, 300);
    print('Olist, all payments', answer.counts);
    // The sample brought the same payments already.
    expect(answer.counts).toEqual({ created: 0, updated: 0, unchanged: 8924, refused: 94_962 });
    expect(await total('/v1/orders')).toBe(before);

    const report = await http.get(`/v1/imports/${id}/problems.csv`).buffer(true).expect(200);
    const refused = parse(report.text, { bom: true }) as string[][];
    const [header = [], ...rows] = refused;
    expect(header.slice(0, 5)).toEqual(['order_id', 'payment_sequential', 'payment_type', 'payment_installments', 'payment_value']);
    expect(rows.length).toBe(94_962);
    const told = parse(sharedText('olist_full', 'olist_order_payments_dataset.csv.gz')) as string[][];
    const whole = new Set(told.map((row) => row.join()));
    expect(rows.every((row) => whole.has(row.slice(0, 5).join()))).toBe(true);
  }, 600_000);
});
