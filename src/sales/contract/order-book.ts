import type { Id } from '../../kernel/id.js';

/** What other contexts may ask about orders at once. Answers committed state. */
export abstract class OrderBook {
  /** Those of these customers who have an order, whatever became of it. */
  abstract customersWithOrders(customerIds: readonly Id[]): Promise<ReadonlySet<Id>>;
}
