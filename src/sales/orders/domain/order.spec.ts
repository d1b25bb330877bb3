import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../../kernel/domain-error.js';
import { Order } from './order.js';
import type { OfferedLine, Placement } from './order-record.js';
import { orderStates, type OrderState } from './order-state.js';
import type { PaymentState } from './payment-state.js';

const NOW = new Date('2026-03-01T08:00:00Z');
const CUSTOMER = '019a0000-0000-7000-8000-000000000001';

const aLine = (terms: Partial<OfferedLine> = {}): OfferedLine => ({
  productId: null, sku: 'TEA-1', name: 'Tea', quantity: 1, unitPriceMinor: 10_000, discountMinor: 0, taxMinor: 0, shippingMinor: 0, ...terms,
});

const aPlacement = (terms: Partial<Placement> = {}): Placement => ({
  customerId: CUSTOMER, currency: 'CNY', channel: 'web', sourceStatus: null, discountMinor: 0, shippingMinor: 0, externalIds: [], lines: [aLine()], ...terms,
});

/** Two units of one line and one of another, 300.00 in all. */
const anOrder = () => Order.place('order', aPlacement({ lines: [aLine({ quantity: 2 }), aLine({ sku: 'TEA-2' })] }), NOW);
const pay = (order: Order, id: string, amountMinor: number, state: PaymentState = 'settled') =>
  order.recordPayment({ id, method: 'card', state, amountMinor, installments: null, provider: null, recordedAt: NOW, externalIds: [] });
const refund = (order: Order, id: string, amountMinor: number, state: 'pending' | 'settled' | 'failed' = 'settled', paymentId: string | null = null) =>
  order.recordRefund({ id, paymentId, state, amountMinor, reason: null, provider: null, recordedAt: NOW, externalIds: [] });
const send = (order: Order, id: string, lines: { number: number; quantity: number }[], state: 'pending' | 'shipped' | 'delivered' = 'shipped') =>
  order.recordFulfilment({ id, state, lines, carrier: null, trackingCode: null, recordedAt: NOW, externalIds: [] });
const all = [{ number: 1, quantity: 2 }, { number: 2, quantity: 1 }];
const aPaidOrder = () => {
  const order = anOrder();
  pay(order, 'p1', 30_000);
  return order;
};
const refusedWith = (code: string) => expect.objectContaining({ code });

describe('placing', () => {
  it('waits for payment and knows its totals', () => {
    const order = anOrder();
    expect(order.state).toBe('arranging_payment');
    expect(order.facts()).toMatchObject({ revision: 1, totalMinor: 30_000, quantity: 3, paidMinor: 0, placedAt: NOW.toISOString() });
    expect(order.whatHappened()).toEqual([{ kind: 'placed' }]);
  });

  it('has nothing to wait for when it is free', () => {
    expect(Order.place('order', aPlacement({ lines: [aLine({ unitPriceMinor: 0 })] }), NOW).state).toBe('payment_settled');
  });

  it('refuses two lines of one number and a date to come', () => {
    expect(() => Order.place('order', aPlacement({ lines: [aLine({ number: 7 }), aLine()] }), NOW)).not.toThrow();
    expect(() => Order.place('order', aPlacement({ lines: [aLine(), aLine({ number: 1 })] }), NOW)).toThrow(refusedWith('line_number_taken'));
    expect(() => Order.place('order', aPlacement({ placedAt: new Date('2026-03-03T00:00:00Z') }), NOW)).toThrow(refusedWith('placed_in_future'));
  });
});

