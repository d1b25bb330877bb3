import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { expectReportsToEqual } from '../support/direct-count.js';
import { olistRows } from '../support/olist.js';
import { describeWithData } from '../support/shared-data.js';
import { anOrder, idOf, paid, placed, tell } from './told-orders.js';

interface Payment {
  readonly method: string;
  readonly amountMinor: number;
}

function paymentsByOrder(): Map<string, Payment[]> {
  const payments = new Map<string, Payment[]>();
  for (const line of olistRows('olist_order_payments_dataset.csv')) {
    const payment = { method: line['payment_type']!, amountMinor: minor(line['payment_value']!) };
    payments.set(line['order_id']!, [...(payments.get(line['order_id']!) ?? []), payment]);
  }
  return payments;
}

const minor = (amount: string) => Math.round(Number(amount) * 100);

interface SampleOrder {
  readonly id: string;
  readonly person: string;
  readonly status: string;
  /** Local time of the marketplace. */
  readonly local: string;
  readonly payments: readonly Payment[];
  /** The sum of its payments: 775 orders have no lines. */
  readonly totalMinor: number;
}

function ordersOfTheSample(): SampleOrder[] {
  const persons = new Map(olistRows('olist_customers_dataset.csv').map((line) => [line['customer_id'], line['customer_unique_id']!]));
  const payments = paymentsByOrder();
  return olistRows('olist_orders_dataset.csv.gz').map((line) => {
    const own = payments.get(line['order_id']!) ?? [];
    const totalMinor = own.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return { id: line['order_id']!, person: persons.get(line['customer_id'])!, status: line['order_status']!, local: line['order_purchase_timestamp']!, payments: own, totalMinor };
  });
}

describeWithData('Olist, told by sales', () => {
  let app: TestApp;
  let http: Http;
  let orders: SampleOrder[];

  beforeAll(async () => {
    orders = ordersOfTheSample();
    app = await startApp();
    http = await app.asAdmin();
    const events = orders.flatMap(({ id, person, status, local, payments: own, totalMinor }) => {
      const order = anOrder({
        orderId: idOf('order', id), customerId: idOf('customer', person), currency: 'BRL', totalMinor, sourceStatus: status,
        status: status === 'canceled' ? 'cancelled' : 'delivered', placedAt: `${local.replace(' ', 'T')}.000Z`,
      });
      return [placed(order), ...own.map((payment) => paid(order, payment))];
    });
    for (let start = 0; start < events.length; start += 2000) await tell(app.database, events.slice(start, start + 2000));
    await app.drainEvents();
  });
  afterAll(() => app?.close());

  it('S25 months, cohorts and repeat customers equal a direct count', async () => {
    const counted = orders.filter(({ status }) => status !== 'canceled').map(({ person, local, totalMinor }) => ({ customer: person, month: local.slice(0, 7), totalMinor }));
    await expectReportsToEqual(http, counted, 'currency=BRL');
  });

  it('payments by type to the cent, and statuses as given', async () => {
    const { body: paidBy } = await http.get('/v1/reports/payments').expect(200);
    const amounts = new Map((paidBy as { data: { method: string; amount: { amount: string } }[] }).data.map(({ method, amount }) => [method, amount.amount]));
    expect([amounts.get('boleto'), amounts.get('credit_card')]).toEqual(['242878.50', '1099618.22']);
    const { body: statuses } = await http.get('/v1/reports/order-statuses').expect(200);
    const counts = Object.fromEntries((statuses as { data: { sourceStatus: string; orders: number }[] }).data.map(({ sourceStatus, orders: count }) => [sourceStatus, count]));
    expect(counts).toMatchObject({ delivered: 5172, canceled: 625, shipped: 1107, unavailable: 609, invoiced: 314, processing: 301 });
  });

  it('S123 every customer with a counted order has one RFM', async () => {
    const customers = new Set(orders.filter(({ status }) => status !== 'canceled').map(({ person }) => person)).size;
    const { body } = await http.get('/v1/reports/rfm/segments').expect(200);
    expect(body).toMatchObject({ customers });
  });
});
