import type { RecordedEvent } from '../../kernel/event.js';
import type { Sql } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';

/** Pauses before the next try, in seconds; after the last the event stays parked until somebody redrives or discards it. */
export const RETRY_SECONDS = [1, 5, 30, 120, 600] as const;

/** `retrying` failed and is tried again by itself; `behind` waits for an earlier one of its partition; `parked` waits for a person. */
export type ParkedStatus = 'retrying' | 'behind' | 'parked';

export interface ToPark {
  readonly event: RecordedEvent;
  readonly status: ParkedStatus;
  readonly error?: string;
}

export interface ParkedEventRow {
  readonly consumer: string;
  readonly position: number;
  readonly event_id: string;
  readonly event_name: string;
  readonly aggregate_id: string;
  readonly partition_key: string;
  readonly lane: number;
  readonly status: ParkedStatus;
  readonly attempts: number;
  readonly error: string | null;
  readonly parked_at: Date;
  readonly next_attempt_at: Date | null;
}

const PARK = sql<never>('parked.park', `
  insert into platform.parked_event
    (consumer, position, event_id, event_name, aggregate_id, partition_key, lane, status, attempts, error, parked_at, next_attempt_at)
  select $1, position, event_id, event_name, aggregate_id, partition_key, $2, status,
         case when status = 'retrying' then 1 else 0 end, error, $3::timestamptz,
         case when status = 'retrying' then $3::timestamptz + make_interval(secs => $4) end
    from unnest($5::bigint[], $6::uuid[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::text[])
      as p (position, event_id, event_name, aggregate_id, partition_key, status, error)
  on conflict (consumer, position) do nothing`);

const PARTITIONS = sql<{ partition_key: string }>('parked.partitions', `
  select distinct partition_key from platform.parked_event where consumer = $1 and partition_key = any($2::text[])`);

export async function park(tx: Tx, consumer: string, lane: number, entries: readonly ToPark[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(PARK, [
    consumer,
    lane,
    tx.startedAt,
    RETRY_SECONDS[0],
    entries.map(({ event }) => event.position),
    entries.map(({ event }) => event.id),
    entries.map(({ event }) => event.name),
    entries.map(({ event }) => event.aggregateId),
    entries.map(({ event }) => event.partition),
    entries.map(({ status }) => status),
    entries.map(({ error }) => error?.slice(0, 2000) ?? null),
  ]);
}

export async function parkedPartitions(sqlDoor: Sql, consumer: string, partitions: readonly string[]): Promise<Set<string>> {
  const rows = await sqlDoor.query(PARTITIONS, [consumer, [...new Set(partitions)]]);
  return new Set(rows.map((row) => row.partition_key));
}
