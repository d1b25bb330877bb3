import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { Order } from '../domain/order.js';
import { OrderRepository } from '../persistence/order.repository.js';
import { ProviderEvents } from '../persistence/provider-events.js';

/** What a caller may say about a fact beside the fact itself. */
export interface FactContext {
  /** When it happened; now if left out. */
  readonly recordedAt?: Date;
  readonly provider?: string;
  /** The provider's id of this event; with it the fact is recorded once, however often it is sent. */
  readonly providerEventId?: string;
  /** The version of the order the caller saw, if the fact shall stand on that only. */
  readonly version?: number;
}

/** What is done, to tell a repeated event from one used for something else. */
export interface Deed {
  /** `payment_authorized`, `payment_to_settled` … */
  readonly action: string;
  /** The payment or refund it is done to, where there is one already. */
  readonly subjectId?: Id;
}

/** The order as it stands now, and the payment, refund or fulfilment the fact is about. */
export interface RecordedFact {
  readonly order: Order;
  readonly subjectId: Id;
  /** True if the provider's event had its effect before, and nothing happened now. */
  readonly repeated: boolean;
}

/** Saves one fact about an order: once per provider event, with the order locked by the caller. */
@Injectable()
export class RecordFact {
  constructor(
    private readonly orders: OrderRepository,
    private readonly events: ProviderEvents,
  ) {}

  async run(tx: Tx, order: Order, { action, subjectId: on }: Deed, { provider, providerEventId }: FactContext, change: () => Id): Promise<RecordedFact> {
    const event = provider !== undefined && providerEventId !== undefined ? { provider, eventId: providerEventId, orderId: order.id, action, subjectId: on } : undefined;
    const known = event && (await this.events.effectOf(tx, event));
    if (known !== undefined) return { order, subjectId: known, repeated: true };
    const subjectId = change();
    await this.orders.save(tx, order);
    if (event) await this.events.note(tx, event, subjectId);
    return { order, subjectId, repeated: false };
  }
}
