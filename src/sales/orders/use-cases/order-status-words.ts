import { orderStates, type OrderState } from '../domain/order-state.js';

/** Words of other shops for our states, in lower case with `_` between words. What is not here needs a valueMap in the import's mapping. */
const WORDS: Readonly<Record<string, OrderState>> = {
  new: 'created', open: 'created', pending: 'arranging_payment', unpaid: 'arranging_payment', pending_payment: 'arranging_payment', awaiting_payment: 'arranging_payment',
  authorized: 'payment_authorized',
  approved: 'payment_settled', paid: 'payment_settled', invoiced: 'payment_settled', processing: 'payment_settled',
  partially_fulfilled: 'partially_shipped', fulfilled: 'shipped', in_transit: 'shipped',
  complete: 'delivered', completed: 'delivered',
  // A shop that could not supply has cancelled, whoever is to blame.
  canceled: 'cancelled', unavailable: 'cancelled', voided: 'cancelled',
};

/** The state a status word means: one of ours, or a common word of other systems. Undefined for any other. */
export function orderStateFor(word: string): OrderState | undefined {
  const key = word.trim().toLowerCase().replace(/[\s-]+/g, '_');
  if (orderStates.has(key)) return key;
  return Object.hasOwn(WORDS, key) ? WORDS[key] : undefined;
}
