/** Order states that are no purchase. Refunded orders stay purchases: what came back is counted beside what was spent. */
const NOT_PURCHASED = new Set(['cancelled']);

/** Does an order in this state of the order state machine count into the customer's totals? */
export function isPurchase(orderStatus: string): boolean {
  return !NOT_PURCHASED.has(orderStatus);
}
