import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import type { Soon } from '../../../platform/vault/master-key.js';
import { Lease } from './lease.js';

const LEASE_MILLIS = 50;

/** Clocks of two machines that count 50 ms disagree by far less. */
const MARGIN_MILLIS = 10;

const EPOCH = sql<{ epoch: number }>('security.rights_epoch', 'select epoch from security.rights_epoch where one');

/**
 * Tells whether anybody's rights have changed, for one read per 50 ms and process instead of one per request.
 *
 * The number grows with every change of rights, in the transaction of the change (triggers). A process believes a number for 50 ms from
 * before it asked; whoever changes rights waits as long after COMMIT before answering (`settled`). So when the answer is out no process
 * believes a number from before the change, and the next request sees it wherever it lands (QUALITY G45). Nothing has to reach the
 * other processes for that: one that hears nothing only stops believing.
 *
 * The number must come from the primary; a replica may lag behind the answer.
 */
@Injectable()
export class RightsEpoch {
  private readonly lease = new Lease(() => this.read(), LEASE_MILLIS);

  constructor(private readonly database: Database) {}

  /** The number to go by now. @throws what the database throws: nobody is let in on an old number. */
  current(): Soon<number> {
    return this.lease.current();
  }

  /** Waits until no process goes by rights from before the change just committed. Belongs between COMMIT and the answer. */
  async settled(): Promise<void> {
    await pause(LEASE_MILLIS + MARGIN_MILLIS);
  }

  private async read(): Promise<number> {
    const [row] = await this.database.query(EPOCH);
    if (!row) throw new Error('security.rights_epoch is empty. Put the row back: insert into security.rights_epoch (epoch, changed_in) values (1, 0).');
    return row.epoch;
  }
}
