import { Injectable } from '@nestjs/common';
import { newId, type Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { ambiguous, withNames } from '../../persistence/external-ids.js';
import { Order } from '../domain/order.js';
import type { Placement } from '../domain/order-record.js';
import { OrderRepository } from '../persistence/order.repository.js';
import { PlacementReader, type OrderInput } from './placement-reader.js';

export interface OrderUpsert extends OrderInput {
  /** Present if the other system cancelled the order. */
  readonly cancellation?: { readonly reason?: string };
}

export interface UpsertedOrder {
  readonly id: Id;
  readonly created: boolean;
}

/** Places an order of another system, or brings ours up to date with what that system now says. The same content changes nothing. */
@Injectable()
export class UpsertOrder {
  constructor(
    private readonly orders: OrderRepository,
    private readonly reader: PlacementReader,
  ) {}

  /** @throws DomainError rule as placing, conflict if a change does not fit what was already paid, sent or finished. */
  async run(tx: Tx, reference: ExternalReference, { cancellation, ...input }: OrderUpsert, version?: number): Promise<UpsertedOrder> {
    const placement = await this.reader.read({ ...input, externalIds: [...(input.externalIds ?? []), reference] });
    const { id, created } = await orderNamed(tx, placement.externalIds);
    if (created) await this.place(tx, id, placement);
    if (!created || cancellation) await this.bringUpToDate(tx, id, placement, cancellation, version);
    return { id, created };
  }

  private async place(tx: Tx, id: Id, placement: Placement): Promise<void> {
    await this.reader.requireActive(placement.customerId);
    await this.orders.add(tx, Order.place(id, placement, tx.startedAt), []);
  }

  private async bringUpToDate(tx: Tx, id: Id, placement: Placement, cancellation: OrderUpsert['cancellation'], version?: number): Promise<void> {
    const order = await this.orders.getLocked(tx, id, version);
    order.bringUpToDate(placement, tx.startedAt);
    if (cancellation && order.state !== 'cancelled') order.cancel(cancellation.reason ?? null, tx.startedAt);
    await this.orders.save(tx, order);
  }
}

/** The order that has one of these names, or a new id that has them all from now on. @throws DomainError conflict if they belong to several. */
function orderNamed(tx: Tx, references: readonly ExternalReference[]): Promise<UpsertedOrder> {
  return withNames(tx, 'order', references, async (names) => {
    const [known, ...others] = names.idsOf(references);
    if (known !== undefined && others.length > 0) throw ambiguous('order', [known, ...others]);
    if (known !== undefined) return { id: known, created: false };
    const id = newId(tx.startedAt.getTime());
    names.give(references, id);
    await names.take(tx);
    return { id, created: true };
  });
}
