import { Injectable } from '@nestjs/common';
import { newId, type Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { FulfilledLine } from '../domain/shipments.js';
import { OrderRepository } from '../persistence/order.repository.js';
import type { RecordedFact } from './record-fact.js';

/** What a caller may say about a fact beside the fact itself. */
interface ParcelContext {
  /** When it happened; now if left out. */
  readonly recordedAt?: Date;
  /** The version of the order the caller saw, if the fact shall stand on that only. */
  readonly version?: number;
}

export interface FulfilmentInput extends ParcelContext {
  readonly state: 'pending' | 'shipped' | 'delivered';
  readonly lines: readonly FulfilledLine[];
  readonly carrier?: string;
  readonly trackingCode?: string;
  readonly externalIds?: readonly ExternalReference[];
}

export interface FulfilmentMove extends ParcelContext {
  readonly to: 'shipped' | 'delivered' | 'cancelled';
}

@Injectable()
export class RecordFulfilment {
  constructor(private readonly orders: OrderRepository) {}

  /** @throws DomainError rule `over_shipment` or `unknown_line`, conflict if the order's state does not allow it. */
  async run(tx: Tx, orderId: Id, input: FulfilmentInput): Promise<RecordedFact> {
    const { state, lines, carrier = null, trackingCode = null, recordedAt = tx.startedAt, externalIds = [] } = input;
    const order = await this.orders.getLocked(tx, orderId, input.version);
    const { id } = order.recordFulfilment({ id: newId(tx.startedAt.getTime()), state, lines, carrier, trackingCode, recordedAt, externalIds });
    await this.orders.save(tx, order);
    return { order, subjectId: id, repeated: false };
  }

  /** @throws DomainError conflict if the fulfilment or the order cannot go there. */
  async move(tx: Tx, fulfilmentId: Id, { to, version, recordedAt = tx.startedAt }: FulfilmentMove): Promise<RecordedFact> {
    const order = await this.orders.getLockedBy(tx, 'fulfilment', fulfilmentId, version);
    if (to === 'cancelled') order.cancelFulfilment(fulfilmentId, recordedAt);
    else order.moveFulfilment(fulfilmentId, to, recordedAt);
    await this.orders.save(tx, order);
    return { order, subjectId: fulfilmentId, repeated: false };
  }
}
