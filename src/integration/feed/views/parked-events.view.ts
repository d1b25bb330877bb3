import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { ParkedEventRow, ParkedStatus } from '../../../platform/events/parked-events.js';
import { Redrive } from '../../../platform/events/redrive.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';

const CURSOR = 'parked-events:consumer,position';

/** An event a consumer could not apply, or one that waits behind such an event. */
export interface ParkedEvent {
  readonly consumer: string;
  readonly position: number;
  readonly eventId: Id;
  readonly event: string;
  readonly aggregateId: Id;
  readonly status: ParkedStatus;
  readonly attempts: number;
  readonly error: string | null;
  readonly parkedAt: Date;
  readonly nextAttemptAt: Date | null;
}

@Injectable()
export class ParkedEventsView {
  constructor(
    private readonly redrive: Redrive,
    private readonly cursors: Cursors,
  ) {}

  async list(consumer: string | undefined, cursor: string | undefined, limit: number): Promise<Page<ParkedEvent>> {
    const [name = '', position = 0] = cursor === undefined ? [] : this.cursors.decode(CURSOR, cursor);
    const found = await this.redrive.list(consumer, { consumer: String(name), position: Number(position) }, limit + 1);
    const { data, page } = pageOf(found, limit, (last) => this.cursors.encode(CURSOR, [last.consumer, last.position]));
    return { data: data.map(presentParkedEvent), page };
  }
}

export function presentParkedEvent(row: ParkedEventRow): ParkedEvent {
  return {
    consumer: row.consumer,
    position: row.position,
    eventId: row.event_id,
    event: row.event_name,
    aggregateId: row.aggregate_id,
    status: row.status,
    attempts: row.attempts,
    error: row.error,
    parkedAt: row.parked_at,
    nextAttemptAt: row.next_attempt_at,
  };
}
