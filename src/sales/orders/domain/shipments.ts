import type { Id } from '../../../kernel/id.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { fulfilmentStates, type FulfilmentState } from './fulfilment-state.js';
import { lineAlreadyFulfilled, overShipment, unknownLine, unknownPart } from './order-errors.js';
import type { Units } from './order-state.js';

export interface FulfilledLine {
  /** Number of the order's line. */
  readonly number: number;
  readonly quantity: number;
}

export interface Fulfilment {
  readonly id: Id;
  readonly state: FulfilmentState;
  readonly lines: readonly FulfilledLine[];
  readonly carrier: string | null;
  readonly trackingCode: string | null;
  readonly recordedAt: Date;
  readonly shippedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly externalIds: readonly ExternalReference[];
}

export type NewFulfilment = Omit<Fulfilment, 'shippedAt' | 'deliveredAt'>;

/** What shipments need to know of the order's lines. */
export interface OrderedLine {
  readonly number: number;
  readonly quantity: number;
  readonly cancelledQuantity: number;
}

/** The parcels of one order. It keeps, at every instant and per line: in fulfilments that stand ≤ ordered − cancelled. */
export class Shipments {
  private readonly fulfilments: Map<Id, Fulfilment>;

  constructor(fulfilments: readonly Fulfilment[]) {
    this.fulfilments = new Map(fulfilments.map((fulfilment) => [fulfilment.id, fulfilment]));
  }

  all(): Fulfilment[] {
    return [...this.fulfilments.values()];
  }

  /** Units of a line in fulfilments that were not cancelled, shipped or not. */
  fulfilled(number: number): number {
    return this.count((fulfilment) => fulfilment.state !== 'cancelled', number);
  }

  units(lines: readonly OrderedLine[]): Units {
    return {
      wanted: lines.reduce((sum, line) => sum + line.quantity - line.cancelledQuantity, 0),
      shipped: this.count(({ state }) => state === 'shipped' || state === 'delivered'),
      delivered: this.count(({ state }) => state === 'delivered'),
    };
  }

  record(terms: NewFulfilment, lines: readonly OrderedLine[]): Fulfilment {
    fulfilmentStates.check('created', terms.state);
    const asked = new Map<number, number>();
    terms.lines.forEach(({ number, quantity }, index) => {
      const line = lines.find((each) => each.number === number);
      if (!line) throw unknownLine(number, index);
      const left = line.quantity - line.cancelledQuantity - this.fulfilled(number) - (asked.get(number) ?? 0);
      if (quantity > left) throw overShipment(number, quantity, Math.max(0, left), index);
      asked.set(number, (asked.get(number) ?? 0) + quantity);
    });
    const fulfilment = dated({ ...terms, lines: [...asked].map(([number, quantity]) => ({ number, quantity })), shippedAt: null, deliveredAt: null }, terms.recordedAt);
    this.fulfilments.set(fulfilment.id, fulfilment);
    return fulfilment;
  }

  move(id: Id, state: FulfilmentState, at: Date): Fulfilment {
    const fulfilment = this.get(id);
    fulfilmentStates.check(fulfilment.state, state);
    const moved = dated({ ...fulfilment, state }, at);
    this.fulfilments.set(id, moved);
    return moved;
  }

  hasLeft(id: Id): boolean {
    const { state } = this.get(id);
    return state === 'shipped' || state === 'delivered';
  }

  cancelAll(at: Date): Fulfilment[] {
    return this.all()
      .filter(({ state }) => state !== 'cancelled')
      .map(({ id }) => this.move(id, 'cancelled', at));
  }

  /** @throws DomainError conflict `line_already_fulfilled` if the lines no longer hold what is in fulfilments. */
  checkFits(lines: readonly OrderedLine[]): void {
    const room = new Map(lines.map((line) => [line.number, line.quantity - line.cancelledQuantity]));
    for (const number of new Set(this.all().flatMap((fulfilment) => fulfilment.lines.map((line) => line.number)))) {
      const fulfilled = this.fulfilled(number);
      if (fulfilled > (room.get(number) ?? 0)) throw lineAlreadyFulfilled(number, fulfilled);
    }
  }

  private count(counts: (fulfilment: Fulfilment) => boolean, number?: number): number {
    let units = 0;
    for (const fulfilment of this.fulfilments.values()) {
      if (!counts(fulfilment)) continue;
      for (const line of fulfilment.lines) if (number === undefined || line.number === number) units += line.quantity;
    }
    return units;
  }

  private get(id: Id): Fulfilment {
    const fulfilment = this.fulfilments.get(id);
    if (!fulfilment) throw unknownPart('fulfilment', id);
    return fulfilment;
  }
}

/** Notes the first time it left and arrived. A parcel reported as delivered at once left no later than that. */
function dated(fulfilment: Fulfilment, at: Date): Fulfilment {
  const { state } = fulfilment;
  return {
    ...fulfilment,
    shippedAt: fulfilment.shippedAt ?? (state === 'shipped' || state === 'delivered' ? at : null),
    deliveredAt: fulfilment.deliveredAt ?? (state === 'delivered' ? at : null),
  };
}
