import { Injectable } from '@nestjs/common';
import { LOOKS_LIKE_ID, type Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { DescribedColumn } from '../../../platform/transfer/import-definition.js';
import { holdersOf } from '../../persistence/external-ids.js';
import { keyOf, type ExternalReference } from '../../contract/external-reference.js';
import type { Cells } from '../../use-cases/cells.js';
import { ImportedOrders, type OrderHeader } from '../persistence/imported-orders.js';

export interface NamedOrder {
  readonly cells: Cells;
  readonly order: OrderHeader;
}

export const ORDER_PREFIX = 'order.externalIds.';

/** How a line about a part of an order says which one. */
export const orderNames: readonly DescribedColumn[] = [
  { name: 'orderId', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Which order it is of, by our id. A line needs this or its id in another system.' },
  { name: 'order.externalIds.<system>', type: 'text', example: '450789469', description: 'Which order it is of, by its id in another system.' },
];

interface Named {
  readonly cells: Cells;
  readonly orderId: Id | undefined;
  readonly references: readonly ExternalReference[];
}

/** The orders that lines of a file speak of, for files about parts of orders. */
@Injectable()
export class NamedOrders {
  constructor(private readonly orders: ImportedOrders) {}

  /** Those found, locked, in the order of the lines; a line whose order is unknown, or who knows, is refused. */
  async find(tx: Tx, lines: readonly Cells[]): Promise<NamedOrder[]> {
    const named = lines.map((cells) => ({ cells, orderId: cells.id('orderId', tx.startedAt), references: cells.references(ORDER_PREFIX) }));
    const holders = await holdersOf(tx, 'order', named.flatMap(({ references }) => references));
    const headers = await this.orders.locked(tx, [...new Set([...named.flatMap(({ orderId }) => orderId ?? []), ...holders.values()])]);
    return named.flatMap((line) => {
      const order = orderOf(line, holders, headers);
      if (!order) refuse(line);
      return order && line.cells.isGood ? [{ cells: line.cells, order }] : [];
    });
  }
}

/** By our id, which the external ids known must not contradict; an id of another installation says nothing here. */
function orderOf({ orderId, references }: Named, holders: ReadonlyMap<string, Id>, headers: ReadonlyMap<Id, OrderHeader>): OrderHeader | undefined {
  const own = orderId === undefined ? undefined : headers.get(orderId);
  const named = references.map((reference) => holders.get(keyOf(reference)));
  const ids = new Set(own ? [own.id, ...named.filter((id) => id !== undefined)] : named);
  const [id] = ids;
  return id === undefined || ids.size > 1 ? undefined : headers.get(id);
}

function refuse({ cells, orderId, references }: Named): void {
  if (!cells.isGood) return;
  const names = [...(orderId === undefined ? [] : [orderId]), ...references.map((reference) => `${reference.id} of ${reference.system}`)];
  const column = references[0] ? `${ORDER_PREFIX}${references[0].system}` : 'orderId';
  if (names.length === 0) cells.refuse(undefined, 'external_id_needed', `The line names no order. Map a column to ${ORDER_PREFIX}<system> or to orderId.`);
  else cells.refuse(column, 'unknown_order', `No order, or more than one, goes by ${names.join(', ')}. Import the orders first, with this id.`);
}
