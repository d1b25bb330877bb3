import { randomUUID } from 'node:crypto';
import type { Http, TestApp } from '../support/app.js';

export const cny = (amount: string) => ({ amount, currency: 'CNY' });

/** 2 × 100.00 and 1 × 100.00: 300.00 in all. */
export const TWO_LINES = [
  { sku: 'TEA-250', name: 'Longjing tea', quantity: 2, unitPrice: cny('100.00') },
  { sku: 'CUP-1', name: 'Cup', quantity: 1, unitPrice: cny('100.00') },
];

export interface OrderBody {
  readonly id: string;
  readonly version: number;
  readonly number: string;
  readonly status: string;
  readonly total: { readonly amount: string };
  readonly paid: { readonly amount: string };
  readonly refunded: { readonly amount: string };
  readonly lines: readonly { readonly number: number; readonly quantity: number; readonly fulfilledQuantity: number }[];
  readonly payments: readonly { readonly id: string; readonly state: string }[];
}

/** Somebody to sell to, and the steps of a sale, each as one call over HTTP. */
export class Selling {
  private constructor(
    readonly http: Http,
    readonly customerId: string,
  ) {}

  static async start(app: TestApp): Promise<Selling> {
    const http = await app.asAdmin();
    const { body } = await http.post('/v1/customers').send({ name: '李娜' }).expect(201);
    return new Selling(http, (body as { id: string }).id);
  }

  anOrder(terms: object = {}) {
    return { customer: { id: this.customerId }, currency: 'CNY', lines: TWO_LINES, ...terms };
  }

  async place(terms: object = {}): Promise<OrderBody> {
    const { body } = await this.http.post('/v1/orders').set('Idempotency-Key', randomUUID()).send(this.anOrder(terms)).expect(201);
    return body as OrderBody;
  }

  async placePaid(terms: object = {}): Promise<OrderBody> {
    const { id, total } = await this.place(terms);
    await this.pay(id, total.amount).expect(201);
    return this.read(id);
  }

  pay(orderId: string, amount: string, more: object = {}) {
    return this.http.post(`/v1/orders/${orderId}/payments`).send({ method: 'card', state: 'settled', amount: cny(amount), ...more });
  }

  refund(orderId: string, amount: string, more: object = {}) {
    return this.http.post(`/v1/orders/${orderId}/refunds`).send({ state: 'settled', amount: cny(amount), ...more });
  }

  send(orderId: string, lines: readonly { number: number; quantity: number }[], state = 'shipped', more: object = {}) {
    return this.http.post(`/v1/orders/${orderId}/fulfilments`).send({ state, lines, ...more });
  }

  act(path: string, body: object = {}) {
    return this.http.post(`/v1/${path}`).send(body);
  }

  async read(orderId: string): Promise<OrderBody> {
    return (await this.http.get(`/v1/orders/${orderId}`).expect(200)).body as OrderBody;
  }
}

/** How many answers had each status. */
export function countStatuses(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Names of the events of one order, in the order they were recorded, out of the outbox and the log. */
export async function eventsOf(app: TestApp, orderId: string): Promise<{ name: string; payload: { order: { revision: number; status: string; paidMinor: number } } }[]> {
  return app.asOwner(
    `select name, payload from (select 0 as part, seq as at, name, payload from platform.outbox where aggregate_id = $1
       union all select -1, position, name, payload from platform.event_log where aggregate_id = $1) as e order by part, at`,
    [orderId],
  );
}
