import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import type { RecordedEvent } from '../../kernel/event.js';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { toRecordedEvent, type EventRow } from './event-row.js';

/** The row of the log's head is there even when no event is. */
type FeedRow = { readonly head: number; readonly reach: number; readonly forgotten: number } & (EventRow | { readonly id: null });

const PAGE = sql<FeedRow>('events.feed', `
  with bounds as (
    select position as head, least(position, $1::bigint + $4::bigint) as reach, forgotten from platform.log_head
  )
  select b.head, b.reach, b.forgotten, e.position, e.id, e.name, e.version, e.aggregate_id, e.partition_key, e.payload, e.occurred_at
    from bounds b
    left join lateral (
      select position, id, name, version, aggregate_id, partition_key, payload, occurred_at
        from platform.event_log
       where position > $1 and position <= b.reach and ($2::text[] is null or name = any($2))
       order by position limit $3
    ) e on true
   order by e.position`);

const HEAD = sql<{ position: number; forgotten: number }>('events.head', 'select position, forgotten from platform.log_head');

/** Positions looked through for one page, so that asking for rare events never reads the whole log at once. */
const STRIDE = 100_000;

export interface FeedPage {
  readonly events: readonly RecordedEvent[];
  /** Everything asked for up to here has been given; ask on from it. */
  readonly reached: number;
  /** False if that is the end of the log. */
  readonly hasMore: boolean;
}

/** The log as integrators read it: every event once, in order, from any position on. */
@Injectable()
export class EventFeed {
  constructor(private readonly database: Database) {}

  /** The position of the latest event; 0 before the first. */
  async head(): Promise<number> {
    const [row] = await this.database.query(HEAD);
    return row!.position;
  }

  /** @throws DomainError gone if there were events after the position that are not kept any more. */
  async assertKept(after: number): Promise<void> {
    const [row] = await this.database.query(HEAD);
    assertKept(after, row!.forgotten);
  }

  /**
   * @param after 0 for the oldest that is kept
   * @param names of events; all if undefined
   * @throws DomainError gone if there were events after the position that are not kept any more.
   */
  async page(after: number, names: readonly string[] | undefined, limit: number): Promise<FeedPage> {
    const rows = await this.database.query(PAGE, [after, names ?? null, limit, STRIDE]);
    const { head, reach, forgotten } = rows[0]!;
    assertKept(after, forgotten);
    const events = rows.flatMap((row) => (row.id === null ? [] : [toRecordedEvent(row)]));
    const last = events.at(-1);
    const reached = last && events.length === limit ? last.position : Math.max(after, reach);
    return { events, reached, hasMore: reached < head };
  }
}

function assertKept(after: number, forgotten: number): void {
  if (after === 0 || after >= forgotten) return;
  throw new DomainError('gone', 'events_forgotten', `Events after position ${after} are not kept any more; the log begins after ${forgotten}. Read what you keep anew from the lists, then follow the events from position ${forgotten}.`, { facts: { beginsAfter: forgotten } });
}
