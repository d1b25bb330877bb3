import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createShuke, type Data, type Input, type Shuke } from '@shuke/client';
import { ADMINISTRATOR, startApp, type Http, type TestApp } from '../support/app.js';
import { expectReportsToEqual, type CountedOrder } from '../support/direct-count.js';
import { heard } from '../support/heard.js';
import { categoriesInEnglish, importOlist, OLIST_ZONE, olistRows } from '../support/olist.js';
import { describeWithData } from '../support/shared-data.js';

let app: TestApp;
let http: Http;
let shuke: Shuke;
let first: Map<string, Data<'getImport'>>;

interface Paid {
  readonly data: { readonly paymentId: string; readonly method: string; readonly amountMinor: number };
}

async function customersIn(filter: Input<'listCustomers'> = {}): Promise<number> {
  return (await shuke.call('listCustomers', { ...filter, limit: 1, total: 'exact' })).data.page.total!;
}

async function ordersIn(filter: Input<'listOrders'> = {}): Promise<number> {
  return (await shuke.call('listOrders', { ...filter, limit: 1, total: 'exact' })).data.page.total!;
}

async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function everyEvent<T>(type: string): Promise<T[]> {
  return (await gathered(shuke.events({ types: [type], follow: false }))) as T[];
}

/** How many come up twice or more. */
function regularsAmong(people: readonly string[]): number {
  const orders = new Map<string, number>();
  for (const person of people) orders.set(person, (orders.get(person) ?? 0) + 1);
  return [...orders.values()].filter((count) => count >= 2).length;
}

/** The reports count what was not cancelled, which is how we read the marketplace's canceled and unavailable. */
const NOT_SOLD = ['canceled', 'unavailable'];

function ordersThatCount(): CountedOrder[] {
  const persons = new Map(olistRows('olist_customers_dataset.csv').map((row) => [row['customer_id'], row['customer_unique_id']!]));
  const minor = (amount: string | undefined) => Math.round(Number(amount) * 100);
  const totals = new Map<string, number>();
  for (const { order_id = '', price, freight_value } of olistRows('olist_order_items_dataset.csv.gz')) {
    totals.set(order_id, (totals.get(order_id) ?? 0) + minor(price) + minor(freight_value));
  }
  return olistRows('olist_orders_dataset.csv.gz')
    .filter(({ order_status = '' }) => !NOT_SOLD.includes(order_status))
    .map(({ order_id = '', customer_id = '', order_purchase_timestamp = '' }) => ({
      customer: persons.get(customer_id)!, month: order_purchase_timestamp.slice(0, 7), totalMinor: totals.get(order_id) ?? 0,
    }));
}

function print(what: string, figure: unknown): void {
  process.stderr.write(`olist: ${what}: ${typeof figure === 'string' ? figure : JSON.stringify(figure)}\n`);
}

