import type { Logger } from 'pino';
import type { Clock } from '../../kernel/clock.js';
import type { Id } from '../../kernel/id.js';
import type { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import type { JobKind } from './job.js';
import type { Queues } from './queues.js';

/**
 * Takes due rows, oldest first, but of each kind only as many as fill its window: the queue stays short, so that looking
 * through it is cheap and a flood of one kind does not travel twice if the queue is lost.
 */
const TAKE = sql<{ id: Id; name: string }>('jobs.take', `
  with due as (
    select job.id
      from unnest($1::text[]) as kind (name)
     cross join lateral (
       select id from platform.job
        where name = kind.name and status = 'waiting' and run_at <= $2
        order by run_at, id
        limit greatest(0, $3 - (select count(*) from platform.job handed where handed.name = kind.name and handed.status = 'dispatched'))
          for update skip locked) as job
  )
  update platform.job set status = 'dispatched', dispatched_at = clock_timestamp() from due where job.id = due.id
  returning job.id, job.name`);

const GIVE_BACK = sql<never>('jobs.give_back', `
  update platform.job set status = 'waiting' where id = any($1::uuid[]) and status = 'dispatched'`);

const NEXT_DUE = sql<{ at: Date | null }>('jobs.next_due', `
  select min(first.run_at) as at
    from unnest($1::text[]) as kind (name)
   cross join lateral (
     select run_at from platform.job where name = kind.name and status = 'waiting' and run_at > $2 order by run_at limit 1) as first`);

export const WINDOW = 1000;

/** Hands committed, due jobs to the queue. Any number of processes do so side by side. */
export class Dispatcher {
  private readonly kinds: ReadonlyMap<string, JobKind<object>>;

  constructor(
    private readonly database: Database,
    private readonly queues: Queues,
    private readonly clock: Clock,
    private readonly logger: Logger,
    kinds: readonly JobKind<object>[],
  ) {
    this.kinds = new Map(kinds.map((kind) => [kind.name, kind]));
  }

  /** @returns how many were handed over. @throws what the queue says; the rows then wait again. */
  async dispatch(): Promise<number> {
    // Marked first and handed over after the commit: a worker must find the row as it is told. A crash in between is
    // found by the reconciler.
    const taken = await this.database.query(TAKE, [[...this.kinds.keys()], this.clock.now(), WINDOW]);
    const failures: unknown[] = [];
    for (const [name, ids] of groupByName(taken)) {
      await this.queues.add(this.kinds.get(name)!, ids).catch(async (error: unknown) => {
        failures.push(error);
        await this.database.query(GIVE_BACK, [ids]);
      });
    }
    if (failures.length > 0) throw failures[0];
    if (taken.length > 0) this.logger.debug({ jobs: taken.length }, 'jobs handed to the queue');
    return taken.length;
  }

  /** When the next job that is not yet due will be. */
  async nextDue(): Promise<Date | undefined> {
    const [row] = await this.database.query(NEXT_DUE, [[...this.kinds.keys()], this.clock.now()]);
    return row?.at ?? undefined;
  }
}

export function groupByName(rows: readonly { readonly id: Id; readonly name: string }[]): Map<string, Id[]> {
  const groups = new Map<string, Id[]>();
  for (const { id, name } of rows) {
    const group = groups.get(name);
    if (group) group.push(id);
    else groups.set(name, [id]);
  }
  return groups;
}
