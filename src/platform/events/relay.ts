import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { LOCKS } from '../database/locks.js';
import { Signals } from '../database/signals.js';
import { sql } from '../database/statement.js';

/**
 * Rows become visible here only after their commit, and two events of one aggregate are never open at once (its row lock
 * forbids it), so taking what is visible in `seq` order keeps each aggregate's order and cannot pass a late commit.
 */
const MOVE = sql<{ moved: number }>('events.move', `
  with head as (
    select position from platform.log_head where pg_try_advisory_xact_lock($2) for update
  ), taken as (
    delete from platform.outbox
     -- An array is looked up by index whatever the plan was made on; a sub-select planned while the table was empty is not.
     -- Without the lock there is no head, and nothing is taken.
     where seq = any (array(select o.seq from platform.outbox o where exists (select from head) order by o.seq limit $1))
    returning seq, id, name, version, aggregate_id, partition_key, payload, occurred_at
  ), written as (
    insert into platform.event_log (position, id, name, version, aggregate_id, partition_key, lane_key, payload, occurred_at)
    select head.position + row_number() over (order by seq), id, name, version, aggregate_id, partition_key,
           hashtext(partition_key) & 2147483647, payload, occurred_at
      from taken, head
    returning position
  )
  update platform.log_head set position = position + (select count(*) from written)
   where exists (select from written)
  returning (select count(*)::int from written) as moved`);

export const RELAY_BATCH = 1000;

/** Moves committed events from the outbox to the log, one process at a time. */
@Injectable()
export class Relay {
  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
  ) {}

  /** Moves one batch. @returns true if there may be more. */
  async step(): Promise<boolean> {
    const [row] = await this.database.query(MOVE, [RELAY_BATCH, LOCKS.relay]);
    const moved = row?.moved ?? 0;
    if (moved > 0) this.signals.send('log');
    return moved === RELAY_BATCH;
  }
}