describeWithData('the Olist sample, imported as a stranger would', () => {
  beforeAll(async () => {
    app = await startApp({ workers: true });
    http = await app.asAdmin();
    shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
    first = await importOlist(shuke);
    await heard(http);
  }, 900_000);
  afterAll(() => app?.close());

  it('goes in whole: every line of its files, none refused', async () => {
    for (const [resource, { id, status, counts }] of first) {
      print(`${resource} ${status}`, counts);
      expect({ resource, problems: counts.refused === 0 ? [] : await gathered(shuke.each('listImportProblems', { id })) }).toEqual({ resource, problems: [] });
    }
    const lines = [...first].map(([resource, { status, counts }]) => [resource, status, counts.created + counts.updated + counts.unchanged]);
    expect(lines).toEqual([
      ['customers', 'succeeded', 8135], ['products', 'succeeded', 5460], ['orders', 'succeeded', 8135], ['order-lines', 'succeeded', 8365], ['payments', 'succeeded', 8924],
    ]);
    expect(first.get('customers')!.counts.created).toBe(8016);
  });

  it('knows 8,016 customers, 73 of whom ordered twice or more and 52 of whom bought twice or more', async () => {
    const customers = await customersIn();
    const ordered = regularsAmong((await gathered(shuke.each('listOrders', { limit: 200 }))).map(({ customerId }) => customerId));
    // A customer's orderCount leaves out what was cancelled.
    const bought = await customersIn({ orderCountGte: 2 });
    print('customers', customers);
    print('customers with two or more orders', ordered);
    print('customers with two or more orders that were not cancelled', bought);
    expect({ customers, ordered, bought }).toEqual({ customers: 8016, ordered: 73, bought: 52 });

    const personOf = new Map(olistRows('olist_customers_dataset.csv').map((row) => [row['customer_id'], row['customer_unique_id']!]));
    const rows = olistRows('olist_orders_dataset.csv.gz').map((row) => ({ person: personOf.get(row['customer_id'])!, status: row['order_status']! }));
    const kept = rows.filter(({ status }) => status !== 'canceled' && status !== 'unavailable');
    expect([ordered, bought]).toEqual([regularsAmong(rows.map(({ person }) => person)), regularsAmong(kept.map(({ person }) => person))]);
  });

  it('knows 8,135 orders, with the statuses the marketplace gave them', async () => {
    const orders = await ordersIn();
    const byStatus: Record<string, number> = {};
    for (const status of ['delivered', 'shipped', 'canceled', 'unavailable', 'invoiced', 'processing', 'created', 'approved']) {
      byStatus[status] = await ordersIn({ sourceStatus: [status] });
    }
    print('orders', orders);
    print('orders by status', byStatus);
    expect(orders).toBe(8135);
    expect(byStatus).toEqual({ delivered: 5172, shipped: 1107, canceled: 625, unavailable: 609, invoiced: 314, processing: 301, created: 5, approved: 2 });
  });

  it('calls the products by the English names of their categories', async () => {
    const english = categoriesInEnglish();
    const expected = olistRows('olist_products_dataset.csv').filter((row) => english[row['product_category_name']!] === 'health_beauty').length;
    const found = await gathered(shuke.each('listProducts', { category: ['health_beauty'], limit: 200 }));
    print('products of health_beauty', found.length);
    expect(found.length).toBe(expected);
    expect(expected).toBeGreaterThan(0);
  });

  it('knows what was paid by each method, to the cent', async () => {
    const payments = new Map((await everyEvent<Paid>('sales.payment_recorded.v1')).map(({ data }) => [data.paymentId, data]));
    const minor: Record<string, number> = {};
    for (const { method, amountMinor } of payments.values()) minor[method] = (minor[method] ?? 0) + amountMinor;
    const paid = Object.fromEntries(Object.entries(minor).map(([method, amount]) => [method, (amount / 100).toFixed(2)]));
    print('payments', payments.size);
    print('paid by method, BRL', paid);
    expect(payments.size).toBe(8924);
    expect(paid).toEqual({ boleto: '242878.50', credit_card: '1099618.22', debit_card: '26158.75', not_defined: '0.00', voucher: '59947.34' });
  });

  it('S25 months, cohorts and repeat customers equal a direct count of the files', async () => {
    const orders = ordersThatCount();
    print('orders that count in reports', orders.length);
    await expectReportsToEqual(http, orders, `currency=BRL&timeZone=${OLIST_ZONE}`);
  });

  it('imported again changes nothing and says nothing new happened', async () => {
    const head = (await shuke.call('listConsumers')).data.data[0]!.position;
    const second = await importOlist(shuke);
    for (const [resource, { status, counts }] of second) {
      print(`${resource} again ${status}`, counts);
      const { created, updated, unchanged, refused } = first.get(resource)!.counts;
      expect({ resource, counts }).toEqual({ resource, counts: { created: 0, updated: 0, unchanged: created + updated + unchanged, skipped: 0, refused } });
    }
    await heard(http);
    expect((await shuke.call('listEvents', { after: head })).data).toEqual({ data: [], page: { nextAfter: head, hasMore: false } });
  }, 900_000);
});
