import type { Logger } from 'pino';
import { SYSTEM } from '../../kernel/actor.js';
import type { RecordedEvent } from '../../kernel/event.js';
import type { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import type { Consumer } from './consumers.js';
import { toRecordedEvent, type EventRow } from './event-row.js';
import { park, parkedPartitions } from './parked-events.js';

/**
 * A lane that is behind and that nobody else is working on; SKIP LOCKED makes a second worker look elsewhere instead of waiting. A process
 * of another release, with another number of lanes, finds nothing: its lanes hold other partitions than the cursor is for.
 */
const CLAIM = sql<{ lane: number }>('events.claim_lane', `
  select c.lane
    from platform.consumer c, platform.log_head h
   where c.name = $1 and c.lane = $2 and c.lanes = $3 and c.position < h.position
     for update of c skip locked`);

/**
 * What follows the cursor, up to a stride behind it. A statement of its own after the claim, so that it sees what whoever had the lane
 * before has committed. One row without an event if there is none for this lane.
 */
const READ = sql<(EventRow | { readonly position: null }) & { readonly reached: number; readonly head: number; readonly parked: boolean }>('events.read_lane', `
  with here as materialized (
    select c.position, h.position as head, least(h.position, c.position + $6) as reached,
           exists (select from platform.parked_event p where p.consumer = c.name) as parked
      from platform.consumer c, platform.log_head h where c.name = $1 and c.lane = $2
  )
  select here.reached, here.head, here.parked, e.*
    from here left join lateral (
      select position, id, name, version, aggregate_id, partition_key, payload, occurred_at
        from platform.event_log
       where position > here.position and position <= here.reached and name = any($4::text[]) and lane_key % $3 = $2
       order by position
       limit $5) as e on true`);

const MOVE = sql<never>('events.move_cursor', `
  update platform.consumer set position = $3, moved_at = $4 where name = $1 and lane = $2`);

/** Positions looked through in one step; a lane that hears rare events passes over the rest in these strides. */
const STRIDE = 20_000;

/** One consumer's worker for one lane: reads on from its cursor, applies, and moves the cursor in the same transaction. */
export class ConsumerLane {
  constructor(
    readonly consumer: Required<Consumer>,
    readonly lane: number,
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Applies one batch. @returns true if there may be more at once. */
  async step(): Promise<boolean> {
    try {
      return await this.database.transaction(SYSTEM, (tx) => this.advance(tx, (events) => this.consumer.handler.apply(tx, events)));
    } catch (error) {
      this.logger.warn({ consumer: this.consumer.name, lane: this.lane, err: error }, 'batch failed, trying its events one by one');
      return await this.database.transaction(SYSTEM, (tx) => this.advance(tx, (events) => this.applyOneByOne(tx, events)));
    }
  }

  private async advance(tx: Tx, apply: (events: readonly RecordedEvent[]) => Promise<void>): Promise<boolean> {
    const { name, lanes, batch, hears } = this.consumer;
    const [[claimed], rows] = await Promise.all([
      tx.query(CLAIM, [name, this.lane, lanes]),
      tx.query(READ, [name, this.lane, lanes, hears.map((type) => type.name), batch, STRIDE]),
    ]);
    const [here] = rows;
    if (!claimed || !here) return false;
    const events = rows.flatMap((row) => (row.position === null ? [] : [toRecordedEvent(row)]));
    const free = here.parked ? await this.setAside(tx, events) : events;
    if (free.length > 0) await apply(free);
    const position = events.length === batch ? events.at(-1)!.position : here.reached;
    tx.send(MOVE, [name, this.lane, position, tx.startedAt]);
    return position < here.head;
  }

  /** Parks events whose partition already waits behind a failed one; returns the rest. */
  private async setAside(tx: Tx, events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    const blocked = await parkedPartitions(tx, this.consumer.name, events.map((event) => event.partition));
    if (blocked.size === 0) return events;
    const behind = events.filter((event) => blocked.has(event.partition));
    await park(tx, this.consumer.name, this.lane, behind.map((event) => ({ event, status: 'behind' })));
    return events.filter((event) => !blocked.has(event.partition));
  }

  private async applyOneByOne(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const failed = new Set<string>();
    for (const event of events) {
      if (failed.has(event.partition)) {
        await park(tx, this.consumer.name, this.lane, [{ event, status: 'behind' }]);
        continue;
      }
      try {
        await tx.attempt(async () => {
          await this.consumer.handler.apply(tx, [event]);
          // What it recorded may be what cannot be written.
          await this.database.flush(tx);
        });
      } catch (error) {
        failed.add(event.partition);
        this.logger.error({ consumer: this.consumer.name, event: event.name, eventId: event.id, err: error }, 'event set aside, will be tried again');
        await park(tx, this.consumer.name, this.lane, [{ event, status: 'retrying', error: (error as Error).message }]);
      }
    }
  }
}
