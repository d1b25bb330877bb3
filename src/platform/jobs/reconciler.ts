import type { Logger } from 'pino';
import type { Id } from '../../kernel/id.js';
import type { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { groupByName } from './dispatcher.js';
import type { JobKind } from './job.js';
import type { Queues } from './queues.js';

const HANDED_OVER = sql<{ id: Id; name: string }>('jobs.handed_over', `
  select id, name from platform.job
   where status = 'dispatched' and name = any($1::text[]) and dispatched_at <= clock_timestamp() - make_interval(secs => $2)`);

const WAIT_AGAIN = sql<{ id: Id }>('jobs.wait_again', `
  update platform.job set status = 'waiting' where id = any($1::uuid[]) and status = 'dispatched' returning id`);

/**
 * Finds jobs that were handed over but are unknown to the queue (a flushed or restarted Redis, a crash between the mark
 * and the handing over, a change of REDIS_URL) and lets them be handed over again. A worker marks its row before the queue
 * forgets the job, so a row that is still handed over while the queue knows nothing of it is lost for sure.
 */
export class Reconciler {
  private readonly kinds: ReadonlyMap<string, JobKind<object>>;

  constructor(
    private readonly database: Database,
    private readonly queues: Queues,
    private readonly logger: Logger,
    kinds: readonly JobKind<object>[],
    /** Jobs this process runs at this moment are in good hands whatever the queue thinks. */
    private readonly runsHere: (id: Id) => boolean,
  ) {
    this.kinds = new Map(kinds.map((kind) => [kind.name, kind]));
  }

  /** @returns how many jobs were lost and wait again. */
  async reconcile(settleMillis: number): Promise<number> {
    const rows = await this.database.query(HANDED_OVER, [[...this.kinds.keys()], settleMillis / 1000]);
    let found = 0;
    for (const [name, ids] of groupByName(rows)) found += await this.reconcileKind(this.kinds.get(name)!, ids);
    if (found > 0) this.logger.warn({ jobs: found }, 'jobs the queue had lost are handed over again');
    return found;
  }

  private async reconcileKind(kind: JobKind<object>, ids: readonly Id[]): Promise<number> {
    const known = await this.queues.known(kind);
    const lost = ids.filter((id) => !known.has(id) && !this.runsHere(id));
    for (const id of lost) await this.queues.forget(kind, id);
    return (await this.database.query(WAIT_AGAIN, [lost])).length;
  }
}
