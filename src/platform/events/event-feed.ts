import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../../kernel/event.js';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { toRecordedEvent, type EventRow } from './event-row.js';

const PAGE = sql<EventRow>('events.feed', `
  select position, id, name, version, aggregate_id, partition_key, payload, occurred_at
    from platform.event_log
   where position > $1 and position <= (select position from platform.log_head) and ($2::text[] is null or name = any($2))
   order by position limit $3`);

const HEAD = sql<{ position: number }>('events.feed_head', 'select position from platform.log_head');

/** The log as integrators read it: every event once, in order, from any position on. */
@Injectable()
export class EventFeed {
  constructor(private readonly database: Database) {}

  async page(after: number, types: readonly string[] | undefined, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.database.query(PAGE, [after, types ?? null, limit]);
    return rows.map(toRecordedEvent);
  }

  async head(): Promise<number> {
    const [row] = await this.database.query(HEAD);
    return row?.position ?? 0;
  }
}