describe('paying', () => {
  it('goes by authorisation to capture', () => {
    const order = anOrder();
    pay(order, 'p1', 30_000, 'authorized');
    expect(order.state).toBe('payment_authorized');
    order.settlePayment('p1', NOW);
    expect(order.state).toBe('payment_settled');
    expect(order.balance).toEqual({ paidMinor: 30_000, authorizedMinor: 0, refundedMinor: 0 });
  });

  it('keeps waiting while payments do not cover the total', () => {
    const order = anOrder();
    pay(order, 'p1', 10_000);
    expect(order.state).toBe('arranging_payment');
    pay(order, 'p2', 20_000);
    expect(order.state).toBe('payment_settled');
  });

  it('refuses more than is due, counting what is authorised', () => {
    const order = anOrder();
    pay(order, 'p1', 20_000, 'authorized');
    expect(() => pay(order, 'p2', 10_001)).toThrow(refusedWith('over_payment'));
    expect(() => order.settlePayment('p1', NOW, 20_001)).toThrow(refusedWith('capture_above_authorisation'));
  });

  it('records a refused payment without moving', () => {
    const order = anOrder();
    pay(order, 'p1', 30_000, 'declined');
    expect(order.state).toBe('arranging_payment');
    expect(order.balance.paidMinor).toBe(0);
  });

  it('asks for more when cover is lost', () => {
    const order = anOrder();
    pay(order, 'p1', 30_000, 'authorized');
    order.closePayment('p1', 'error', NOW);
    expect(order.state).toBe('arranging_additional_payment');
    pay(order, 'p2', 30_000);
    expect(order.state).toBe('payment_settled');
  });

  it('asks for more when less is captured than was authorised', () => {
    const order = anOrder();
    pay(order, 'p1', 30_000, 'authorized');
    order.settlePayment('p1', NOW, 20_000);
    expect(order.state).toBe('arranging_additional_payment');
  });

  it('keeps a delivered order delivered when its money is taken back', () => {
    const order = aPaidOrder();
    send(order, 'f1', all, 'delivered');
    order.closePayment('p1', 'cancelled', NOW);
    expect(order.state).toBe('delivered');
    expect(order.balance.paidMinor).toBe(0);
  });
});

describe('refunding', () => {
  it('counts pending refunds as spent and settled ones as refunded', () => {
    const order = aPaidOrder();
    refund(order, 'r1', 20_000, 'pending');
    expect(order.balance.refundedMinor).toBe(0);
    expect(() => refund(order, 'r2', 10_001)).toThrow(refusedWith('over_refund'));
    order.moveRefund('r1', 'failed', NOW);
    refund(order, 'r3', 30_000);
    expect(order.balance.refundedMinor).toBe(30_000);
  });

  it('gives back at most what the named payment brought', () => {
    const order = anOrder();
    pay(order, 'p1', 10_000);
    pay(order, 'p2', 20_000);
    expect(() => refund(order, 'r1', 10_001, 'settled', 'p1')).toThrow(refusedWith('over_refund'));
    refund(order, 'r2', 10_000, 'settled', 'p1');
    expect(() => order.closePayment('p1', 'cancelled', NOW)).toThrow(refusedWith('refunds_exceed_captured'));
  });

  it('is final once settled or failed', () => {
    const order = aPaidOrder();
    refund(order, 'r1', 100);
    expect(() => order.moveRefund('r1', 'failed', NOW)).toThrow(refusedWith('illegal_transition'));
  });
});

