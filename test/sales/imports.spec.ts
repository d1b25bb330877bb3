import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { SYSTEM as PRODUCT_ITSELF } from '../../src/kernel/actor.js';
import { Imports } from '../../src/platform/transfer/imports.js';
import type { ImportOutcome } from '../../src/platform/transfer/import-definition.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importFile, problemsOf } from '../support/import-file.js';
import { describeWithData, sharedText } from '../support/shared-data.js';
import { cny, eventsOf, Selling, type OrderBody } from './selling.js';

const SETTINGS = { timeZone: 'America/Sao_Paulo', currency: 'BRL' };
const CHUNK = 2000;

/** Applies lines as the import operation does, chunk by chunk. */
async function bringIn(app: TestApp, resource: string, lines: readonly Record<string, string>[], settings = SETTINGS): Promise<Omit<ImportOutcome, 'touched'>> {
  const definition = app.get(Imports).get(resource)!;
  const sum = { created: 0, updated: 0, unchanged: 0, refused: [] as ImportOutcome['refused'][number][] };
  for (let start = 0; start < lines.length; start += CHUNK) {
    const mapped = lines.slice(start, start + CHUNK).map((values, index) => ({ line: start + index + 2, values }));
    const outcome = await app.database.transaction(PRODUCT_ITSELF, (tx) => definition.apply(tx, mapped, settings));
    sum.created += outcome.created;
    sum.updated += outcome.updated;
    sum.unchanged += outcome.unchanged;
    sum.refused.push(...outcome.refused);
  }
  return sum;
}

