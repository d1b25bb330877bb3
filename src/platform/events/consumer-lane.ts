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
 * A lane nobody else is working on; SKIP LOCKED makes a second worker look elsewhere instead of waiting. A process of another
 * release, with another number of lanes, finds nothing: its lanes hold other partitions than the cursor is for.
 */
const CLAIM = sql<{ position: number; head: number; parked: boolean }>('events.claim_lane', `
  select c.position, h.position as head, exists (select from platform.parked_event p where p.consumer = c.name) as parked
    from platform.consumer c, platform.log_head h
   where c.name = $1 and c.lane = $2 and c.lanes = $3
     for update of c skip locked`);

const READ = sql<EventRow>('events.read_lane', `
  select position, id, name, version, aggregate_id, partition_key, payload, occurred_at
    from platform.event_log
   where position > $1 and position <= $2 and name = any($3::text[]) and lane_key % $4 = $5
   order by position
   limit $6`);

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
    const [claim] = await tx.query(CLAIM, [this.consumer.name, this.lane, this.consumer.lanes]);
    if (!claim || claim.position >= claim.head) return false;
    const limit = Math.min(claim.head, claim.position + STRIDE);
    const names = this.consumer.hears.map((type) => type.name);
    const rows = await tx.query(READ, [claim.position, limit, names, this.consumer.lanes, this.lane, this.consumer.batch]);
    const events = rows.map(toRecordedEvent);
    const free = claim.parked ? await this.setAside(tx, events) : events;
    if (free.length > 0) await apply(free);
    const position = rows.length === this.consumer.batch ? events.at(-1)!.position : limit;
    await tx.query(MOVE, [this.consumer.name, this.lane, position, tx.startedAt]);
    return position < claim.head;
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
