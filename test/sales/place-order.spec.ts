import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { cny, countStatuses, eventsOf, Selling, TWO_LINES } from './selling.js';

const NOW = '2026-03-01T08:00:00.000Z';
const TWINS = 16;

describe('S37 placing an order', () => {
  let app: TestApp;
  let selling: Selling;

  beforeAll(async () => {
    app = await startApp({ now: NOW });
    selling = await Selling.start(app);
  });
  afterAll(() => app?.close());

  it('S37 answers 201 with priced lines and totals, and reads back exactly what it answered', async () => {
    const placed = await selling.http
      .post('/v1/orders')
      .send(selling.anOrder({
        channel: 'web', sourceStatus: 'processing', placedAt: '2026-02-28T20:00:00+08:00',
        externalIds: [{ system: 'shopify', id: '450789469' }, { system: 'erp', id: 'A-1' }],
        discount: cny('10.00'), shipping: cny('20.01'),
        lines: [
          { sku: 'TEA-250', name: 'Longjing tea', quantity: 2, unitPrice: cny('100.00'), tax: cny('6.00') },
          { number: 7, name: 'Gift wrap', quantity: 1, unitPrice: cny('100'), discount: cny('5.5') },
        ],
      }))
      .expect(201);
    const { id } = placed.body as { id: string };
    expect(placed.headers).toMatchObject({ location: `/v1/orders/${id}`, etag: '"1"' });
    expect(placed.headers['event-id']).toMatch(/^[0-9a-f-]{36}$/);
    // 294.50 of value: the discount and the shipping are spread 200.00 : 94.50.
    expect(placed.body).toMatchObject({
      version: 1, customerId: selling.customerId, status: 'arranging_payment', sourceStatus: 'processing', channel: 'web', currency: 'CNY', quantity: 3,
      subtotal: cny('300.00'), discount: cny('15.50'), tax: cny('6.00'), shipping: cny('20.01'), total: cny('310.51'), paid: cny('0.00'),
      placedAt: '2026-02-28T12:00:00.000Z', createdAt: NOW,
      externalIds: [{ system: 'erp', id: 'A-1' }, { system: 'shopify', id: '450789469' }],
      lines: [
        { number: 1, sku: 'TEA-250', discount: cny('6.79'), shipping: cny('13.59'), total: cny('212.80') },
        { number: 7, sku: null, discount: cny('8.71'), shipping: cny('6.42'), total: cny('97.71') },
      ],
    });
    expect((placed.body as { number: string }).number).toMatch(/^SO-\d{6,}$/);

    const read = await selling.http.get(`/v1/orders/${id}`).expect(200);
    expect(read.body).toEqual(placed.body);
    expect(read.headers['etag']).toBe('"1"');
    const named = await selling.http.get('/v1/orders/by-external-id/shopify/450789469').expect(200);
    expect(named.body).toEqual(placed.body);
    await selling.http.get(`/v1/orders/${id}`).set('If-None-Match', '"1"').expect(304);
  });

  it('S37 records the event with the order as it stands, for the customer\'s lane, and an audit row', async () => {
    const { id } = await selling.place();
    const events = await app.asOwner<{ name: string; partition_key: string; payload: object }>('select name, partition_key, payload from platform.outbox where aggregate_id = $1', [id]);
    expect(events).toEqual([
      {
        name: 'sales.order_placed', partition_key: selling.customerId,
        payload: { order: { orderId: id, revision: 1, customerId: selling.customerId, status: 'arranging_payment', sourceStatus: null, currency: 'CNY', totalMinor: 30_000, paidMinor: 0, refundedMinor: 0, quantity: 3, placedAt: NOW, channel: null } },
      },
    ]);
    const audit = await app.asOwner<{ action: string }>('select action from platform.audit_inbox where $1 = any (subject_ids)', [id]);
    expect(audit).toEqual([{ action: 'order.placed' }]);
  });

  it('S37 a retry under the same key gets the same order, another body is refused', async () => {
    const key = randomUUID();
    const first = await selling.http.post('/v1/orders').set('Idempotency-Key', key).send(selling.anOrder()).expect(201);
    const again = await selling.http.post('/v1/orders').set('Idempotency-Key', key).send(selling.anOrder()).expect(201);
    expect(again.text).toBe(first.text);
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', etag: '"1"', location: first.headers['location'] });
    const other = await selling.http.post('/v1/orders').set('Idempotency-Key', key).send(selling.anOrder({ channel: 'app' })).expect(422);
    expect((other.body as { code: string }).code).toBe('idempotency_key_reused');
  });

  it(`S37 of ${TWINS} twins at once one places the order and all end with the same answer`, async () => {
    const channel = `twins-${randomUUID()}`;
    const key = randomUUID();
    const send = () => selling.http.post('/v1/orders').set('Idempotency-Key', key).send(selling.anOrder({ channel }));
    const answers = await Promise.all(Array.from({ length: TWINS }, send));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const settled = await Promise.all(answers.map(async (answer) => (answer.status === 201 ? answer : send())));
    expect(countStatuses(settled)).toEqual({ 201: TWINS });
    expect(new Set(settled.map(({ text }) => text)).size).toBe(1);
    const list = await selling.http.get('/v1/orders').query({ channel, total: 'exact' }).expect(200);
    expect((list.body as { page: { total: number } }).page.total).toBe(1);
  });

  it('S37 takes name and price from the product where a line says none, by sku, id or external id', async () => {
    const product = await selling.http.post('/v1/products').send({ sku: 'POT-1', name: 'Teapot', price: cny('250.00'), externalIds: [{ system: 'erp', id: 'P-77' }] }).expect(201);
    const productId = (product.body as { id: string }).id;
    const order = await selling.place({ lines: [{ sku: 'POT-1', quantity: 1 }, { productId, quantity: 2, unitPrice: cny('200.00') }, { productExternalId: { system: 'erp', id: 'P-77' }, quantity: 1, name: 'Teapot, second choice' }] });
    expect(order.total).toEqual(cny('900.00'));
    expect(order.lines).toMatchObject([
      { productId, sku: 'POT-1', name: 'Teapot', unitPrice: cny('250.00') },
      { productId, sku: 'POT-1', name: 'Teapot', unitPrice: cny('200.00') },
      { productId, sku: 'POT-1', name: 'Teapot, second choice', unitPrice: cny('250.00') },
    ]);
    const linked = await selling.place({ lines: [{ sku: 'POT-1', name: 'Teapot', quantity: 1, unitPrice: cny('1.00') }] });
    expect(linked.lines).toMatchObject([{ productId }]);
    expect(await selling.read(linked.id)).toEqual(linked);
  });

  it('S37 knows the customer by external id', async () => {
    const person = await selling.http.post('/v1/customers').send({ name: '王伟', externalIds: [{ system: 'shopify', id: 'c-1' }] }).expect(201);
    const order = await selling.place({ customer: { externalId: { system: 'shopify', id: 'c-1' } } });
    expect(order).toMatchObject({ customerId: (person.body as { id: string }).id });
  });

  it('S37 keeps amounts in the currency\'s own digits', async () => {
    const yen = (amount: string) => ({ amount, currency: 'JPY' });
    const dinar = (amount: string) => ({ amount, currency: 'KWD' });
    const inYen = await selling.place({ currency: 'JPY', lines: [{ name: 'Cup', quantity: 3, unitPrice: yen('500') }] });
    expect(inYen.total).toEqual(yen('1500'));
    const inDinar = await selling.place({ currency: 'KWD', lines: [{ name: 'Cup', quantity: 3, unitPrice: dinar('0.125') }] });
    expect(inDinar.total).toEqual(dinar('0.375'));
    expect(await selling.read(inDinar.id)).toEqual(inDinar);
  });

  it.each([
    ['an unknown customer', { customer: { id: '019a0000-0000-7000-8000-00000000dead' } }, 'unknown_customer', '/customer/id'],
    ['an unknown external id of a customer', { customer: { externalId: { system: 'shopify', id: 'nobody' } } }, 'unknown_customer', '/customer/externalId'],
    ['no customer', { customer: {} }, 'customer_needed', '/customer'],
    ['an unknown product', { lines: [{ sku: 'NONE', quantity: 1 }] }, 'unknown_product', '/lines/0/sku'],
    ['a line that says nothing', { lines: [{ quantity: 1 }] }, 'product_needed', '/lines/0'],
    ['a foreign currency', { lines: [{ name: 'Cup', quantity: 1, unitPrice: { amount: '1.00', currency: 'USD' } }] }, 'currency_mismatch', '/lines/0/unitPrice/currency'],
    ['too many digits', { lines: [{ name: 'Cup', quantity: 1, unitPrice: cny('1.001') }] }, 'too_many_digits', '/lines/0/unitPrice/amount'],
    ['a negative price', { lines: [{ name: 'Cup', quantity: 1, unitPrice: cny('-1.00') }] }, 'negative_amount', '/lines/0/unitPrice/amount'],
    ['a discount above the value', { discount: cny('300.01') }, 'discount_above_value', '/discount'],
    ['an order of more than one may be', { lines: [{ name: 'Cup', quantity: 2, unitPrice: cny('50000000000.01') }] }, 'order_too_large', '/lines'],
    ['an amount beyond exact integers', { lines: [{ name: 'Cup', quantity: 1_000_000, unitPrice: cny('9999999999.00') }] }, 'amount_out_of_range', undefined],
    ['a date to come', { placedAt: '2026-03-03T00:00:00Z' }, 'placed_in_future', '/placedAt'],
    ['two lines of one number', { lines: [TWO_LINES[0], { ...TWO_LINES[1], number: 1 }] }, 'line_number_taken', '/lines'],
  ])('S37 refuses %s with 422 and writes nothing', async (_, terms, code, pointer) => {
    const before = await orderCount();
    const { body } = await selling.http.post('/v1/orders').send(selling.anOrder(terms)).expect(422);
    expect(body).toMatchObject({ code });
    if (pointer !== undefined) expect((body as { errors: object[] }).errors).toMatchObject([{ pointer, code }]);
    expect(await orderCount()).toBe(before);
  });

  it.each([
    ['no lines', { lines: [] }],
    ['a fractional quantity', { lines: [{ name: 'Cup', quantity: 1.5, unitPrice: cny('1.00') }] }],
    ['a number as amount', { lines: [{ name: 'Cup', quantity: 1, unitPrice: { amount: 1, currency: 'CNY' } }] }],
    ['a state of the caller\'s choice', { status: 'delivered' }],
    ['no customer at all', { customer: undefined }],
    ['null for lines', { lines: null }],
    ['a null line', { lines: [null] }],
    ['an id that is none', { customer: { id: 'abc' } }],
  ])('S37 refuses %s with 400', async (_, terms) => {
    await selling.http.post('/v1/orders').send(selling.anOrder(terms)).expect(400);
  });

  it('S37 refuses a deleted customer', async () => {
    const person = await selling.http.post('/v1/customers').send({ name: '赵敏' }).expect(201);
    const { id } = person.body as { id: string };
    await selling.http.delete(`/v1/customers/${id}`).set('If-Match', '"1"').expect(204);
    const { body } = await selling.http.post('/v1/orders').send(selling.anOrder({ customer: { id } })).expect(422);
    expect(body).toMatchObject({ code: 'customer_not_active' });
  });

  it('S37 an external id names one order', async () => {
    await selling.place({ externalIds: [{ system: 'oms', id: '1' }] });
    const { body } = await selling.http.post('/v1/orders').send(selling.anOrder({ externalIds: [{ system: 'oms', id: '1' }] })).expect(409);
    expect(body).toMatchObject({ code: 'external_id_taken' });
  });

  it('S37 an order that does not exist is 404, an id that is none is 400', async () => {
    await selling.http.get('/v1/orders/019a0000-0000-7000-8000-00000000dead').expect(404);
    await selling.http.get('/v1/orders/1').expect(400);
    await selling.http.get('/v1/orders/by-external-id/oms/none').expect(404);
  });

  it('S37 a viewer reads and does not place', async () => {
    const { id } = await selling.place();
    const viewer = await app.as('viewer');
    await viewer.get(`/v1/orders/${id}`).expect(200);
    await viewer.post('/v1/orders').send(selling.anOrder()).expect(403);
    expect(await eventsOf(app, id)).toHaveLength(1);
  });

  async function orderCount(): Promise<number> {
    const [row] = await app.asOwner<{ count: string }>('select count(*) as count from sales.order_header');
    return Number(row?.count);
  }
});