describe('importing sales', () => {
  let app: TestApp;
  let http: Http;
  let selling: Selling;

  beforeAll(async () => {
    app = await startApp({ now: '2026-03-01T08:00:00.000Z' });
    http = await app.asAdmin();
    selling = await Selling.start(app);
    await http.post('/v1/customers').send({ name: '王伟', externalIds: [{ system: 'shop', id: 'c1' }] }).expect(201);
  });
  afterAll(() => app?.close());

  const order = (id: string, more: Record<string, string> = {}) => ({ 'externalIds.shop': id, 'customer.externalIds.shop': 'c1', placedAt: '2026-01-15 08:00:00', status: 'shipped', ...more });
  const good: Readonly<Record<string, Record<string, string>>> = {
    orders: order('good'),
    payments: { 'order.externalIds.shop': '2', method: 'card', amount: '1' },
    'order-lines': { 'order.externalIds.shop': '2', lineNumber: '1', name: 'Tea', unitPrice: '1' },
    products: { sku: 'good' },
    refunds: { 'order.externalIds.shop': '2', 'externalIds.psp': 'good', amount: '1' },
    fulfilments: { 'order.externalIds.shop': '3', 'externalIds.wms': 'good', lines: '1:1' },
  };
  const read = async (id: string) => (await http.get(`/v1/orders/by-external-id/shop/${id}`).expect(200)).body as OrderBody;

  it('takes orders as history: the state as given, the word kept, local time in the zone, totals by lines only', async () => {
    const done = await bringIn(app, 'orders', [order('1', { status: 'invoiced', channel: 'web', number: 'A-1' }), order('2', { sourceStatus: 'on its way' })]);
    expect(done).toEqual({ created: 2, updated: 0, unchanged: 0, refused: [] });
    expect(await read('1')).toMatchObject({
      number: 'A-1', status: 'payment_settled', sourceStatus: 'invoiced', channel: 'web', currency: 'BRL', placedAt: '2026-01-15T11:00:00.000Z', total: { amount: '0.00' }, lines: [],
    });
    expect(await read('2')).toMatchObject({ status: 'shipped', sourceStatus: 'on its way', number: expect.stringMatching(/^SO-/) });
  });

  it('takes lines and payments of orders, and totals follow', async () => {
    await bringIn(app, 'products', [{ 'externalIds.shop': 'p1', name: 'Tea', category: 'tea', 'attributes.weightGrams': '250' }]);
    await bringIn(app, 'orders', [order('3')]);
    const lines = await bringIn(app, 'order-lines', [
      { 'order.externalIds.shop': '3', lineNumber: '1', 'product.externalIds.shop': 'p1', unitPrice: '99.9', shipping: '27.65' },
      { 'order.externalIds.shop': '3', lineNumber: '2', sku: 'unknown', quantity: '2', unitPrice: '10', discount: '5' },
    ]);
    expect(lines).toEqual({ created: 2, updated: 0, unchanged: 0, refused: [] });
    const payments = await bringIn(app, 'payments', [
      { 'order.externalIds.shop': '3', sequence: '1', method: 'voucher', amount: '500.00', installments: '2' },
      { 'order.externalIds.shop': '3', sequence: '2', method: 'boleto', amount: '0.0', recordedAt: '2026-01-16T00:00:00Z' },
    ]);
    expect(payments).toEqual({ created: 2, updated: 0, unchanged: 0, refused: [] });
    const { id } = await read('3');
    expect(await read('3')).toMatchObject({
      status: 'shipped', version: 3, quantity: 3, subtotal: { amount: '119.90' }, shipping: { amount: '27.65' }, discount: { amount: '5.00' }, total: { amount: '142.55' }, paid: { amount: '500.00' },
      lines: [{ name: 'Tea', sku: 'p1', productId: expect.any(String), total: { amount: '127.55' } }, { name: 'unknown', productId: null, total: { amount: '15.00' } }],
      payments: [{ method: 'voucher', installments: 2, recordedAt: '2026-01-15T11:00:00.000Z' }, { recordedAt: '2026-01-16T00:00:00.000Z' }],
    });
    expect((await eventsOf(app, id)).map(({ name, payload }) => [name, payload.order.revision, payload.order.paidMinor])).toEqual([
      ['sales.order_placed', 1, 0], ['sales.order_changed', 2, 0], ['sales.payment_recorded', 3, 50_000], ['sales.payment_recorded', 3, 50_000],
    ]);
  });

  it('finds lines without a number by what was sold', async () => {
    await bringIn(app, 'orders', [order('30')]);
    const of = (name: string, unitPrice: string) => ({ 'order.externalIds.shop': '30', name, unitPrice });
    expect(await bringIn(app, 'order-lines', [of('Tea', '10'), of('Cup', '5'), of('Tea', '12')])).toMatchObject({ created: 2, updated: 1 });
    expect(await bringIn(app, 'order-lines', [of('Cup', '5'), of('Pot', '¥1,030.00'), of('Tea', '11.999999999999998')])).toMatchObject({ created: 1, unchanged: 2 });
    expect(await read('30')).toMatchObject({ lines: [{ name: 'Tea', total: { amount: '12.00' } }, { name: 'Cup', total: { amount: '5.00' } }, { name: 'Pot', total: { amount: '1030.00' } }] });
  });

  it('takes refunds with their dates, once however often they are brought, and 0 for none', async () => {
    await bringIn(app, 'orders', [order('r1')]);
    await bringIn(app, 'order-lines', [{ 'order.externalIds.shop': 'r1', lineNumber: '1', name: 'Tea', unitPrice: '100' }]);
    await bringIn(app, 'payments', [{ 'order.externalIds.shop': 'r1', method: 'card', amount: '100', 'externalIds.psp': 'p-r1', provider: 'stripe' }]);
    const lines: Record<string, string>[] = [
      { 'order.externalIds.shop': 'r1', 'externalIds.psp': 're_1', paymentSequence: '1', amount: '30.00', recordedAt: '2026-01-20 08:00:00', reason: 'arrived_broken', provider: 'stripe' },
      { 'order.externalIds.shop': 'r1', 'externalIds.psp': 're_2', amount: '5', state: 'pending' },
      { 'order.externalIds.shop': 'r1', 'externalIds.psp': 're_3', amount: '0.00' },
    ];
    expect(await bringIn(app, 'refunds', lines)).toEqual({ created: 2, updated: 0, unchanged: 1, refused: [] });
    const now = await read('r1');
    expect(now).toMatchObject({
      status: 'shipped', refunded: { amount: '30.00' }, payments: [{ provider: 'stripe', externalIds: [{ system: 'psp', id: 'p-r1' }] }],
      refunds: [
        { state: 'settled', amount: { amount: '30.00' }, paymentId: now.payments[0]!.id, recordedAt: '2026-01-20T11:00:00.000Z', reason: 'arrived_broken', provider: 'stripe', externalIds: [{ system: 'psp', id: 're_1' }] },
        { state: 'pending', paymentId: null, recordedAt: '2026-01-15T11:00:00.000Z' },
      ],
    });
    const events = await eventsOf(app, now.id);
    expect(events.slice(-2).map(({ name, payload }) => [name, payload.order.revision])).toEqual([['sales.refund_recorded', now.version], ['sales.refund_recorded', now.version]]);
    expect(await bringIn(app, 'refunds', lines)).toEqual({ created: 0, updated: 0, unchanged: 3, refused: [] });
    expect(await eventsOf(app, now.id)).toEqual(events);
    expect(await bringIn(app, 'refunds', [{ ...lines[1]!, state: 'settled' }])).toMatchObject({ updated: 1 });
    expect(await read('r1')).toMatchObject({ refunded: { amount: '35.00' }, version: now.version + 1 });
  });

  it('takes parcels with their dates: what the dates say, what is left, and no unit twice', async () => {
    await bringIn(app, 'orders', [order('f1')]);
    await bringIn(app, 'order-lines', [1, 2].map((number) => ({ 'order.externalIds.shop': 'f1', lineNumber: String(number), name: 'Tea', quantity: '3', unitPrice: '10' })));
    const lines: Record<string, string>[] = [
      { 'order.externalIds.shop': 'f1', 'externalIds.wms': 'w1', lines: '1:2|2:1', shippedAt: '2026-01-16 08:00:00', carrier: 'SF', trackingCode: 'SF1' },
      { 'order.externalIds.shop': 'f1', 'externalIds.wms': 'w2', state: 'cancelled', lines: '1:3' },
      { 'order.externalIds.shop': 'f1', 'externalIds.wms': 'w3', deliveredAt: '2026-01-18 08:00:00' },
    ];
    expect(await bringIn(app, 'fulfilments', lines)).toEqual({ created: 3, updated: 0, unchanged: 0, refused: [] });
    const now = await read('f1');
    expect(now).toMatchObject({
      status: 'shipped', lines: [{ fulfilledQuantity: 3 }, { fulfilledQuantity: 3 }],
      fulfilments: [
        { state: 'shipped', lines: [{ number: 1, quantity: 2 }, { number: 2, quantity: 1 }], carrier: 'SF', trackingCode: 'SF1', recordedAt: '2026-01-16T11:00:00.000Z', shippedAt: '2026-01-16T11:00:00.000Z', deliveredAt: null },
        { state: 'cancelled', shippedAt: null },
        { state: 'delivered', lines: [{ number: 1, quantity: 1 }, { number: 2, quantity: 2 }], shippedAt: '2026-01-18T11:00:00.000Z', deliveredAt: '2026-01-18T11:00:00.000Z' },
      ],
    });
    const events = await eventsOf(app, now.id);
    expect(events.slice(-3).map(({ name }) => name)).toEqual(Array(3).fill('sales.fulfilment_recorded'));
    expect(await bringIn(app, 'fulfilments', lines)).toEqual({ created: 0, updated: 0, unchanged: 3, refused: [] });
    expect(await eventsOf(app, now.id)).toEqual(events);
    expect(await bringIn(app, 'fulfilments', [{ ...lines[1]!, state: 'pending' }])).toMatchObject({ refused: [{ column: 'lines', code: 'over_shipment' }] });
    expect(await bringIn(app, 'fulfilments', [{ ...lines[0]!, deliveredAt: '2026-01-19 08:00:00', state: 'delivered' }])).toMatchObject({ updated: 1 });
    expect(await bringIn(app, 'order-lines', [{ 'order.externalIds.shop': 'f1', lineNumber: '1', name: 'Tea', quantity: '3', unitPrice: '10', cancelledQuantity: '1' }])).toMatchObject({ refused: [{ code: 'line_already_fulfilled' }] });
  });

  it('keeps ids and numbers that an installation of this product gave, and gives none of them again', async () => {
    const id = '019a0000-0000-7000-8000-00000000aaaa';
    expect(await bringIn(app, 'orders', [{ id, 'customer.externalIds.shop': 'c1', placedAt: '2026-01-15T08:00:00Z', number: 'SO-100900', status: 'payment_settled', cancelReason: 'changed_mind' }])).toMatchObject({ created: 1, refused: [] });
    expect((await http.get(`/v1/orders/${id}`).expect(200)).body).toMatchObject({ id, number: 'SO-100900', status: 'payment_settled', sourceStatus: null, cancelReason: 'changed_mind' });
    expect(Number((await selling.place()).number.slice(3))).toBeGreaterThan(100_900);
    expect(await bringIn(app, 'order-lines', [{ orderId: id, lineNumber: '1', sku: 'p1', name: 'Tea', unitPrice: '1' }])).toMatchObject({ created: 1 });
    // The SKU is a product's by now; a line that an export wrote says by our id whose it was.
    expect((await http.get(`/v1/orders/${id}`).expect(200)).body).toMatchObject({ lines: [{ sku: 'p1', productId: null }] });
  });

  it('the same lines again change nothing, and changed ones change what they say', async () => {
    const orders = [order('4'), order('5')];
    const lines = [{ 'order.externalIds.shop': '4', lineNumber: '1', name: 'Tea', unitPrice: '10' }];
    const payments = [{ 'order.externalIds.shop': '4', method: 'card', amount: '10' }];
    const all = async () => [await bringIn(app, 'orders', orders), await bringIn(app, 'order-lines', lines), await bringIn(app, 'payments', payments)];
    expect((await all()).map(({ created }) => created)).toEqual([2, 1, 1]);
    const before = await read('4');
    const events = await eventsOf(app, before.id);
    expect((await all()).map(({ created, updated, unchanged }) => [created, updated, unchanged])).toEqual([[0, 0, 2], [0, 0, 1], [0, 0, 1]]);
    expect(await read('4')).toEqual(before);
    expect(await eventsOf(app, before.id)).toEqual(events);

    expect(await bringIn(app, 'orders', [order('4', { status: 'delivered' })])).toMatchObject({ updated: 1 });
    expect(await bringIn(app, 'order-lines', [{ ...lines[0]!, quantity: '3' }])).toMatchObject({ updated: 1 });
    expect(await bringIn(app, 'payments', [{ ...payments[0]!, state: 'cancelled' }])).toMatchObject({ updated: 1 });
    expect(await read('4')).toMatchObject({ status: 'delivered', total: { amount: '30.00' }, paid: { amount: '0.00' }, version: before.version + 3 });
  });

  it('several lines about one record count each and leave what the last says', async () => {
    const done = await bringIn(app, 'orders', [order('6'), order('6'), order('6', { status: 'delivered', 'externalIds.erp': 'E6' }), { 'externalIds.erp': 'E6', channel: 'app', placedAt: '2026-01-15 08:00:00' }]);
    expect(done).toEqual({ created: 1, updated: 2, unchanged: 1, refused: [] });
    expect(await read('6')).toMatchObject({ version: 1, status: 'delivered', channel: 'app', externalIds: [{ system: 'erp', id: 'E6' }, { system: 'shop', id: '6' }] });
  });

  it.each([
    ['orders', order('bad', { 'customer.externalIds.shop': 'nobody' }), 'customer.externalIds.shop', 'unknown_customer'],
    ['orders', { 'externalIds.shop': 'bad', placedAt: '2026-01-15T08:00:00Z' }, 'customerId', 'required'],
    ['orders', { 'externalIds.shop': 'bad', 'customer.externalIds.shop': 'c1' }, 'placedAt', 'required'],
    ['orders', order('bad', { status: 'lost in space' }), 'status', 'unknown_status'],
    ['orders', order('bad', { placedAt: 'yesterday' }), 'placedAt', 'invalid_instant'],
    ['orders', order('bad', { customerId: 'abc' }), 'customerId', 'invalid_id'],
    ['orders', order('bad', { customerId: '019a0000-0000-7000-8000-00000000dead', 'customer.externalIds.shop': 'c1' }), 'customer.externalIds.shop', 'unknown_customer'],
    ['orders', order('bad', { number: 'SO-1' }), 'number', 'number_reserved'],
    ['orders', order('bad', { number: 'A-1' }), 'number', 'number_taken'],
    ['orders', order('1', { currency: 'USD' }), 'currency', 'currency_is_fixed'],
    ['orders', { 'externalIds.shop': '1', 'externalIds.erp': 'E6' }, undefined, 'ambiguous_order'],
    ['orders', { placedAt: '2026-01-15 08:00:00' }, undefined, 'external_id_needed'],
    ['payments', { 'order.externalIds.shop': 'none', method: 'card', amount: '1' }, 'order.externalIds.shop', 'unknown_order'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '1,50' }, 'amount', 'invalid_amount'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '-1' }, 'amount', 'negative_amount'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '1.001' }, 'amount', 'too_many_digits'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '1', currency: 'USD' }, 'currency', 'currency_mismatch'],
    ['payments', { 'order.externalIds.shop': '1', amount: '1' }, 'method', 'required'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card' }, 'amount', 'required'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '1', sequence: '0' }, 'sequence', 'invalid_integer'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '1', state: 'gone' }, 'state', 'unknown_state'],
    ['order-lines', { 'order.externalIds.shop': 'none', lineNumber: '1', name: 'Tea', unitPrice: '1' }, 'order.externalIds.shop', 'unknown_order'],
    ['order-lines', { 'order.externalIds.shop': '1', lineNumber: '1', 'product.externalIds.shop': 'none', unitPrice: '1' }, 'product.externalIds.shop', 'unknown_product'],
    ['order-lines', { 'order.externalIds.shop': '1', lineNumber: '1', unitPrice: '1' }, 'name', 'name_needed'],
    ['order-lines', { 'order.externalIds.shop': '1', lineNumber: '1', name: 'Tea', unitPrice: '1', discount: '2' }, 'discount', 'discount_above_value'],
    ['order-lines', { 'order.externalIds.shop': '1', lineNumber: '1', name: 'Tea', unitPrice: '999999999999', quantity: '999999' }, 'unitPrice', 'amount_out_of_range'],
    ['order-lines', { 'order.externalIds.shop': '1', lineNumber: '9', name: 'Tea', unitPrice: '50000000000.01', quantity: '2' }, 'unitPrice', 'order_too_large'],
    ['orders', { id: '0192f0c1-2b3c-4def-8abc-1234567890ab', 'customer.externalIds.shop': 'c1', placedAt: '2026-01-15T08:00:00Z' }, 'id', 'invalid_id'],
    ['orders', { id: '019affff-0000-7000-8000-00000000dead', 'customer.externalIds.shop': 'c1', placedAt: '2026-01-15T08:00:00Z', number: 'SO-999999999' }, 'number', 'number_reserved'],
    ['orders', order('bad', { cancelReason: 'Mr. Li did not like it' }), 'cancelReason', 'invalid_reason'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '1', captured: '2' }, 'captured', 'capture_above_authorisation'],
    ['payments', { 'order.externalIds.shop': '1', method: 'card', amount: '1', captured: '1', state: 'authorized' }, 'captured', 'not_settled'],
    ['refunds', { 'order.externalIds.shop': '1', amount: '1' }, undefined, 'external_id_needed'],
    ['refunds', { 'order.externalIds.shop': 'none', 'externalIds.psp': 'x', amount: '1' }, 'order.externalIds.shop', 'unknown_order'],
    ['refunds', { 'order.externalIds.shop': '1', 'externalIds.psp': 'x' }, 'amount', 'required'],
    ['refunds', { 'order.externalIds.shop': '1', 'externalIds.psp': 'x', amount: '1', paymentSequence: '9' }, 'paymentSequence', 'unknown_payment'],
    ['refunds', { 'order.externalIds.shop': '1', 'externalIds.psp': 'x', amount: '1', state: 'lost' }, 'state', 'unknown_state'],
    ['refunds', { 'order.externalIds.shop': '1', 'externalIds.psp': 'x', amount: '1', reason: 'Mr. Li did not like it' }, 'reason', 'invalid_reason'],
    ['refunds', { 'order.externalIds.shop': '1', 'externalIds.psp': 'good', amount: '1' }, undefined, 'other_order'],
    ['fulfilments', { 'order.externalIds.shop': '3', lines: '1:1' }, undefined, 'external_id_needed'],
    ['fulfilments', { 'order.externalIds.shop': '3', 'externalIds.wms': 'x', lines: '7:1' }, 'lines', 'unknown_line'],
    ['fulfilments', { 'order.externalIds.shop': '3', 'externalIds.wms': 'x', lines: '2:9' }, 'lines', 'over_shipment'],
    ['fulfilments', { 'order.externalIds.shop': '3', 'externalIds.wms': 'x', lines: 'two' }, 'lines', 'invalid_lines'],
    ['fulfilments', { 'order.externalIds.shop': '1', 'externalIds.wms': 'x' }, 'lines', 'nothing_left'],
    ['fulfilments', { 'order.externalIds.shop': '3', 'externalIds.wms': 'x', lines: '2:1', state: 'lost' }, 'state', 'unknown_state'],
    ['products', { sku: 'x', attributes: '[1]' }, 'attributes', 'invalid_attributes'],
    ['products', { sku: 'x', createdAt: '2027-01-01T00:00:00Z' }, 'createdAt', 'created_in_future'],
    ['products', { name: 'nameless' }, undefined, 'sku_needed'],
    ['products', { sku: 'x', price: '1', currency: 'yuan' }, 'currency', 'invalid_currency'],
    ['products', { sku: 'x', status: 'gone' }, 'status', 'unknown_status'],
  ])('%s: refuses %j by line with the reason, and the lines around it go in', async (resource, line, column, code) => {
    const done = await bringIn(app, resource, [good[resource]!, line as Record<string, string>]);
    expect(done.refused).toEqual([{ line: 3, column, code, detail: expect.stringMatching(/.{20}/) }]);
    expect(done.created + done.updated + done.unchanged).toBe(1);
    await http.get('/v1/orders/by-external-id/shop/bad').expect(404);
  });

  it('leaves what is in fulfilments in the lines', async () => {
    const { id } = await selling.placePaid({ externalIds: [{ system: 'shop', id: 'sent' }] });
    await selling.send(id, [{ number: 1, quantity: 2 }]).expect(201);
    const done = await bringIn(app, 'order-lines', [{ 'order.externalIds.shop': 'sent', lineNumber: '1', name: 'Tea', quantity: '1', unitPrice: '1' }]);
    expect(done.refused).toMatchObject([{ column: 'quantity', code: 'line_already_fulfilled' }]);
    expect(await selling.read(id)).toMatchObject({ total: cny('300.00') });
  });

  it('two imports of the same orders at once make each once', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => order(`race-${index}`));
    const done = await Promise.all([bringIn(app, 'orders', lines), bringIn(app, 'orders', [...lines].reverse()), bringIn(app, 'orders', lines)]);
    expect(done.reduce((sum, { created }) => sum + created, 0)).toBe(300);
    expect(done.flatMap(({ refused }) => refused)).toEqual([]);
    const [row] = await app.asOwner<{ orders: string; placed: string }>(
      `select (select count(*) from sales.order_header h join sales.external_id e on e.subject_id = h.id where e.id like 'race-%') as orders,
              (select count(*) from platform.outbox o join sales.external_id e on e.subject_id = o.aggregate_id where e.id like 'race-%' and o.name = 'sales.order_placed') as placed`,
    );
    expect({ orders: Number(row?.orders), placed: Number(row?.placed) }).toEqual({ orders: 300, placed: 300 });
  });
});

