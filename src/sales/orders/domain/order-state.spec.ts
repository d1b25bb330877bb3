import { describe, expect, it } from '@jest/globals';
import { fulfilmentStates } from './fulfilment-state.js';
import { isBefore, orderStates, stateByMoney, stateByUnits } from './order-state.js';
import { paymentStates } from './payment-state.js';
import { refundStates } from './refund-state.js';

describe('the state machines', () => {
  it('let an order walk from its first line to the customer', () => {
    const walk = ['created', 'adding_items', 'arranging_payment', 'payment_authorized', 'payment_settled', 'partially_shipped', 'shipped', 'partially_delivered', 'delivered'] as const;
    walk.slice(1).forEach((state, index) => expect(orderStates.allows(walk[index]!, state)).toBe(true));
  });

  it('have the moves of DOMAIN.md and no other', () => {
    const count = <State extends string>(machine: { states: readonly State[]; allows(from: State, to: State): boolean }) =>
      machine.states.flatMap((from) => machine.states.filter((to) => machine.allows(from, to))).length;
    expect({ order: count(orderStates), payment: count(paymentStates), refund: count(refundStates), fulfilment: count(fulfilmentStates) }).toEqual({
      order: 2 + 2 + 2 + 4 + 4 + 7 + 4 + 4 + 3 + 1 + 6 + 6,
      payment: 5 + 3 + 1 + 1 + 1,
      refund: 2,
      fulfilment: 4 + 3 + 2 + 1,
    });
  });

  it('refuse any other move and name the open ones', () => {
    expect(() => orderStates.check('delivered', 'shipped')).toThrow(expect.objectContaining({ refusal: 'conflict', code: 'illegal_transition', message: expect.stringContaining('cancelled') }));
    expect(() => orderStates.check('cancelled', 'created')).toThrow(/final/);
  });
});

describe('the state by facts', () => {
  it('follows the units that left and arrived', () => {
    expect(stateByUnits({ wanted: 3, shipped: 0, delivered: 0 })).toBeUndefined();
    expect(stateByUnits({ wanted: 3, shipped: 1, delivered: 0 })).toBe('partially_shipped');
    expect(stateByUnits({ wanted: 3, shipped: 3, delivered: 0 })).toBe('shipped');
    expect(stateByUnits({ wanted: 3, shipped: 3, delivered: 2 })).toBe('partially_delivered');
    expect(stateByUnits({ wanted: 3, shipped: 3, delivered: 3 })).toBe('delivered');
  });

  it('follows the money, and asks for more where there is no cover', () => {
    expect([stateByMoney('settled'), stateByMoney('authorized'), stateByMoney('none')]).toEqual(['payment_settled', 'payment_authorized', 'arranging_additional_payment']);
  });

  it('puts states beside the way before all that are on it', () => {
    expect(isBefore('arranging_additional_payment', 'payment_authorized')).toBe(true);
    expect(isBefore('shipped', 'partially_delivered')).toBe(true);
    expect(isBefore('delivered', 'shipped')).toBe(false);
  });
});
