import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { EventType, RecordedEvent } from '../../../kernel/event.js';
import type { Id } from '../../../kernel/id.js';
import { EventFeed } from '../../../platform/events/event-feed.js';

/** Every event the product publishes, handed in by app.module.ts. */
export const PUBLISHED_EVENTS = Symbol('published events');

/** An event as integrators read it. */
export interface PublishedEvent {
  readonly id: Id;
  readonly position: number;
  /** Name and version: `sales.order_placed.v1`. */
  readonly type: string;
  readonly aggregateId: Id;
  readonly occurredAt: Date;
  readonly data: object;
}

export interface EventPage {
  readonly data: readonly PublishedEvent[];
  readonly page: { readonly nextAfter: number; readonly hasMore: boolean };
}

@Injectable()
export class EventFeedView {
  private readonly names: ReadonlyMap<string, string>;

  constructor(
    private readonly feed: EventFeed,
    @Inject(PUBLISHED_EVENTS) published: readonly EventType<object>[],
  ) {
    this.names = new Map(published.map((type) => [typeOf(type), type.name]));
  }

  /** @throws DomainError malformed for a type nobody publishes. */
  async read(after: number, types: readonly string[] | undefined, limit: number): Promise<EventPage> {
    const names = types && this.namesOf(types);
    const { events, reached, hasMore } = await this.feed.page(after, names, limit);
    return { data: events.map(present), page: { nextAfter: reached, hasMore } };
  }

  private namesOf(types: readonly string[]): string[] {
    const unknown = types.filter((type) => !this.names.has(type));
    if (unknown.length > 0) {
      const known = [...this.names.keys()].sort().join(', ');
      throw new DomainError('malformed', 'unknown_event_type', `Nobody publishes ${unknown.map((type) => `"${type.slice(0, 80)}"`).join(', ')}. The types are ${known}.`, {
        errors: [{ pointer: '?types', code: 'unknown_event_type', detail: `must be some of ${known}` }],
      });
    }
    return types.map((type) => this.names.get(type)!);
  }
}

function typeOf({ name, version }: { readonly name: string; readonly version: number }): string {
  return `${name}.v${version}`;
}

function present(event: RecordedEvent): PublishedEvent {
  return { id: event.id, position: event.position, type: typeOf(event), aggregateId: event.aggregateId, occurredAt: event.occurredAt, data: event.payload };
}