describe('importing sales over HTTP', () => {
  it('tries out, brings in and recognises orders by a mapping, with the words of the shop', async () => {
    const app = await startApp({ workers: true });
    try {
      const http = await app.asAdmin();
      await http.post('/v1/customers').send({ name: '王伟', externalIds: [{ system: 'shop', id: 'c1' }] }).expect(201);
      const file = 'Order,Buyer,Status,Date\n1,c1,canceled,2026-01-15 08:00:00\n2,c1,gone,2026-01-16\n3,nobody,shipped,2026-01-16\n';
      const mapping = { 'externalIds.shop': 'Order', 'customer.externalIds.shop': 'Buyer', status: { column: 'Status', valueMap: { gone: 'delivered' } }, sourceStatus: 'Status', placedAt: 'Date' };
      const request = { resource: 'orders', mapping, options: { timeZone: 'Asia/Shanghai', currency: 'CNY' } };
      expect((await importFile(http, file, { ...request, options: { ...request.options, dryRun: true } })).counts).toEqual({ created: 2, updated: 0, unchanged: 0, skipped: 0, refused: 1 });
      await http.get('/v1/orders/by-external-id/shop/1').expect(404);
      const done = await importFile(http, file, request);
      expect(done.counts).toEqual({ created: 2, updated: 0, unchanged: 0, skipped: 0, refused: 1 });
      expect(await problemsOf(http, done.id)).toMatchObject([{ line: 4, column: 'customer.externalIds.shop', code: 'unknown_customer' }]);
      expect((await http.get('/v1/orders/by-external-id/shop/2').expect(200)).body).toMatchObject({ status: 'delivered', sourceStatus: 'gone', placedAt: '2026-01-15T16:00:00.000Z' });
      expect((await importFile(http, file, request)).counts).toEqual({ created: 0, updated: 0, unchanged: 2, skipped: 0, refused: 1 });
    } finally {
      await app.close();
    }
  });
});