describe('sending', () => {
  it('moves with the parcels', () => {
    const order = aPaidOrder();
    send(order, 'f1', [{ number: 1, quantity: 1 }]);
    expect(order.state).toBe('partially_shipped');
    send(order, 'f2', [{ number: 1, quantity: 1 }, { number: 2, quantity: 1 }], 'pending');
    expect(order.state).toBe('partially_shipped');
    order.moveFulfilment('f2', 'shipped', NOW);
    expect(order.state).toBe('shipped');
    order.moveFulfilment('f1', 'delivered', NOW);
    expect(order.state).toBe('partially_delivered');
    order.moveFulfilment('f2', 'delivered', NOW);
    expect(order.state).toBe('delivered');
  });

  it('refuses more than was ordered, also within one fulfilment', () => {
    const order = aPaidOrder();
    send(order, 'f1', [{ number: 1, quantity: 1 }], 'pending');
    expect(() => send(order, 'f2', [{ number: 1, quantity: 2 }])).toThrow(refusedWith('over_shipment'));
    expect(() => send(order, 'f3', [{ number: 1, quantity: 1 }, { number: 1, quantity: 1 }])).toThrow(refusedWith('over_shipment'));
    expect(() => send(order, 'f4', [{ number: 9, quantity: 1 }])).toThrow(refusedWith('unknown_line'));
  });

  it('packs an authorised order and ships a captured one', () => {
    const order = anOrder();
    expect(() => send(order, 'f0', all, 'pending')).toThrow(refusedWith('illegal_transition'));
    pay(order, 'p1', 30_000, 'authorized');
    send(order, 'f1', all, 'pending');
    expect(() => order.moveFulfilment('f1', 'shipped', NOW)).toThrow(refusedWith('illegal_transition'));
    order.settlePayment('p1', NOW);
    order.moveFulfilment('f1', 'shipped', NOW);
    expect(order.state).toBe('shipped');
  });

  it('steps back when a parcel that left is cancelled, but not from delivered', () => {
    const order = aPaidOrder();
    send(order, 'f1', all);
    order.cancelFulfilment('f1', NOW);
    expect(order.state).toBe('payment_settled');
    send(order, 'f2', all, 'delivered');
    expect(() => order.cancelFulfilment('f2', NOW)).toThrow(refusedWith('illegal_transition'));
  });
});

describe('cancelling', () => {
  it('cancels lines and fulfilments, releases authorisations, and leaves captured money to be refunded', () => {
    const order = anOrder();
    pay(order, 'p1', 10_000);
    pay(order, 'p2', 20_000, 'authorized');
    send(order, 'f1', all, 'pending');
    order.cancel('changed_mind', NOW);
    const { state, lines, fulfilments, payments } = order.snapshot();
    expect(state).toBe('cancelled');
    expect(lines.map((line) => line.cancelledQuantity)).toEqual([2, 1]);
    expect(fulfilments.map((each) => each.state)).toEqual(['cancelled']);
    expect(payments.map((each) => each.state)).toEqual(['settled', 'cancelled']);
    refund(order, 'r1', 10_000);
    expect(() => pay(order, 'p3', 1)).toThrow(refusedWith('illegal_transition'));
    expect(() => order.cancel(null, NOW)).toThrow(refusedWith('illegal_transition'));
  });
});

