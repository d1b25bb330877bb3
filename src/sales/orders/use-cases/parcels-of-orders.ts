import type { Id } from '../../../kernel/id.js';
import type { ImportedFulfilment } from '../persistence/imported-fulfilments.js';
import type { StoredLine } from '../persistence/imported-lines.js';

/** Units of a line that may go into a parcel. */
export interface OpenLine {
  readonly number: number;
  readonly left: number;
}

type OrderLine = Pick<StoredLine, 'order_id' | 'number' | 'quantity' | 'cancelled_quantity'>;

/** Lines and parcels of the orders a file speaks of, as they become while it is read. */
export class ParcelsOfOrders {
  private readonly linesOf = new Map<Id, OrderLine[]>();
  private readonly parcels = new Map<Id, ImportedFulfilment>();
  private readonly parcelsOf = new Map<Id, Set<Id>>();

  constructor(lines: readonly OrderLine[], parcels: readonly ImportedFulfilment[]) {
    for (const line of lines) this.linesOf.set(line.order_id, [...(this.linesOf.get(line.order_id) ?? []), line]);
    for (const parcel of parcels) this.put(parcel);
  }

  get(id: Id): ImportedFulfilment | undefined {
    return this.parcels.get(id);
  }

  put(parcel: ImportedFulfilment): void {
    this.parcels.set(parcel.id, parcel);
    this.parcelsOf.set(parcel.orderId, (this.parcelsOf.get(parcel.orderId) ?? new Set()).add(parcel.id));
  }

  /** Each line of the order with the units that are neither cancelled nor in another parcel that stands. */
  open(orderId: Id, besides: Id): OpenLine[] {
    const others = [...(this.parcelsOf.get(orderId) ?? [])].filter((id) => id !== besides).map((id) => this.parcels.get(id)!).filter(({ state }) => state !== 'cancelled');
    return (this.linesOf.get(orderId) ?? [])
      .map(({ number, quantity, cancelled_quantity: cancelled }) => ({ number, left: Math.max(0, quantity - cancelled - unitsIn(others, number)) }))
      .sort((one, other) => one.number - other.number);
  }
}

function unitsIn(parcels: readonly ImportedFulfilment[], number: number): number {
  return parcels.flatMap(({ lines }) => lines).reduce((sum, line) => sum + (line.number === number ? line.quantity : 0), 0);
}
