import { Injectable } from '@nestjs/common';
import { newId } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Order } from '../domain/order.js';
import { OrderRepository, type Placed } from '../persistence/order.repository.js';
import { PlacementReader, type OrderInput } from './placement-reader.js';

export interface PlacedOrder extends Placed {
  readonly order: Order;
}

@Injectable()
export class PlaceOrder {
  constructor(
    private readonly orders: OrderRepository,
    private readonly reader: PlacementReader,
  ) {}

  /** @throws DomainError rule for what cannot be sold so, conflict `external_id_taken`. */
  async run(tx: Tx, input: OrderInput): Promise<PlacedOrder> {
    const placement = await this.reader.read(input);
    await this.reader.requireActive(placement.customerId);
    const order = Order.place(newId(tx.startedAt.getTime()), placement, tx.startedAt);
    const { externalIds } = order.snapshot();
    return { order, ...(await this.orders.add(tx, order, externalIds)) };
  }
}