describe('bringing up to date', () => {
  const saved = (order: Order) => Order.rehydrate({ ...order.snapshot(), version: 1 });
  const lines = (quantity: number) => [aLine({ quantity }), aLine({ sku: 'TEA-2' })];

  it('changes nothing when the content is the same', () => {
    const order = saved(anOrder());
    order.bringUpToDate(aPlacement({ lines: lines(2) }), NOW);
    expect(order.whatHappened()).toEqual([]);
  });

  it('replaces the lines of an unpaid order', () => {
    const order = saved(anOrder());
    order.bringUpToDate(aPlacement({ lines: lines(5) }), NOW);
    expect(order.totals.totalMinor).toBe(60_000);
    expect(order.whatHappened()).toEqual([{ kind: 'changed', from: 'arranging_payment' }]);
  });

  it('asks a paid order for the difference, and takes it up where it was', () => {
    const order = saved(aPaidOrder());
    send(order, 'f1', [{ number: 1, quantity: 1 }]);
    order.bringUpToDate(aPlacement({ lines: lines(3) }), NOW);
    expect(order.state).toBe('arranging_additional_payment');
    pay(order, 'p2', 10_000);
    expect(order.state).toBe('partially_shipped');
  });

  it('leaves an order of history where it is said to be', () => {
    const told = { ...anOrder().snapshot(), version: 1, state: 'shipped' as const };
    const unpaid = Order.rehydrate(told);
    unpaid.bringUpToDate(aPlacement({ lines: lines(3) }), NOW);
    expect(unpaid.state).toBe('shipped');
    const paid = Order.rehydrate({ ...told, payments: aPaidOrder().snapshot().payments });
    paid.bringUpToDate(aPlacement({ lines: [aLine({ quantity: 2, name: 'Green tea' }), aLine({ sku: 'TEA-2' })] }), NOW);
    expect(paid.state).toBe('shipped');
    paid.bringUpToDate(aPlacement({ lines: lines(3) }), NOW);
    expect(paid.state).toBe('arranging_additional_payment');
  });

  it('refuses what does not fit money, parcels, customer or currency', () => {
    const order = saved(aPaidOrder());
    send(order, 'f1', all, 'pending');
    expect(() => order.bringUpToDate(aPlacement({ lines: lines(1) }), NOW)).toThrow(refusedWith('total_below_paid'));
    expect(() => order.bringUpToDate(aPlacement({ lines: [aLine({ unitPriceMinor: 30_000 })] }), NOW)).toThrow(refusedWith('line_already_fulfilled'));
    expect(() => order.bringUpToDate(aPlacement({ customerId: 'other', lines: lines(2) }), NOW)).toThrow(refusedWith('customer_is_fixed'));
    expect(() => order.bringUpToDate(aPlacement({ currency: 'EUR', lines: lines(2) }), NOW)).toThrow(refusedWith('currency_is_fixed'));
    order.moveFulfilment('f1', 'delivered', NOW);
    expect(() => order.bringUpToDate(aPlacement({ lines: lines(3) }), NOW)).toThrow(refusedWith('illegal_transition'));
  });
});

