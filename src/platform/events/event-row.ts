import type { RecordedEvent } from '../../kernel/event.js';

export interface EventRow {
  readonly position: number;
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly aggregate_id: string;
  readonly partition_key: string;
  readonly payload: object;
  readonly occurred_at: Date;
}

export function toRecordedEvent(row: EventRow): RecordedEvent {
  return {
    position: row.position,
    id: row.id,
    name: row.name,
    version: row.version,
    aggregateId: row.aggregate_id,
    partition: row.partition_key,
    payload: row.payload,
    occurredAt: row.occurred_at,
  };
}
