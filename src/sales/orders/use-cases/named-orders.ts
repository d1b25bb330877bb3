import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import { holdersOf } from '../../persistence/external-ids.js';
import { keyOf } from '../../contract/external-reference.js';
import type { Cells } from '../../use-cases/cells.js';
import { ImportedOrders, type OrderHeader } from '../persistence/imported-orders.js';

export interface NamedOrder {
  readonly cells: Cells;
  readonly order: OrderHeader;
}

const PREFIX = 'order.externalIds.';

/** The orders that lines of a file speak of, for files about parts of orders. */
@Injectable()
export class NamedOrders {
  constructor(private readonly orders: ImportedOrders) {}

  /** Those found, locked, in the order of the lines; a line whose order is unknown, or who knows, is refused. */
  async find(tx: Tx, lines: readonly Cells[]): Promise<NamedOrder[]> {
    const named = lines.map((cells) => ({ cells, references: cells.references(PREFIX) }));
    const holders = await holdersOf(tx, 'order', named.flatMap(({ references }) => references));
    const headers = await this.orders.locked(tx, [...new Set(holders.values())]);
    return named.flatMap(({ cells, references }) => {
      const ids = new Set(references.map((reference) => holders.get(keyOf(reference))));
      const [id] = ids;
      const order = id === undefined ? undefined : headers.get(id);
      if (order && ids.size === 1) return cells.isGood ? [{ cells, order }] : [];
      refuse(cells, references.map((reference) => `${reference.id} of ${reference.system}`), references[0] && `${PREFIX}${references[0].system}`);
      return [];
    });
  }
}

function refuse(cells: Cells, names: readonly string[], column: string | undefined): void {
  if (!cells.isGood) return;
  if (names.length === 0) cells.refuse(undefined, 'external_id_needed', `The line names no order. Map a column to ${PREFIX}<system>.`);
  else cells.refuse(column, 'unknown_order', `No order, or more than one, goes by ${names.join(', ')}. Import the orders first, with this id.`);
}
