import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderStates, type OrderState } from '../../src/sales/orders/domain/order-state.js';
import { startApp, type TestApp } from '../support/app.js';
import { cny, countStatuses, Selling } from './selling.js';

const ALL = [{ number: 1, quantity: 2 }, { number: 2, quantity: 1 }];
const SOME = [{ number: 1, quantity: 1 }];

describe('S39 S40 the states of an order, over HTTP', () => {
  let app: TestApp;
  let selling: Selling;

  beforeAll(async () => {
    app = await startApp();
    selling = await Selling.start(app);
  });
  afterAll(() => app?.close());

  /** How an order comes to rest in each state that the API leads to. */
  const ways: Partial<Record<OrderState, () => Promise<string>>> = {
    arranging_payment: async () => (await selling.place()).id,
    payment_authorized: async () => {
      const { id } = await selling.place();
      await selling.pay(id, '300.00', { state: 'authorized' }).expect(201);
      return id;
    },
    payment_settled: async () => (await selling.placePaid()).id,
    partially_shipped: () => sent(SOME, 'shipped'),
    shipped: () => sent(ALL, 'shipped'),
    partially_delivered: () => sent(SOME, 'delivered'),
    delivered: () => sent(ALL, 'delivered'),
    arranging_additional_payment: async () => {
      const { id, payments } = await selling.placePaid();
      await selling.act(`payments/${payments[0]!.id}/cancel`).expect(200);
      return id;
    },
    cancelled: async () => {
      const { id } = await selling.place();
      await selling.act(`orders/${id}/cancel`).expect(200);
      return id;
    },
  };
  const states = Object.keys(ways) as OrderState[];

  async function sent(lines: { number: number; quantity: number }[], state: string): Promise<string> {
    const { id } = await selling.placePaid();
    await selling.send(id, lines, state).expect(201);
    return id;
  }

  it.each(states)('an order rests in %s, and is cancelled from there exactly if the table allows it', async (state) => {
    const id = await ways[state]!();
    expect(await selling.read(id)).toMatchObject({ status: state });
    const { status, body } = await selling.act(`orders/${id}/cancel`, { reason: 'changed_mind' });
    if (orderStates.allows(state, 'cancelled')) {
      expect({ status, body }).toMatchObject({ status: 200, body: { status: 'cancelled', cancelReason: 'changed_mind' } });
      expect((await selling.read(id)).lines).toMatchObject([{ cancelledQuantity: 2, fulfilledQuantity: 0 }, { cancelledQuantity: 1, fulfilledQuantity: 0 }]);
    } else {
      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
      expect(await selling.read(id)).toMatchObject({ status: state });
    }
  });

  it.each(states)('no act takes an order out of %s by a move the table does not have', async (state) => {
    const acts: ((id: string) => PromiseLike<unknown>)[] = [
      (id) => selling.pay(id, '300.00'),
      (id) => selling.pay(id, '300.00', { state: 'authorized' }),
      (id) => selling.send(id, SOME, 'pending'),
      (id) => selling.send(id, SOME, 'shipped'),
      (id) => selling.send(id, ALL, 'shipped'),
      (id) => selling.send(id, ALL, 'delivered'),
    ];
    for (const act of acts) {
      const id = await ways[state]!();
      await act(id);
      const { status } = await selling.read(id);
      // Corrections pass through `modifying`, which is a move of the table on both sides.
      const throughModifying = orderStates.allows(state, 'modifying') && orderStates.allows('modifying', status as OrderState);
      expect({ from: state, to: status, legal: status === state || orderStates.allows(state, status as OrderState) || throughModifying }).toMatchObject({ legal: true });
    }
  });

  it('cancelling releases what was authorised and leaves what was captured to be refunded', async () => {
    const { id } = await selling.place();
    await selling.pay(id, '100.00').expect(201);
    await selling.pay(id, '200.00', { state: 'authorized' }).expect(201);
    await selling.send(id, ALL, 'pending').expect(201);
    await selling.act(`orders/${id}/cancel`).expect(200);
    expect(await selling.read(id)).toMatchObject({
      status: 'cancelled', paid: cny('100.00'), authorized: cny('0.00'), payments: [{ state: 'settled' }, { state: 'cancelled' }], fulfilments: [{ state: 'cancelled' }],
    });
    await selling.pay(id, '1.00').expect(409);
    await selling.refund(id, '100.00').expect(201);
    expect(await selling.read(id)).toMatchObject({ status: 'cancelled', refunded: cny('100.00') });
  });

  it('G35 a fact sent with If-Match stands on that version only, and without it on whatever is there', async () => {
    const { id } = await selling.place();
    await selling.pay(id, '100.00').set('If-Match', '"1"').expect(201);
    expect((await selling.pay(id, '100.00').set('If-Match', '"1"').expect(412)).body).toMatchObject({ code: 'version_conflict' });
    await selling.pay(id, '100.00').set('If-Match', 'W/"2"').expect(400);
    await selling.pay(id, '100.00').expect(201);
    await selling.act(`orders/${id}/cancel`).set('If-Match', '"2"').expect(412);
    await selling.act(`orders/${id}/cancel`).set('If-Match', '"3"').expect(200);
  });

  it('G35 of 8 writers with one version one wins', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await selling.place();
      const answers = await Promise.all(Array.from({ length: 8 }, () => selling.pay(id, '10.00').set('If-Match', '"1"')));
      expect(countStatuses(answers)).toEqual({ 201: 1, 412: 7 });
      expect(await selling.read(id)).toMatchObject({ version: 2, paid: cny('10.00') });
    }
  });
});
