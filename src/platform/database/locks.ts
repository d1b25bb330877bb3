import { sql } from './statement.js';
import type { Tx } from './tx.js';

/** What must be one at a time over all processes. The numbers are part of the deployed protocol: never reuse one. */
export const LOCKS = { migrations: 4_701, relay: 4_702, seal: 4_703, firstAdministrator: 4_706 } as const;

const TRY = sql<{ held: boolean }>('locks.try', 'select pg_try_advisory_xact_lock($1) as held');

/** Takes a lock until the transaction ends, if nobody has it. */
export async function tryLock(tx: Tx, lock: number): Promise<boolean> {
  const [row] = await tx.query(TRY, [lock]);
  return row?.held === true;
}
