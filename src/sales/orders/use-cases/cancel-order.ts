import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { OrderRepository } from '../persistence/order.repository.js';

@Injectable()
export class CancelOrder {
  constructor(private readonly orders: OrderRepository) {}

  /** @throws DomainError conflict `illegal_transition` if it is cancelled already. */
  async run(tx: Tx, id: Id, reason: string | null, version?: number): Promise<void> {
    const order = await this.orders.getLocked(tx, id, version);
    order.cancel(reason, tx.startedAt);
    await this.orders.save(tx, order);
  }
}
