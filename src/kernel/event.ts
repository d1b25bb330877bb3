import type { Id } from './id.js';

/** What an event may carry: ids and facts as primitives, or lists of such. Never contact data. */
export type Fact = string | number | boolean | null | undefined | readonly Fact[] | { readonly [name: string]: Fact };

/** A fact just recorded by an aggregate, on its way to the outbox. */
export interface DomainEvent<P extends object = object> {
  readonly name: string;
  readonly version: number;
  readonly aggregateId: Id;
  /** Events of one partition are applied in order by one worker at a time. */
  readonly partition: string;
  readonly payload: P;
}

/** A fact as the log keeps it. `position` is dense and strictly growing over the whole log. */
export interface RecordedEvent<P extends object = object> extends DomainEvent<P> {
  readonly id: Id;
  readonly position: number;
  readonly occurredAt: Date;
}

/**
 * A kind of event, declared once in its publisher's `contract/events.ts`:
 * `export const OrderPlaced = new EventType('sales.order_placed', 1, OrderPlacedPayload)`.
 * The payload class has read-only primitives only (ids, minor units + currency, ISO instants).
 */
export class EventType<P extends object> {
  constructor(
    readonly name: string,
    readonly version: number,
    readonly payloadClass: new () => P,
  ) {}

  /** `partition` defaults to the aggregate; name the customer instead when consumers fold per customer. */
  of(aggregateId: Id, payload: P, partition: string = aggregateId): DomainEvent<P> {
    return { name: this.name, version: this.version, aggregateId, partition, payload };
  }

  is(event: RecordedEvent): event is RecordedEvent<P> {
    return event.name === this.name;
  }
}
