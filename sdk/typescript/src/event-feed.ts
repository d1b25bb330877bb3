import { pause, type Retry } from './backoff.js';
import type { Data, ShukeEvent } from './operation-types.js';
import { Outage } from './outage.js';

export interface FollowOptions {
  /** A cursor that a feed gave before; 0, the default, is the beginning. */
  readonly after?: number;
  /** Only these, e.g. `['sales.order_placed.v1']`; all if absent. */
  readonly types?: readonly string[];
  /** True, the default, waits for what comes; false ends at the end of the log. */
  readonly follow?: boolean;
  /** Between two looks at the end of the log. Default 1,000. */
  readonly pollMillis?: number;
  /** How long the server may be away in one piece. Default: as long as it likes. */
  readonly patienceMillis?: number;
  /** Events asked for at once, 1 to 200. Default 200. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface EventPage {
  readonly events: readonly ShukeEvent[];
  /** Give it as `after` once these are dealt with. It moves on also where `types` left all of them out. */
  readonly cursor: number;
}

type Read = (after: number, signal: AbortSignal | undefined) => Promise<Data<'listEvents'>>;

const POLL_MILLIS = 1_000;

/**
 * Events in their order, each once, for as long as the loop over it runs; a server that restarts is waited for.
 *
 * Keep `cursor` with what you make of an event, best in the same transaction, and give it as `after` next time.
 */
export class EventFeed implements AsyncIterable<ShukeEvent> {
  private position: number;

  constructor(
    private readonly read: Read,
    private readonly retry: Retry,
    private readonly options: FollowOptions,
  ) {
    this.position = options.after ?? 0;
  }

  /** Everything up to here was handed out, the event in hand among it. */
  get cursor(): number {
    return this.position;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ShukeEvent, void, undefined> {
    for await (const { events, cursor } of this.walk()) {
      for (const event of events) {
        this.position = event.position;
        yield event;
      }
      this.position = cursor;
    }
  }

  /** The same by the page, to deal with many in one transaction. A page may be empty. */
  async *pages(): AsyncGenerator<EventPage, void, undefined> {
    for await (const page of this.walk()) {
      this.position = page.cursor;
      yield page;
    }
  }

  private async *walk(): AsyncGenerator<EventPage> {
    const { signal, follow = true, pollMillis = POLL_MILLIS, patienceMillis = Infinity } = this.options;
    const outage = new Outage(this.retry, patienceMillis, signal);
    let after = this.position;
    for (;;) {
      const found = await this.read(after, signal).then((page) => page, (error: unknown) => outage.endure(error));
      if (!found) continue;
      outage.over();
      const { data, page } = found;
      after = page.nextAfter;
      yield { events: data, cursor: after };
      if (page.hasMore) continue;
      if (!follow) return;
      await pause(pollMillis, signal);
    }
  }
}
