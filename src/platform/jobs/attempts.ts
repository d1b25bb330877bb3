import type { Logger } from 'pino';
import { SYSTEM } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Id } from '../../kernel/id.js';
import type { Database } from '../database/database.js';
import { one } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import type { Job } from './job.js';
import type { RegisteredJob } from './jobs.js';
import type { Outcome } from './queues.js';

/** A row that still waits may be delivered too: its handing over was taken back because the queue did not answer in time. */
const BEGIN = sql<{ payload: object; attempts: number }>('jobs.begin', `
  update platform.job set status = 'dispatched', attempts = attempts + 1, dispatched_at = coalesce(dispatched_at, clock_timestamp())
   where id = $1 and status in ('waiting', 'dispatched')
  returning payload, attempts`);

const FINISH = sql<{ id: Id }>('jobs.finish', `
  update platform.job set status = 'done', error = null, finished_at = $2
   where id = $1 and status in ('waiting', 'dispatched') returning id`);

const NOTE = sql<never>('jobs.note', `
  update platform.job set error = $2 where id = $1 and status in ('waiting', 'dispatched')`);

const GIVE_UP = sql<{ id: Id }>('jobs.give_up', `
  update platform.job set status = 'failed', error = $2, attempts = least(attempts, $3), finished_at = $4
   where id = $1 and status in ('waiting', 'dispatched') returning id`);

const UNCOUNT = sql<never>('jobs.uncount', `
  update platform.job set attempts = greatest(0, attempts - 1) where id = $1 and status in ('waiting', 'dispatched')`);

const CANCELLED = sql<{ id: Id }>('jobs.cancelled', `
  select id from platform.job where id = any($1::uuid[]) and status = 'cancelled'`);

const DIED = 'The process running it ended before it did, each time.';

/** Why a signal was aborted. */
class Stopping extends Error {}
class Cancelled extends Error {}
class TimeUp extends Error {}

/** Runs deliveries of jobs: counts the attempt, calls the handler, and writes how it ended into the job's row. */
export class Attempts {
  private readonly running = new Map<Id, AbortController>();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  has(id: Id): boolean {
    return this.running.has(id);
  }

  /** One delivery. Never throws: whatever goes wrong is an outcome, so that one job stops nobody else. */
  async run(registered: RegisteredJob, id: Id): Promise<Outcome> {
    const { name, options } = registered.kind;
    if (this.stopping) return 'handed_back';
    const abort = new AbortController();
    this.running.set(id, abort);
    try {
      const row = await one(this.database, BEGIN, [id]);
      // Done, cancelled or removed meanwhile; the queue may forget it.
      if (!row) return 'over';
      if (row.attempts > options.tries) return await this.giveUp(registered, id, row.payload, DIED);
      return await this.attempt(registered, id, row, abort);
    } catch (error) {
      this.logger.error({ job: name, jobId: id, err: error }, 'job outcome could not be written down, will be tried again');
      return 'again';
    } finally {
      this.running.delete(id);
    }
  }

  /** Aborts handlers whose job was cancelled from outside. */
  async abortCancelled(): Promise<void> {
    if (this.running.size === 0) return;
    for (const { id } of await this.database.query(CANCELLED, [[...this.running.keys()]])) this.running.get(id)?.abort(new Cancelled('The job was cancelled.'));
  }

  /** Aborts what runs, and hands back what is delivered from now on. */
  interrupt(): void {
    this.stopping = true;
    for (const abort of this.running.values()) abort.abort(new Stopping('The process is stopping.'));
  }

  private async attempt(registered: RegisteredJob, id: Id, row: { payload: object; attempts: number }, abort: AbortController): Promise<Outcome> {
    const { kind: { name, options }, handler } = registered;
    let over = false;
    const job: Job<object> = {
      id,
      payload: row.payload,
      attempt: row.attempts,
      isLastAttempt: row.attempts >= options.tries,
      signal: abort.signal,
      once: async (work) => {
        const result = await this.once(id, work);
        over = true;
        return result;
      },
    };
    try {
      await withinTime(() => handler.run(job), abort, options.timeoutSeconds);
      if (!over) await this.database.query(FINISH, [id, this.clock.now()]);
      return 'over';
    } catch (error) {
      const interrupted = abort.signal.aborted && abort.signal.reason instanceof Stopping;
      if (interrupted) {
        await this.database.query(UNCOUNT, [id]);
        return 'handed_back';
      }
      const reason = reasonOf(error);
      this.logger.warn({ job: name, jobId: id, attempt: row.attempts, tries: options.tries, err: error }, 'job failed');
      if (row.attempts >= options.tries) return await this.giveUp(registered, id, row.payload, reason);
      await this.database.query(NOTE, [id, reason]);
      return 'again';
    }
  }

  private once<T>(id: Id, work: (tx: Tx) => Promise<T>): Promise<T | undefined> {
    return this.database.transaction(SYSTEM, async (tx) => {
      // First, so that a twin delivery waits here for the row and then finds the job done.
      const mine = await one(tx, FINISH, [id, tx.startedAt]);
      return mine ? work(tx) : undefined;
    });
  }

  private async giveUp({ kind, handler }: RegisteredJob, id: Id, payload: object, reason: string): Promise<Outcome> {
    const givenUp = await this.database.transaction(SYSTEM, async (tx) => {
      const mine = await one(tx, GIVE_UP, [id, reason, kind.options.tries, tx.startedAt]);
      if (mine) await this.tell(tx, kind.name, () => handler.failed?.(tx, payload, reason));
      return mine !== undefined;
    });
    if (givenUp) this.logger.error({ job: kind.name, jobId: id, reason }, 'job given up; it stays listed until it is retried by hand');
    return 'over';
  }

  /** A hook that throws must not keep its job from being listed. */
  private async tell(tx: Tx, name: string, failed: () => Promise<void> | undefined): Promise<void> {
    try {
      await tx.attempt(async () => failed());
    } catch (error) {
      this.logger.error({ job: name, err: error }, 'what was to be done about a failed job failed as well');
    }
  }
}

const LONGEST_REASON = 2000;

/** PostgreSQL's text refuses NUL, and a reason must always be storable. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll('\0', '').slice(0, LONGEST_REASON);
}

async function withinTime(work: () => Promise<void>, abort: AbortController, seconds: number | undefined): Promise<void> {
  if (seconds === undefined) return work();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TimeUp(`It took longer than ${seconds} s.`);
      abort.abort(error);
      reject(error);
    }, seconds * 1000);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
