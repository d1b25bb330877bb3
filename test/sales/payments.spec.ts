import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { cny, countStatuses, eventsOf, Selling } from './selling.js';

const MANY = 64;

describe('S40 paying and refunding', () => {
  let app: TestApp;
  let selling: Selling;

  beforeAll(async () => {
    app = await startApp();
    selling = await Selling.start(app);
  });
  afterAll(() => app?.close());

  it('S40 is authorised, then captured, and the order follows', async () => {
    const { id } = await selling.place();
    const authorised = await selling.pay(id, '300.00', { state: 'authorized', provider: 'stripe', recordedAt: '2026-02-01T10:00:00Z', installments: 3 }).expect(201);
    expect(authorised.headers['etag']).toBe('"2"');
    expect(authorised.body).toMatchObject({
      orderId: id, sequence: 1, method: 'card', state: 'authorized', amount: cny('300.00'), captured: cny('0.00'), installments: 3, provider: 'stripe', recordedAt: '2026-02-01T10:00:00.000Z',
      order: { id, version: 2, status: 'payment_authorized', total: cny('300.00'), paid: cny('0.00'), authorized: cny('300.00') },
    });
    const { id: paymentId } = authorised.body as { id: string };
    const captured = await selling.act(`payments/${paymentId}/settle`, { recordedAt: '2026-02-02T10:00:00Z' }).expect(200);
    expect(captured.body).toMatchObject({ id: paymentId, state: 'settled', captured: cny('300.00'), order: { version: 3, status: 'payment_settled', paid: cny('300.00'), authorized: cny('0.00') } });

    const order = await selling.read(id);
    const { order: _standing, ...payment } = captured.body as { order: object };
    expect(order).toMatchObject({ version: 3, status: 'payment_settled', paid: cny('300.00'), payments: [payment] });
    expect((await eventsOf(app, id)).map(({ name, payload }) => [name, payload.order.revision, payload.order.status, payload.order.paidMinor])).toEqual([
      ['sales.order_placed', 1, 'arranging_payment', 0],
      ['sales.payment_recorded', 2, 'payment_authorized', 0],
      ['sales.order_changed', 2, 'payment_authorized', 0],
      ['sales.payment_recorded', 3, 'payment_settled', 30_000],
      ['sales.order_changed', 3, 'payment_settled', 30_000],
    ]);
  });

  it('S40 a refused payment is on record and moves nothing; a failed capture asks for another', async () => {
    const { id } = await selling.place();
    await selling.pay(id, '300.00', { state: 'declined' }).expect(201);
    expect(await selling.read(id)).toMatchObject({ status: 'arranging_payment', paid: cny('0.00'), payments: [{ state: 'declined' }] });
    const { body } = await selling.pay(id, '300.00', { state: 'authorized' }).expect(201);
    const failed = await selling.act(`payments/${(body as { id: string }).id}/fail`).expect(200);
    expect(failed.body).toMatchObject({ state: 'error', order: { status: 'arranging_additional_payment', authorized: cny('0.00') } });
    await selling.pay(id, '300.00').expect(201);
    expect(await selling.read(id)).toMatchObject({ status: 'payment_settled', payments: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }] });
  });

  it('S40 several payments cover one order, and less may be captured than was authorised', async () => {
    const { id } = await selling.place();
    await selling.pay(id, '100.00', { method: 'voucher' }).expect(201);
    const { body } = await selling.pay(id, '200.00', { state: 'authorized' }).expect(201);
    expect(body).toMatchObject({ order: { status: 'payment_authorized' } });
    const paymentId = (body as { id: string }).id;
    const above = await selling.act(`payments/${paymentId}/settle`, { amount: cny('200.01') }).expect(422);
    expect(above.body).toMatchObject({ code: 'capture_above_authorisation' });
    const captured = await selling.act(`payments/${paymentId}/settle`, { amount: cny('150.00') }).expect(200);
    expect(captured.body).toMatchObject({ captured: cny('150.00'), amount: cny('200.00'), order: { status: 'arranging_additional_payment', paid: cny('250.00') } });
    const missing = await selling.pay(id, '50.00').expect(201);
    expect(missing.body).toMatchObject({ order: { status: 'payment_settled', paid: cny('300.00') } });
  });

  it('S40 refuses over-payment, another currency, and nothing at all, and changes nothing', async () => {
    const { id } = await selling.place();
    await selling.pay(id, '200.00', { state: 'authorized' }).expect(201);
    const before = await selling.read(id);
    expect((await selling.pay(id, '100.01').expect(422)).body).toMatchObject({ code: 'over_payment', errors: [{ pointer: '/amount' }] });
    expect((await selling.pay(id, '1.00', { amount: { amount: '1.00', currency: 'USD' } }).expect(422)).body).toMatchObject({ code: 'currency_mismatch' });
    expect((await selling.pay(id, '0.00').expect(422)).body).toMatchObject({ code: 'amount_needed' });
    await selling.pay(id, '1.00', { state: 'created' }).expect(400);
    await selling.pay('019a0000-0000-7000-8000-00000000dead', '1.00').expect(404);
    await selling.act('payments/019a0000-0000-7000-8000-00000000dead/settle').expect(404);
    expect(await selling.read(id)).toEqual(before);
  });

  it('S40 moves a payment only where its states lead, and says where', async () => {
    const { id } = await selling.place();
    const { body } = await selling.pay(id, '300.00').expect(201);
    const paymentId = (body as { id: string }).id;
    const again = await selling.act(`payments/${paymentId}/settle`).expect(409);
    expect(again.body).toMatchObject({ code: 'illegal_transition', from: 'settled', to: 'settled' });
    await selling.act(`payments/${paymentId}/fail`).expect(409);
    const voided = await selling.act(`payments/${paymentId}/cancel`).expect(200);
    expect(voided.body).toMatchObject({ state: 'cancelled', captured: cny('0.00'), order: { status: 'arranging_additional_payment', paid: cny('0.00') } });
    await selling.act(`payments/${paymentId}/cancel`).expect(409);
  });

  it('S40 each event of a provider has one effect: authorise, capture and refund, however often they are sent', async () => {
    const { id } = await selling.place();
    const report = { state: 'authorized', provider: 'stripe', providerEventId: `auth-${id}` };
    const first = await selling.pay(id, '300.00', report).expect(201);
    const again = await selling.pay(id, '300.00', report).expect(200);
    expect(again.body).toEqual(first.body);
    const paymentId = (first.body as { id: string }).id;

    const capture = { providerEventId: `capture-${id}` };
    const captured = await selling.act(`payments/${paymentId}/settle`, capture).expect(200);
    expect((await selling.act(`payments/${paymentId}/settle`, capture).expect(200)).body).toEqual(captured.body);

    const giveBack = { provider: 'stripe', providerEventId: `refund-${id}`, paymentId };
    const refunded = await selling.refund(id, '100.00', giveBack).expect(201);
    expect((await selling.refund(id, '100.00', giveBack).expect(200)).body).toEqual(refunded.body);
    expect(await selling.read(id)).toMatchObject({ version: 4, paid: cny('300.00'), refunded: cny('100.00'), payments: [{}], refunds: [{}] });
  });

  it('S40 an event of a provider is not used for something else', async () => {
    const [one, other] = [await selling.place(), await selling.place()];
    const report = { state: 'authorized', provider: 'stripe', providerEventId: `shared-${one.id}` };
    const { body } = await selling.pay(one.id, '100.00', report).expect(201);
    expect((await selling.pay(other.id, '100.00', report).expect(409)).body).toMatchObject({ code: 'provider_event_reused' });
    expect((await selling.pay(one.id, '100.00', { ...report, state: 'settled' }).expect(409)).body).toMatchObject({ code: 'provider_event_reused' });
    expect((await selling.act(`payments/${(body as { id: string }).id}/settle`, { providerEventId: report.providerEventId }).expect(409)).body).toMatchObject({ code: 'provider_event_reused' });
    await selling.pay(other.id, '100.00', { ...report, provider: 'alipay' }).expect(201);
  });

  it('S40 of 16 twins of one provider event one is recorded', async () => {
    const { id } = await selling.place();
    const report = { provider: 'stripe', providerEventId: `twin-${id}` };
    const answers = await Promise.all(Array.from({ length: 16 }, () => selling.pay(id, '100.00', report)));
    expect(countStatuses(answers)).toEqual({ 200: 15, 201: 1 });
    expect(await selling.read(id)).toMatchObject({ version: 2, paid: cny('100.00'), payments: [{}] });
  });

  it('S40 gives back by refund at most what was captured, pending refunds counted', async () => {
    const { id } = await selling.placePaid();
    const pending = await selling.refund(id, '200.00', { state: undefined, reason: 'arrived_broken' }).expect(201);
    expect(pending.body).toMatchObject({ state: 'pending', reason: 'arrived_broken', order: { status: 'payment_settled', refunded: cny('0.00') } });
    expect((await selling.refund(id, '100.01').expect(422)).body).toMatchObject({ code: 'over_refund' });
    const refundId = (pending.body as { id: string }).id;
    expect((await selling.act(`refunds/${refundId}/fail`).expect(200)).body).toMatchObject({ state: 'failed' });
    expect((await selling.act(`refunds/${refundId}/settle`).expect(409)).body).toMatchObject({ code: 'illegal_transition' });
    await selling.refund(id, '300.00').expect(201);
    expect(await selling.read(id)).toMatchObject({ paid: cny('300.00'), refunded: cny('300.00'), refunds: [{ state: 'failed' }, { state: 'settled' }] });
    expect((await selling.refund(id, '0.01').expect(422)).body).toMatchObject({ code: 'over_refund' });
    expect((await selling.refund(id, '1.00', { paymentId: '019a0000-0000-7000-8000-00000000dead' }).expect(422)).body).toMatchObject({ code: 'unknown_payment' });
  });

  it(`S40 of ${MANY} payments at once only those that are due are taken, at every instant`, async () => {
    const { id } = await selling.place();
    const watch = watching(`select paid_minor + authorized_minor as held, total_minor as bound from sales.order_header where id = '${id}'`);
    const answers = await Promise.all(Array.from({ length: MANY }, (_, index) => selling.pay(id, '50.00', { state: index % 2 === 0 ? 'settled' : 'authorized' })));
    await watch.stop();
    expect(countStatuses(answers)).toEqual({ 201: 6, 422: MANY - 6 });
    expect(await sums(id)).toEqual({ held: 30_000, payments: 6 });
  });

  it(`S40 of ${MANY} refunds at once only what was captured is given back, at every instant`, async () => {
    const { id } = await selling.placePaid();
    const watch = watching(`select coalesce((select sum(amount_minor) from sales.refund where order_id = h.id and state <> 'failed'), 0) as held, paid_minor as bound from sales.order_header h where id = '${id}'`);
    const answers = await Promise.all(Array.from({ length: MANY }, (_, index) => selling.refund(id, '100.00', { state: index % 2 === 0 ? 'settled' : 'pending' })));
    await watch.stop();
    expect(countStatuses(answers)).toEqual({ 201: 3, 422: MANY - 3 });
  });

  it('S40 a payment taken back and its refund do not pass together', async () => {
    for (let round = 0; round < 5; round += 1) {
      const order = await selling.placePaid();
      const paymentId = order.payments[0]!.id;
      const answers = await Promise.all([selling.act(`payments/${paymentId}/cancel`), selling.refund(order.id, '10.00')]);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      const { paid, refunded } = await selling.read(order.id);
      expect(Number(refunded.amount)).toBeLessThanOrEqual(Number(paid.amount));
    }
  });

  it('S40 money is recorded by whoever may, and read by others', async () => {
    const { id } = await selling.place();
    const agent = await app.as('agent');
    await agent.post(`/v1/orders/${id}/payments`).send({ method: 'card', state: 'settled', amount: cny('1.00') }).expect(403);
    expect(await selling.read(id)).toMatchObject({ version: 1, payments: [] });
  });

  /** Reads committed state all the while and remembers if what is held ever passed its bound. */
  function watching(question: string): { stop(): Promise<void> } {
    let over = 0;
    let looks = 0;
    let going = true;
    const watcher = (async () => {
      while (going) {
        const [row] = await app.asOwner<{ held: string; bound: string }>(question);
        looks += 1;
        if (Number(row!.held) > Number(row!.bound)) over += 1;
      }
    })();
    return {
      stop: async () => {
        going = false;
        await watcher;
        expect({ over, looked: looks > 0 }).toEqual({ over: 0, looked: true });
      },
    };
  }

  async function sums(orderId: string): Promise<{ held: number; payments: number }> {
    const [row] = await app.asOwner<{ held: string; payments: string }>(
      `select sum(case when state = 'authorized' then amount_minor else captured_minor end) as held, count(*) as payments from sales.payment where order_id = $1`,
      [orderId],
    );
    return { held: Number(row!.held), payments: Number(row!.payments) };
  }
});
