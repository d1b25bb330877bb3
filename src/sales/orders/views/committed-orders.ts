import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import { OrderBook } from '../../contract/order-book.js';

const WITH_ORDERS = sql<{ id: Id }>('order.customers_with_orders', `
  select id from unnest($1::uuid[]) as c (id) where exists (select from sales.order_header where customer_id = c.id)`);

/** The order book other contexts ask. */
@Injectable()
export class CommittedOrders extends OrderBook {
  constructor(private readonly database: Database) {
    super();
  }

  async customersWithOrders(customerIds: readonly Id[]): Promise<ReadonlySet<Id>> {
    if (customerIds.length === 0) return new Set();
    const rows = await this.database.query(WITH_ORDERS, [customerIds]);
    return new Set(rows.map(({ id }) => id));
  }
}