describe('any sequence of commands', () => {
  const pick = fc.nat(2);
  const part = (prefix: string) => pick.map((n) => `${prefix}${n}`);
  const often = <T>(arbitrary: fc.Arbitrary<T>) => ({ weight: 4, arbitrary });
  const command = fc.oneof(
    fc.record({ do: fc.constant('pay' as const), id: part('p'), amount: fc.integer({ min: 1, max: 40_000 }), state: fc.constantFrom<PaymentState>('authorized', 'settled', 'declined', 'error') }),
    often(fc.record({ do: fc.constant('payAll' as const), id: part('p'), state: fc.constantFrom<PaymentState>('authorized', 'settled') })),
    fc.record({ do: fc.constant('settle' as const), id: part('p'), amount: fc.option(fc.integer({ min: 1, max: 40_000 }), { nil: undefined }) }),
    fc.record({ do: fc.constant('close' as const), id: part('p'), state: fc.constantFrom<'error' | 'cancelled'>('error', 'cancelled') }),
    fc.record({ do: fc.constant('refund' as const), id: part('r'), amount: fc.integer({ min: 1, max: 30_000 }), payment: fc.option(part('p'), { nil: null }), state: fc.constantFrom<'pending' | 'settled' | 'failed'>('pending', 'settled', 'failed') }),
    fc.record({ do: fc.constant('moveRefund' as const), id: part('r'), state: fc.constantFrom<'settled' | 'failed'>('settled', 'failed') }),
    often(fc.record({ do: fc.constant('send' as const), id: part('f'), line: fc.integer({ min: 1, max: 2 }), quantity: fc.integer({ min: 1, max: 3 }), state: fc.constantFrom<'pending' | 'shipped' | 'delivered'>('pending', 'shipped', 'delivered') })),
    fc.record({ do: fc.constant('sendAll' as const), id: part('f'), state: fc.constantFrom<'shipped' | 'delivered'>('shipped', 'delivered') }),
    fc.record({ do: fc.constant('moveFulfilment' as const), id: part('f'), state: fc.constantFrom<'shipped' | 'delivered'>('shipped', 'delivered') }),
    fc.record({ do: fc.constant('cancelFulfilment' as const), id: part('f') }),
    fc.record({ do: fc.constant('change' as const), quantity: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant('cancel' as const) }),
  );
  type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

  function obey(order: Order, next: Command, turn: number): void {
    const { payments, refunds, fulfilments } = order.snapshot();
    const taken = (id: string) => [...payments, ...refunds, ...fulfilments].some((each) => each.id === id);
    const fresh = (id: string) => (taken(id) ? `${id}-${turn}` : id);
    switch (next.do) {
      case 'pay':
        pay(order, fresh(next.id), next.amount, next.state);
        break;
      case 'payAll':
        pay(order, fresh(next.id), Math.max(1, order.totals.totalMinor - order.balance.paidMinor - order.balance.authorizedMinor), next.state);
        break;
      case 'settle':
        order.settlePayment(next.id, NOW, next.amount);
        break;
      case 'close':
        order.closePayment(next.id, next.state, NOW);
        break;
      case 'refund':
        refund(order, fresh(next.id), next.amount, next.state, next.payment);
        break;
      case 'moveRefund':
        order.moveRefund(next.id, next.state, NOW);
        break;
      case 'send':
        send(order, fresh(next.id), [{ number: next.line, quantity: next.quantity }], next.state);
        break;
      case 'sendAll':
        send(order, fresh(next.id), order.snapshot().lines.map(({ number, quantity }) => ({ number, quantity: quantity - order.fulfilledQuantity(number) })), next.state);
        break;
      case 'moveFulfilment':
        order.moveFulfilment(next.id, next.state, NOW);
        break;
      case 'cancelFulfilment':
        order.cancelFulfilment(next.id, NOW);
        break;
      case 'change':
        order.bringUpToDate(aPlacement({ lines: [aLine({ quantity: next.quantity }), aLine({ sku: 'TEA-2' })] }), NOW);
        break;
      case 'cancel':
        order.cancel(null, NOW);
        break;
    }
  }

  function expectSound(order: Order): void {
    const { totals, balance } = order;
    const { payments, refunds, lines, fulfilments, state } = order.snapshot();
    expect(balance.paidMinor + balance.authorizedMinor).toBeLessThanOrEqual(totals.totalMinor);
    for (const payment of payments) expect(payment.capturedMinor).toBeLessThanOrEqual(payment.amountMinor);
    const standing = refunds.filter((each) => each.state !== 'failed').reduce((sum, each) => sum + each.amountMinor, 0);
    expect(standing).toBeLessThanOrEqual(balance.paidMinor);
    for (const line of lines) expect(order.fulfilledQuantity(line.number)).toBeLessThanOrEqual(line.quantity - line.cancelledQuantity);

    const sent = fulfilments.filter((each) => each.state === 'shipped' || each.state === 'delivered').flatMap((each) => each.lines).reduce((sum, each) => sum + each.quantity, 0);
    if (state === 'payment_settled' || state === 'partially_shipped' || state === 'shipped') expect(balance.paidMinor).toBe(totals.totalMinor);
    if (state === 'payment_authorized') expect(balance.paidMinor + balance.authorizedMinor).toBe(totals.totalMinor);
    if (state === 'shipped') expect(sent).toBe(totals.quantity);
    if (state === 'payment_settled' || state === 'arranging_payment') expect(sent).toBe(0);
    expect(state).not.toBe('modifying');
  }

  it('keeps every invariant and reaches every state that orders rest in', () => {
    let refused = 0;
    const reached = new Set<OrderState>();
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        let order = anOrder();
        commands.forEach((next, turn) => {
          const before = order.snapshot();
          try {
            obey(order, next, turn);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            refused += 1;
            // The transaction is rolled back, so the next command meets what was there.
            order = Order.rehydrate(before);
          }
          expectSound(order);
          reached.add(order.state);
        });
      }),
      { numRuns: 800 },
    );
    expect(refused).toBeGreaterThan(0);
    const never: readonly OrderState[] = ['created', 'adding_items', 'draft', 'modifying'];
    expect(orderStates.states.filter((state) => !never.includes(state) && !reached.has(state))).toEqual([]);
  });
});
