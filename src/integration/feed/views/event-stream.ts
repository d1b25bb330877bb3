import { Injectable } from '@nestjs/common';
import { STILL_HERE, type Telling } from '../../../platform/http/streams.js';
import { EventFeed } from '../../../platform/events/event-feed.js';
import { EventTail, tell, TAIL_PAGE, type ToldPage } from './event-tail.js';
import { PublishedEvents } from './published-events.js';
import { Turns } from './turns.js';

/** Followers who are behind share so many connections, so that requests find theirs. */
const CATCHING_UP_AT_ONCE = 2;

/** The log as server-sent events: what was before from the database, what comes from the tail that all share. */
@Injectable()
export class EventStream {
  private readonly catchingUp = new Turns(CATCHING_UP_AT_ONCE);

  constructor(
    private readonly feed: EventFeed,
    private readonly tail: EventTail,
    private readonly published: PublishedEvents,
  ) {}

  /** Everything after the position, then what happens. @throws DomainError malformed for a type nobody publishes, gone if events after it are not kept any more. */
  async from(after: number, types: readonly string[] | undefined): Promise<Telling> {
    const names = this.published.namesOf(types);
    // Refused here, where it can still be told as a problem.
    await this.feed.assertKept(after);
    const follower = new Follower(after, names && new Set(names));
    return {
      frames: (signal) => this.frames(follower, names, signal),
      heartbeat: () => follower.heartbeat(),
    };
  }

  /** Its memory is one page: the next is looked for when this one has been taken. */
  private async *frames(follower: Follower, names: readonly string[] | undefined, signal: AbortSignal): AsyncGenerator<string> {
    const leave = this.tail.follow();
    try {
      while (!signal.aborted) {
        const page = this.tail.after(follower.position) ?? (await this.behind(follower.position, names));
        const before = follower.position;
        const frames = follower.take(page);
        if (frames !== '') yield frames;
        if (follower.position === before) await this.tail.moved(before, signal);
      }
    } finally {
      await leave();
    }
  }

  private async behind(position: number, names: readonly string[] | undefined): Promise<ToldPage> {
    const { events, reached } = await this.catchingUp.take(() => this.feed.page(position, names, TAIL_PAGE));
    return { events: events.map(tell), reached };
  }
}

/** How far one reader is. */
class Follower {
  /** The last id its reader has. */
  private told: number;

  constructor(
    public position: number,
    private readonly names: ReadonlySet<string> | undefined,
  ) {
    this.told = position;
  }

  /** Moves on behind the page. @returns what is to be told of it. */
  take({ events, reached }: ToldPage): string {
    const { names } = this;
    this.position = reached;
    const wanted = names === undefined ? events : events.filter(({ name }) => names.has(name));
    this.told = wanted.at(-1)?.position ?? this.told;
    return wanted.map(({ frame }) => frame).join('');
  }

  /** An id without data is no event, but it is what a client comes back with: nobody looks through the same rare events twice. */
  heartbeat(): string {
    if (this.told === this.position) return STILL_HERE;
    this.told = this.position;
    return `: still here\nid: ${this.position}\n\n`;
  }
}
