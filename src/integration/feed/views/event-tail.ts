import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { RecordedEvent } from '../../../kernel/event.js';
import { Loop } from '../../../platform/database/loop.js';
import { Signals } from '../../../platform/database/signals.js';
import { EventFeed } from '../../../platform/events/event-feed.js';
import { RootLogger } from '../../../platform/observability/logger.js';
import { present } from './published-events.js';

/** Events read at once, by the tail and by followers who are behind it. */
export const TAIL_PAGE = 200;
/** About a megabyte: what a follower who keeps up can be behind without reading the log itself. */
export const TAIL_KEPT = 2_000;
const SWEEP_MILLIS = 2_000;

/** An event as it leaves; its text is made once for all who follow. */
export interface ToldEvent {
  readonly position: number;
  readonly name: string;
  readonly frame: string;
}

export interface ToldPage {
  readonly events: readonly ToldEvent[];
  /** Everything up to here has been looked at. */
  readonly reached: number;
}

/**
 * The latest part of the log, read once for all streams of the process: by signal, with a slow sweep as the net, and only
 * while somebody follows. Whoever is further behind reads the log.
 */
@Injectable()
export class EventTail implements OnModuleDestroy {
  private readonly loop: Loop;
  private readonly waiting = new Set<() => void>();
  private followers = 0;
  /** Everything after `from` up to `reached`, in order; undefined before the first look. */
  private kept: { from: number; reached: number; events: ToldEvent[] } | undefined;
  private off: () => void = () => undefined;

  constructor(
    private readonly feed: EventFeed,
    private readonly signals: Signals,
    logger: RootLogger,
  ) {
    this.loop = new Loop('events.tail', () => this.step(), SWEEP_MILLIS, logger.pino);
  }

  /** Reads from now on. @returns what ends it; the last to leave stops the reading. */
  follow(): () => Promise<void> {
    this.followers += 1;
    if (this.followers === 1) this.begin();
    return async () => {
      this.followers -= 1;
      if (this.followers === 0) await this.end();
    };
  }

  /** What came after the position, at most a page; undefined if memory does not reach back so far. */
  after(position: number): ToldPage | undefined {
    if (!this.kept || position < this.kept.from) return undefined;
    const { events, reached } = this.kept;
    let first = events.length;
    while (first > 0 && events[first - 1]!.position > position) first -= 1;
    const page = events.slice(first, first + TAIL_PAGE);
    return { events: page, reached: page.length === TAIL_PAGE ? page.at(-1)!.position : Math.max(position, reached) };
  }

  /** Resolves once there is something after the position, or `signal` is aborted. */
  async moved(position: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(this.kept && this.kept.reached > position)) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  private begin(): void {
    this.off = this.signals.on('log', () => this.loop.wake());
    this.loop.start();
  }

  private async end(): Promise<void> {
    this.off();
    this.kept = undefined;
    await this.loop.stop();
  }

  private async step(): Promise<boolean> {
    const { kept } = this;
    if (!kept) {
      const head = await this.feed.head();
      if (this.followers === 0) return false;
      this.kept = { from: head, reached: head, events: [] };
      this.wakeAll();
      return true;
    }
    const { events, reached, hasMore } = await this.feed.page(kept.reached, undefined, TAIL_PAGE);
    // Everybody left while it was read, and somebody else may have come.
    if (this.kept !== kept) return true;
    if (reached > kept.reached) this.keep(kept, events.map(tell), reached);
    return hasMore;
  }

  private keep(kept: { from: number; reached: number; events: ToldEvent[] }, events: readonly ToldEvent[], reached: number): void {
    const all = [...kept.events, ...events];
    const forgotten = all.length - TAIL_KEPT;
    this.kept = {
      from: forgotten > 0 ? all[forgotten - 1]!.position : kept.from,
      reached,
      events: forgotten > 0 ? all.slice(forgotten) : all,
    };
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const wake of this.waiting) wake();
  }
}

/** As server-sent event: the position as its id, the type as its event, the item of the feed as its data. */
export function tell(event: RecordedEvent): ToldEvent {
  const published = present(event);
  return { position: event.position, name: event.name, frame: `id: ${event.position}\nevent: ${published.type}\ndata: ${JSON.stringify(published)}\n\n` };
}
