import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { cny, countStatuses, eventsOf, Selling, TWO_LINES, type OrderBody } from './selling.js';

const MANY = 100;
/** One round may happen to run one after the other. */
const ROUNDS = 4;

describe('S37 keeping an order of another system up to date', () => {
  let app: TestApp;
  let selling: Selling;

  beforeAll(async () => {
    app = await startApp();
    selling = await Selling.start(app);
  });
  afterAll(() => app?.close());

  const put = (id: string, terms: object = {}) => selling.http.put(`/v1/orders/by-external-id/oms/${id}`).send(selling.anOrder(terms));
  const lines = (quantity: number) => [{ ...TWO_LINES[0], quantity }, TWO_LINES[1]];

  it('S37 places it, then finds it, and the same content changes nothing', async () => {
    const placed = await put('same', { placedAt: '2026-01-15T08:00:00Z', sourceStatus: 'new' }).expect(201);
    const { id } = placed.body as OrderBody;
    expect(placed.headers).toMatchObject({ location: `/v1/orders/${id}`, etag: '"1"' });
    expect(placed.body).toMatchObject({ status: 'arranging_payment', externalIds: [{ system: 'oms', id: 'same' }], total: cny('300.00') });
    const again = await put('same', { placedAt: '2026-01-15T08:00:00Z', sourceStatus: 'new' }).expect(200);
    expect(again.body).toEqual(placed.body);
    expect(again.headers['etag']).toBe('"1"');
    expect(again.headers['event-id']).toBeUndefined();
    expect(await eventsOf(app, id)).toHaveLength(1);
    expect((await selling.http.get('/v1/orders/by-external-id/oms/same').expect(200)).body).toEqual(placed.body);
  });

  it('S37 keeps the instant of placing when it is not said again', async () => {
    const placed = await put('instant').expect(201);
    expect((await put('instant').expect(200)).body).toEqual(placed.body);
  });

  it('S37 replaces the lines of an order nobody has paid', async () => {
    const placed = await put('lines').expect(201);
    const changed = await put('lines', { lines: [{ number: 2, name: 'Saucer', quantity: 3, unitPrice: cny('5.00') }], channel: 'app' }).expect(200);
    expect(changed.body).toMatchObject({ version: 2, channel: 'app', total: cny('15.00'), lines: [{ number: 2, name: 'Saucer' }] });
    expect((changed.body as OrderBody).lines).toHaveLength(1);
    expect(await eventsOf(app, (placed.body as OrderBody).id)).toMatchObject([{ name: 'sales.order_placed' }, { name: 'sales.order_changed', payload: { from: 'arranging_payment', order: { revision: 2, totalMinor: 1500, quantity: 3 } } }]);
  });

  it('S37 asks a paid order for the difference and takes it up where it was', async () => {
    const { id } = (await put('more').expect(201)).body as OrderBody;
    await selling.pay(id, '300.00').expect(201);
    await selling.send(id, [{ number: 1, quantity: 1 }]).expect(201);
    expect((await put('more', { lines: lines(3) }).expect(200)).body).toMatchObject({ status: 'arranging_additional_payment', total: cny('400.00'), lines: [{ quantity: 3, fulfilledQuantity: 1 }, {}] });
    await selling.pay(id, '100.00').expect(201);
    expect(await selling.read(id)).toMatchObject({ status: 'partially_shipped' });
  });

  it('S37 refuses what does not fit what was paid, sent or finished, and changes nothing', async () => {
    const { id } = (await put('fixed').expect(201)).body as OrderBody;
    await selling.pay(id, '300.00').expect(201);
    await selling.send(id, [{ number: 1, quantity: 2 }]).expect(201);
    const before = await selling.read(id);
    expect((await put('fixed', { lines: lines(1) }).expect(409)).body).toMatchObject({ code: 'total_below_paid' });
    expect((await put('fixed', { lines: [{ name: 'Pot', quantity: 1, unitPrice: cny('300.00') }] }).expect(409)).body).toMatchObject({ code: 'line_already_fulfilled' });
    const other = await selling.http.post('/v1/customers').send({ name: '王伟' }).expect(201);
    expect((await put('fixed', { customer: { id: (other.body as { id: string }).id } }).expect(409)).body).toMatchObject({ code: 'customer_is_fixed' });
    expect((await put('fixed', { lines: [{ sku: 'NONE', quantity: 1 }] }).expect(422)).body).toMatchObject({ code: 'unknown_product' });
    await put('fixed').set('If-Match', '"1"').expect(412);
    await put('fixed').set('If-Match', '"3"').expect(200);
    expect(await selling.read(id)).toEqual(before);
  });

  it('S37 takes a cancellation, with the placing or later, once', async () => {
    await put('off', { cancellation: { reason: 'fraud' } }).expect(201);
    const off = await put('off', { cancellation: { reason: 'again' } }).expect(200);
    expect(off.body).toMatchObject({ status: 'cancelled', cancelReason: 'fraud', version: 2 });
    await put('later').expect(201);
    expect((await put('later', { cancellation: {} }).expect(200)).body).toMatchObject({ status: 'cancelled', cancelReason: null });
    expect((await put('later', { lines: lines(5) }).expect(409)).body).toMatchObject({ code: 'illegal_transition' });
  });

  it('S37 adds external ids, and says when they belong to two orders', async () => {
    await put('a', { externalIds: [{ system: 'erp', id: 'E-a' }] }).expect(201);
    await put('b').expect(201);
    expect((await put('a', { externalIds: [{ system: 'wms', id: 'W-a' }] }).expect(200)).body).toMatchObject({ version: 2, externalIds: [{ system: 'erp', id: 'E-a' }, { system: 'oms', id: 'a' }, { system: 'wms', id: 'W-a' }] });
    expect((await put('b', { externalIds: [{ system: 'erp', id: 'E-a' }] }).expect(409)).body).toMatchObject({ code: 'ambiguous_order' });
    const viaErp = await selling.http.put('/v1/orders/by-external-id/erp/E-a').send(selling.anOrder()).expect(200);
    expect(viaErp.body).toMatchObject({ version: 2 });
  });

  it('S37 an order of a customer who was put away is still kept up to date, a new one is not placed', async () => {
    const person = await selling.http.post('/v1/customers').send({ name: '赵敏' }).expect(201);
    const customer = { id: (person.body as { id: string }).id };
    await put('gone', { customer }).expect(201);
    await selling.http.delete(`/v1/customers/${customer.id}`).set('If-Match', '"1"').expect(204);
    await put('gone', { customer, sourceStatus: 'sent' }).expect(200);
    expect((await put('gone-2', { customer }).expect(422)).body).toMatchObject({ code: 'customer_not_active' });
    await selling.http.get('/v1/orders/by-external-id/oms/gone-2').expect(404);
  });

  it.each(['Bad System', 'UPPER'])('S37 refuses the system %j', async (system) => {
    await selling.http.put(`/v1/orders/by-external-id/${encodeURIComponent(system)}/1`).send(selling.anOrder()).expect(400);
  });

  it(`S37 of ${MANY} who bring the same order at once one places it and the others find it`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const reference = `race-${round}`;
      const answers = await Promise.all(Array.from({ length: MANY }, (_, index) => put(reference, { channel: `c${index % 3}`, placedAt: '2026-01-15T08:00:00Z' })));
      expect(countStatuses(answers)).toEqual({ 200: MANY - 1, 201: 1 });
      const ids = new Set(answers.map(({ body }) => (body as OrderBody).id));
      expect(ids.size).toBe(1);
      const [id] = ids;
      const events = await eventsOf(app, id!);
      expect(events.map(({ payload }) => payload.order.revision)).toEqual(events.map((_, index) => index + 1));
      const [count] = await app.asOwner<{ n: string }>(`select count(*) as n from sales.order_header h join sales.external_id e on e.subject_id = h.id where e.id = $1`, [reference]);
      expect(Number(count?.n)).toBe(1);
      expect(await selling.read(id!)).toMatchObject({ version: events.length });
    }
  });
});
