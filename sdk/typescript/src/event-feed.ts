import { pause, type Retry } from './backoff.js';
import type { Data, EventType, ShukeEvent } from './operation-types.js';
import { Outage } from './outage.js';
import { serverSentEvents, SILENCE_MILLIS, type ServerSentEvent } from './server-sent-events.js';

export interface FollowOptions<Type extends string = EventType> {
  /** A cursor that a feed gave before; 0, the default, is the beginning. */
  readonly after?: number;
  /** Only these, e.g. `['sales.order_placed.v1']`; all if absent. */
  readonly types?: readonly Type[];
  /** True, the default, waits for what comes; false ends at the end of the log. */
  readonly follow?: boolean;
  /** True, the default, is told at once what comes; false looks now and then, for where something between holds streams back. */
  readonly stream?: boolean;
  /** Between two looks at the end of the log where there is no stream. Default 1,000. */
  readonly pollMillis?: number;
  /** How long the server may be away in one piece. Default: as long as it likes. */
  readonly patienceMillis?: number;
  /** Events asked for at once while catching up, 1 to 200. Default 200. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface EventPage<Type extends string = EventType> {
  readonly events: readonly ShukeEvent<Type>[];
  /** Give it as `after` once these are dealt with. It moves on also where `types` left all of them out. */
  readonly cursor: number;
}

export interface EventDoor {
  readonly list: (after: number) => Promise<Data<'listEvents'>>;
  /** The log as server-sent events. */
  readonly follow: (after: number) => Promise<ReadableStream<Uint8Array>>;
}

const POLL_MILLIS = 1_000;

/**
 * Events in their order, each once, for as long as the loop over it runs; a server that restarts is waited for. It reads the
 * log to its end, then is told what comes by a stream, and looks at the log again whenever that breaks off.
 *
 * Keep `cursor` with what you make of an event, best in the same transaction, and give it as `after` next time.
 * @throws EventsForgotten if events after the cursor are not kept any more
 */
export class EventFeed<Type extends string = EventType> implements AsyncIterable<ShukeEvent<Type>> {
  private position: number;

  constructor(
    private readonly door: EventDoor,
    private readonly retry: Retry,
    private readonly options: FollowOptions<Type>,
  ) {
    this.position = options.after ?? 0;
  }

  /** Everything up to here was handed out, the event in hand among it. */
  get cursor(): number {
    return this.position;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ShukeEvent<Type>, void, undefined> {
    for await (const { events, cursor } of this.walk()) {
      for (const event of events) {
        this.position = event.position;
        yield event;
      }
      this.position = cursor;
    }
  }

  /** The same by the page, to deal with many in one transaction. A page may be empty. */
  async *pages(): AsyncGenerator<EventPage<Type>, void, undefined> {
    for await (const page of this.walk()) {
      this.position = page.cursor;
      yield page;
    }
  }

  private async *walk(): AsyncGenerator<EventPage<Type>> {
    const { signal, follow = true, stream = true, pollMillis = POLL_MILLIS, patienceMillis = Infinity } = this.options;
    const outage = new Outage(this.retry, patienceMillis, signal);
    let after = this.position;
    for (;;) {
      const found = await this.door.list(after).then((page) => page, (error: unknown) => outage.endure(error));
      if (!found) continue;
      outage.over();
      after = found.page.nextAfter;
      yield { events: found.data as readonly ShukeEvent<Type>[], cursor: after };
      if (found.page.hasMore) continue;
      if (!follow) return;
      const end = after;
      for await (const page of stream ? this.told(end) : []) {
        after = page.cursor;
        yield page;
      }
      // A stream that told nothing may not be one.
      if (after === end) await pause(pollMillis, signal);
    }
  }

  /** What the stream tells until it breaks off. Whatever broke it, the look at the log that follows decides. */
  private async *told(after: number): AsyncGenerator<EventPage<Type>> {
    let cursor = after;
    try {
      for await (const batch of serverSentEvents(await this.door.follow(after), SILENCE_MILLIS)) {
        const events = batch.flatMap((one) => eventOf<Type>(one)).filter(({ position }) => position > cursor);
        cursor = Math.max(cursor, ...batch.map(({ id }) => Number(id)));
        yield { events, cursor };
      }
    } catch {
      this.options.signal?.throwIfAborted();
    }
  }
}

/** None for an id alone, which tells how far the log was looked through. */
function eventOf<Type extends string>({ data }: ServerSentEvent): ShukeEvent<Type>[] {
  return data === undefined ? [] : [JSON.parse(data) as ShukeEvent<Type>];
}
