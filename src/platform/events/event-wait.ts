import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import { Database } from '../database/database.js';
import { Signals } from '../database/signals.js';
import { sql } from '../database/statement.js';

const APPLIED = sql<{ recorded: boolean; applied: boolean }>('events.applied', `
  with event as (select position from platform.event_log where id = $1)
  select exists (select from event) as recorded,
         -- A consumer that no process has started yet has applied nothing.
         (select count(distinct c.name) = cardinality($2::text[]) and min(c.position) >= (select position from event)
            from platform.consumer c where c.name = any($2::text[]) and c.lane < c.lanes) as applied`);

const WAIT_MILLIS = 2000;
const LOOK_EVERY_MILLIS = 15;

/** Lets a reader wait until the views it reads have applied an event it knows of (API.md, read your writes). */
@Injectable()
export class EventWait {
  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
  ) {}

  /** @throws DomainError unavailable if it takes longer than two seconds. */
  async until(eventId: Id, consumers: readonly string[]): Promise<void> {
    const deadline = performance.now() + WAIT_MILLIS;
    for (;;) {
      const [state] = await this.database.query(APPLIED, [eventId, consumers]);
      if (state?.recorded && state.applied) return;
      if (performance.now() >= deadline) {
        throw new DomainError('unavailable', 'not_yet_applied', `The event ${eventId} has not reached this view within 2 s. Ask again, or leave Wait-For-Event out and look at asOf.`, { retryAfterSeconds: 1 });
      }
      await this.signalOrPause();
    }
  }

  private signalOrPause(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        off();
        resolve();
      };
      const timer = setTimeout(finish, LOOK_EVERY_MILLIS);
      const off = this.signals.on('log', finish);
    });
  }
}
