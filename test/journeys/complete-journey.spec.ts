import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { expectReportsToEqual } from '../support/direct-count.js';
import { heard } from '../support/heard.js';
import { bring, minorOf, print, shukeOf, type ImportBody } from '../support/real-file.js';
import { describeWithData, sharedBytes, sharedText } from '../support/shared-data.js';

let app: TestApp;
let http: Http;
beforeEach(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterEach(() => app.close());

describeWithData('S156 the Complete Journey, one file of 75,000 lines', () => {
  it('becomes households, baskets and their lines, to the cent', async () => {
    const file = sharedBytes('complete_journey', 'transactions_sample.csv.gz');
    const options = { timeZone: 'America/New_York', currency: 'USD' };
    const shuke = await shukeOf(app);
    const bringPart = (resource: string, mapping: ImportBody['mapping']) => bring(shuke, file, { resource, mapping, options });

    const households = await bringPart('customers', { 'externalIds.household': 'household_id' });
    const baskets = await bringPart('orders', { 'externalIds.basket': 'basket_id', 'customer.externalIds.household': 'household_id', placedAt: 'transaction_timestamp', status: { constant: 'delivered' } });
    const lines = await bringPart('order-lines', { 'order.externalIds.basket': 'basket_id', sku: 'product_id', unitPrice: 'sales_value' });
    print('Complete Journey, customers, orders, lines', [households.counts, baskets.counts, lines.counts]);
    expect(households.counts).toEqual({ created: 2377, updated: 0, unchanged: 72_623, skipped: 0, refused: 0 });
    expect(baskets.counts).toEqual({ created: 47_243, updated: 0, unchanged: 27_757, skipped: 0, refused: 0 });
    expect(lines.counts).toEqual({ created: 75_000, updated: 0, unchanged: 0, skipped: 0, refused: 0 });
    expect(await app.asOwner('select (select count(*)::int from customer.customer) as customers, (select count(*)::int from sales.order_header) as orders')).toEqual([{ customers: 2377, orders: 47_243 }]);

    const told = parse(sharedText('complete_journey', 'transactions_sample.csv.gz'), { columns: true }) as Record<string, string>[];
    const counted = new Map<string, { customer: string; month: string; totalMinor: number }>();
    for (const { basket_id = '', household_id = '', transaction_timestamp = '', sales_value = '' } of told) {
      const basket = counted.get(basket_id) ?? { customer: household_id, month: transaction_timestamp.slice(0, 7), totalMinor: 0 };
      basket.totalMinor += minorOf(sales_value);
      counted.set(basket_id, basket);
    }
    const revenue = [...counted.values()].reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    print('Complete Journey, revenue in cents', revenue);
    expect(revenue).toBe(23_393_524);
    await heard(http);
    await expectReportsToEqual(http, [...counted.values()], 'currency=USD&timeZone=America/New_York');
  }, 600_000);
});