describeWithData('the Olist sample', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  it('comes in whole: 8,135 orders, statuses as given, payments by type to the cent, and twice is once', async () => {
    const people = parseCsv(sharedText('olist_sample', 'olist_customers_dataset.csv'));
    const byPerson = new Map<string, string[]>();
    for (const row of people) byPerson.set(row['customer_unique_id']!, [...(byPerson.get(row['customer_unique_id']!) ?? []), row['customer_id']!]);
    // As rows, since bringing people in is another context's matter.
    await app.asOwner(
      `with person as (
         select gen_random_uuid() as id, ids from jsonb_array_elements($1::jsonb) as p (ids)
       ), put as (
         insert into customer.customer (id, version, status, source, tags, sealed, created_at, updated_at) select id, 1, 'active', 'import', '{}', '\\x00', now(), now() from person
       )
       insert into customer.external_id (system, id, customer_id) select 'olist', i.value, person.id from person, jsonb_array_elements_text(person.ids) as i`,
      [JSON.stringify([...byPerson.values()])],
    );
    const products = parseCsv(sharedText('olist_sample', 'olist_products_dataset.csv')).map((row) => blankless({ 'externalIds.olist': row['product_id']!, category: row['product_category_name']!, 'attributes.weightGrams': row['product_weight_g']! }));
    const orders = parseCsv(sharedText('olist_sample', 'olist_orders_dataset.csv.gz')).map((row) => ({ 'externalIds.olist': row['order_id']!, 'customer.externalIds.olist': row['customer_id']!, status: row['order_status']!, placedAt: row['order_purchase_timestamp']! }));
    const items = parseCsv(sharedText('olist_sample', 'olist_order_items_dataset.csv.gz')).map((row) => ({ 'order.externalIds.olist': row['order_id']!, lineNumber: row['order_item_id']!, 'product.externalIds.olist': row['product_id']!, unitPrice: row['price']!, shipping: row['freight_value']! }));
    const payments = parseCsv(sharedText('olist_sample', 'olist_order_payments_dataset.csv')).map((row) => ({ 'order.externalIds.olist': row['order_id']!, sequence: row['payment_sequential']!, method: row['payment_type']!, installments: row['payment_installments'] === '0' ? '1' : row['payment_installments']!, amount: row['payment_value']! }));

    const files = { products, orders, 'order-lines': items, payments };
    for (const [resource, lines] of Object.entries(files)) {
      const began = performance.now();
      expect(await bringIn(app, resource, lines)).toEqual({ created: lines.length, updated: 0, unchanged: 0, refused: [] });
      process.stderr.write(`${resource}: ${lines.length} lines, ${Math.round((lines.length / (performance.now() - began)) * 1000)} a second\n`);
    }

    const [{ orders: count }] = (await app.asOwner<{ orders: number }>('select count(*)::int as orders from sales.order_header')) as [{ orders: number }];
    expect(count).toBe(8_135);
    const statuses = await app.asOwner<{ word: string; n: number }>('select source_status as word, count(*)::int as n from sales.order_header group by 1');
    expect(Object.fromEntries(statuses.map(({ word, n }) => [word, n]))).toEqual({ delivered: 5_172, shipped: 1_107, canceled: 625, unavailable: 609, invoiced: 314, processing: 301, created: 5, approved: 2 });
    const methods = await app.asOwner<{ method: string; minor: number }>('select method, sum(captured_minor)::int as minor from sales.payment group by 1');
    expect(Object.fromEntries(methods.map(({ method, minor }) => [method, minor]))).toMatchObject({ boleto: 24_287_850, credit_card: 109_961_822 });
    const list = await http.get('/v1/orders').query({ sourceStatus: 'unavailable', status: 'cancelled', total: 'exact', limit: 1 }).expect(200);
    expect((list.body as { page: { total: number } }).page.total).toBe(609);
    const [empty] = await app.asOwner<{ n: number }>('select count(*)::int as n from sales.order_header where quantity = 0 and total_minor = 0');
    expect(empty?.n).toBe(775);
    const [kept] = await app.asOwner<{ off: number }>(`
      select count(*)::int as off from sales.order_header h
       where (paid_minor, total_minor) <> (coalesce((select sum(captured_minor) from sales.payment where order_id = h.id), 0), coalesce((select sum(total_minor) from sales.order_line where order_id = h.id), 0))`);
    expect(kept?.off).toBe(0);

    const before = await app.asOwner('select count(*) as n from platform.outbox');
    for (const [resource, lines] of Object.entries(files)) {
      expect(await bringIn(app, resource, lines)).toEqual({ created: 0, updated: 0, unchanged: lines.length, refused: [] });
    }
    expect(await app.asOwner('select count(*) as n from platform.outbox')).toEqual(before);
  });
});

function parseCsv(text: string): Record<string, string>[] {
  return parse(text, { columns: true });
}

function blankless(line: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== ''));
}
