import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { cny, countStatuses, eventsOf, Selling } from './selling.js';

const MANY = 64;
const ALL = [{ number: 1, quantity: 2 }, { number: 2, quantity: 1 }];

describe('S39 sending an order', () => {
  let app: TestApp;
  let selling: Selling;

  beforeAll(async () => {
    app = await startApp();
    selling = await Selling.start(app);
  });
  afterAll(() => app?.close());

  it('S39 partial and full shipments and deliveries move the order by legal steps', async () => {
    const { id } = await selling.placePaid();
    const first = await selling.send(id, [{ number: 1, quantity: 1 }], 'shipped', { carrier: 'SF Express', trackingCode: 'SF1', externalIds: [{ system: 'wms', id: `f-${id}` }] }).expect(201);
    expect(first.body).toMatchObject({ orderId: id, state: 'shipped', lines: [{ number: 1, quantity: 1 }], carrier: 'SF Express', trackingCode: 'SF1', deliveredAt: null, order: { status: 'partially_shipped' } });
    const second = await selling.send(id, [{ number: 1, quantity: 1 }, { number: 2, quantity: 1 }], 'pending').expect(201);
    expect(second.body).toMatchObject({ shippedAt: null, order: { status: 'partially_shipped' } });

    const [one, two] = [(first.body as { id: string }).id, (second.body as { id: string }).id];
    const steps: [string, string][] = [[`fulfilments/${two}/ship`, 'shipped'], [`fulfilments/${one}/deliver`, 'partially_delivered'], [`fulfilments/${two}/deliver`, 'delivered']];
    for (const [path, status] of steps) {
      expect((await selling.act(path).expect(200)).body).toMatchObject({ order: { status } });
      expect(await selling.read(id)).toMatchObject({ status });
    }
    const order = await selling.read(id);
    expect(order.lines).toMatchObject([{ quantity: 2, fulfilledQuantity: 2 }, { quantity: 1, fulfilledQuantity: 1 }]);
    expect(order).toMatchObject({ fulfilments: [{ id: one, state: 'delivered', externalIds: [{ system: 'wms', id: `f-${id}` }] }, { id: two, state: 'delivered' }] });
    const events = await eventsOf(app, id);
    expect(events.filter(({ name }) => name === 'sales.fulfilment_recorded')).toHaveLength(5);
    const revisions = events.map(({ payload }) => payload.order.revision);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  });

  it('S39 refuses more than was ordered, of lines that are not there, and nothing at all; nothing changes', async () => {
    const { id } = await selling.placePaid();
    await selling.send(id, [{ number: 1, quantity: 1 }], 'pending').expect(201);
    const before = await selling.read(id);
    expect((await selling.send(id, [{ number: 1, quantity: 2 }]).expect(422)).body).toMatchObject({ code: 'over_shipment', errors: [{ pointer: '/lines/0/quantity' }] });
    expect((await selling.send(id, [{ number: 1, quantity: 1 }, { number: 1, quantity: 1 }]).expect(422)).body).toMatchObject({ code: 'over_shipment', errors: [{ pointer: '/lines/1/quantity' }] });
    expect((await selling.send(id, [{ number: 3, quantity: 1 }]).expect(422)).body).toMatchObject({ code: 'unknown_line' });
    await selling.send(id, []).expect(400);
    await selling.send(id, [{ number: 1, quantity: 0 }]).expect(400);
    expect(await selling.read(id)).toEqual(before);
  });

  it('S39 an authorised order is packed, only a paid one is shipped', async () => {
    const { id } = await selling.place();
    expect((await selling.send(id, ALL).expect(409)).body).toMatchObject({ code: 'illegal_transition', from: 'arranging_payment' });
    const { body } = await selling.pay(id, '300.00', { state: 'authorized' }).expect(201);
    expect((await selling.send(id, ALL).expect(409)).body).toMatchObject({ code: 'illegal_transition' });
    const packed = await selling.send(id, ALL, 'pending').expect(201);
    const fulfilmentId = (packed.body as { id: string }).id;
    await selling.act(`fulfilments/${fulfilmentId}/ship`).expect(409);
    await selling.act(`payments/${(body as { id: string }).id}/settle`).expect(200);
    expect((await selling.act(`fulfilments/${fulfilmentId}/ship`).expect(200)).body).toMatchObject({ order: { status: 'shipped' } });
  });

  it('S39 a cancelled fulfilment frees its units; one of a finished order does not', async () => {
    const { id } = await selling.placePaid();
    const { body } = await selling.send(id, ALL).expect(201);
    const fulfilmentId = (body as { id: string }).id;
    expect((await selling.act(`fulfilments/${fulfilmentId}/cancel`).expect(200)).body).toMatchObject({ state: 'cancelled', order: { status: 'payment_settled' } });
    expect((await selling.read(id)).lines).toMatchObject([{ fulfilledQuantity: 0 }, { fulfilledQuantity: 0 }]);
    await selling.act(`fulfilments/${fulfilmentId}/ship`).expect(409);
    const delivered = await selling.send(id, ALL, 'delivered').expect(201);
    expect(delivered.body).toMatchObject({ order: { status: 'delivered' } });
    await selling.act(`fulfilments/${(delivered.body as { id: string }).id}/cancel`).expect(409);
    expect(await selling.read(id)).toMatchObject({ status: 'delivered' });
  });

  it('S39 an external id names one fulfilment', async () => {
    const { id } = await selling.placePaid();
    const named = { externalIds: [{ system: 'wms', id: 'once' }] };
    await selling.send(id, [{ number: 1, quantity: 1 }], 'pending', named).expect(201);
    expect((await selling.send(id, [{ number: 1, quantity: 1 }], 'pending', named).expect(409)).body).toMatchObject({ code: 'external_id_taken' });
    expect((await selling.read(id)).lines[0]).toMatchObject({ fulfilledQuantity: 1 });
  });

  it(`S39 of ${MANY} shipments at once only what was ordered is sent`, async () => {
    const { id } = await selling.placePaid({ lines: [{ name: 'Cup', quantity: 10, unitPrice: cny('1.00') }] });
    const answers = await Promise.all(Array.from({ length: MANY }, () => selling.send(id, [{ number: 1, quantity: 1 }])));
    expect(countStatuses(answers)).toEqual({ 201: 10, 422: MANY - 10 });
    expect(await selling.read(id)).toMatchObject({ status: 'shipped', version: 12, lines: [{ quantity: 10, fulfilledQuantity: 10 }] });
  });

  it('S39 the database itself refuses what the code might let pass', async () => {
    const { id } = await selling.placePaid();
    await expect(app.asOwner('update sales.order_line set fulfilled_quantity = 3 where order_id = $1 and number = 1', [id])).rejects.toThrow(/order_line_fulfilled/);
  });
});
