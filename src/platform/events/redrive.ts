import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../kernel/actor.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/domain-error.js';
import { Database } from '../database/database.js';
import { one } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import { Consumers } from './consumers.js';
import { toRecordedEvent, type EventRow } from './event-row.js';
import { RETRY_SECONDS, type ParkedEventRow } from './parked-events.js';

/** Of the consumers of this release, partitions whose first waiting event may be tried: it is due, or what stood before it has been applied or discarded. */
const DUE = sql<{ consumer: string; partition_key: string; lane: number }>('parked.due', `
  select consumer, partition_key, lane
    from (select distinct on (consumer, partition_key) consumer, partition_key, lane, status, next_attempt_at
            from platform.parked_event where consumer = any($2::text[]) order by consumer, partition_key, position) as first
   where status = 'behind' or (status = 'retrying' and next_attempt_at <= $1)
   limit 100`);

/** The lane's own lock, so that a redrive and the lane's worker never meet. */
const LOCK_LANE = sql<{ name: string }>('parked.lock_lane', `
  select name from platform.consumer where name = $1 and lane = $2 for update`);

const QUEUE = sql<ParkedEventRow & EventRow>('parked.queue', `
  select p.position, e.id, e.name, e.version, e.aggregate_id, e.partition_key, e.payload, e.occurred_at, p.attempts, p.status
    from platform.parked_event p join platform.event_log e on e.position = p.position
   where p.consumer = $1 and p.partition_key = $2
   order by p.position limit 200`);

const DONE = sql<never>('parked.done', `delete from platform.parked_event where consumer = $1 and position = $2`);

const FAILED = sql<never>('parked.failed', `
  update platform.parked_event
     set attempts = attempts + 1, error = $3, status = $4, next_attempt_at = $5
   where consumer = $1 and position = $2`);

const LIST = sql<ParkedEventRow>('parked.list', `
  select consumer, position, event_id, event_name, aggregate_id, partition_key, lane, status, attempts, error, parked_at, next_attempt_at
    from platform.parked_event
   where ($1::text is null or consumer = $1) and (consumer, position) > ($2, $3)
   order by consumer, position limit $4`);

const FIND = sql<ParkedEventRow>('parked.find', `
  select consumer, position, event_id, event_name, aggregate_id, partition_key, lane, status, attempts, error, parked_at, next_attempt_at
    from platform.parked_event where consumer = $1 and position = $2`);

/** Lists, retries and discards events a consumer could not apply. */
@Injectable()
export class Redrive {
  constructor(
    private readonly database: Database,
    private readonly consumers: Consumers,
    private readonly clock: Clock,
  ) {}

  list(consumer: string | undefined, after: { consumer: string; position: number }, limit: number): Promise<ParkedEventRow[]> {
    return this.database.query(LIST, [consumer ?? null, after.consumer, after.position, limit]);
  }

  /** Tries what is due. @returns true if it tried anything. */
  async step(): Promise<boolean> {
    const due = await this.database.query(DUE, [this.clock.now(), this.consumers.all().map(({ name }) => name)]);
    for (const { consumer, partition_key, lane } of due) {
      await this.database.transaction(SYSTEM, (tx) => this.drive(tx, consumer, partition_key, lane));
    }
    return due.length > 0;
  }

  /**
   * Tries one parked event, and those before and behind it, now.
   * @returns the event if it is parked still, with why
   * @throws DomainError missing.
   */
  async retry(tx: Tx, consumer: string, position: number): Promise<ParkedEventRow | undefined> {
    const found = await this.find(tx, consumer, position);
    tx.audit({ action: 'event.retried', subjectType: 'event', subjectId: found.event_id, details: { consumer, position } });
    await this.drive(tx, consumer, found.partition_key, found.lane);
    return one(tx, FIND, [consumer, position]);
  }

  /** Gives one event up for this consumer, with an audit row; what waits behind it is tried next. @throws DomainError missing or conflict. */
  async discard(tx: Tx, consumer: string, position: number): Promise<void> {
    const found = await this.find(tx, consumer, position);
    await tx.query(LOCK_LANE, [consumer, found.lane]);
    const [first] = await tx.query(QUEUE, [consumer, found.partition_key]);
    if (first?.position !== position) {
      throw new DomainError('conflict', 'not_first_in_line', `Event ${position} waits behind event ${first?.position ?? '?'} of the same aggregate. Retry or discard that one first.`);
    }
    await tx.query(DONE, [consumer, position]);
    tx.audit({ action: 'event.discarded', subjectType: 'event', subjectId: found.event_id, details: { consumer, position } });
    await this.drive(tx, consumer, found.partition_key, found.lane);
  }

  private async find(tx: Tx, consumer: string, position: number): Promise<ParkedEventRow> {
    const found = await one(tx, FIND, [consumer, position]);
    if (!found) throw noParkedEvent(consumer, position);
    return found;
  }

  /** Applies a partition's waiting events in order until one fails again. */
  private async drive(tx: Tx, name: string, partition: string, lane: number): Promise<void> {
    const consumer = this.consumers.get(name);
    if (!consumer) return;
    await tx.query(LOCK_LANE, [name, lane]);
    // What the caller recorded must not go with an attempt that fails.
    await this.database.flush(tx);
    for (const row of await tx.query(QUEUE, [name, partition])) {
      try {
        await tx.attempt(async () => {
          await consumer.handler.apply(tx, [toRecordedEvent(row)]);
          await this.database.flush(tx);
        });
      } catch (error) {
        await this.failedAgain(tx, name, row, (error as Error).message);
        return;
      }
      await tx.query(DONE, [name, row.position]);
    }
  }

  private async failedAgain(tx: Tx, consumer: string, row: ParkedEventRow, error: string): Promise<void> {
    const pause = RETRY_SECONDS[row.attempts];
    const next = pause === undefined ? null : new Date(tx.startedAt.getTime() + pause * 1000);
    await tx.query(FAILED, [consumer, row.position, error.slice(0, 2000), next ? 'retrying' : 'parked', next]);
  }
}

function noParkedEvent(consumer: string, position: number): DomainError {
  return new DomainError('missing', 'not_found', `The consumer ${consumer} has no parked event at position ${position}. It may have been applied meanwhile.`);
}
