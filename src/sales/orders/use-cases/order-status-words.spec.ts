import { describe, expect, it } from '@jest/globals';
import { orderStates } from '../domain/order-state.js';
import { orderStateFor } from './order-status-words.js';

describe('orderStateFor', () => {
  it('reads each of our own states as itself', () => {
    for (const state of orderStates.states) expect(orderStateFor(state)).toBe(state);
  });

  it.each([
    ['delivered', 'delivered'], ['shipped', 'shipped'], ['canceled', 'cancelled'], ['unavailable', 'cancelled'], ['invoiced', 'payment_settled'],
    ['approved', 'payment_settled'], ['processing', 'payment_settled'], ['created', 'created'], ['Partially Shipped', 'partially_shipped'], [' PENDING-PAYMENT ', 'arranging_payment'],
  ])('reads %j as %s', (word, state) => {
    expect(orderStateFor(word)).toBe(state);
  });

  it.each(['', 'lost in space', 'constructor', '__proto__'])('does not guess at %j', (word) => {
    expect(orderStateFor(word)).toBeUndefined();
  });
});
