import { Injectable } from '@nestjs/common';
import { EventFeed } from '../../../platform/events/event-feed.js';
import { present, PublishedEvents, type PublishedEvent } from './published-events.js';

export interface EventPage {
  readonly data: readonly PublishedEvent[];
  readonly page: { readonly nextAfter: number; readonly hasMore: boolean };
}

@Injectable()
export class EventFeedView {
  constructor(
    private readonly feed: EventFeed,
    private readonly published: PublishedEvents,
  ) {}

  /** @throws DomainError malformed for a type nobody publishes. */
  async read(after: number, types: readonly string[] | undefined, limit: number): Promise<EventPage> {
    const { events, reached, hasMore } = await this.feed.page(after, this.published.namesOf(types), limit);
    return { data: events.map(present), page: { nextAfter: reached, hasMore } };
  }
}
