import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/domain-error.js';
import { newId, type Id } from '../../kernel/id.js';
import { Database, violates } from '../database/database.js';
import { Signals } from '../database/signals.js';
import { one } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import { nextFiring } from './cron.js';
import { declaredJobTypes, type JobHandler, type JobKind } from './job.js';

const INSERT = sql<{ id: Id }>('jobs.insert', `
  insert into platform.job (id, name, payload, unique_key, status, run_at, created_at)
  values ($1, $2, $3, $4, 'waiting', $5, $6)
  on conflict (name, unique_key) where status in ('waiting', 'dispatched') do nothing
  returning id`);

const UNDER_WAY = sql<{ id: Id }>('jobs.under_way', `
  select id from platform.job where name = $1 and unique_key = $2 and status in ('waiting', 'dispatched')`);

const CANCEL = sql<{ name: string }>('jobs.cancel', `
  update platform.job set status = 'cancelled', finished_at = $2 where id = $1 and status in ('waiting', 'dispatched') returning name`);

const RETRY = sql<{ name: string }>('jobs.retry', `
  update platform.job set status = 'waiting', attempts = 0, run_at = $2, dispatched_at = null, finished_at = null
   where id = $1 and status = 'failed' returning name`);

const FIND = sql<{ status: string }>('jobs.find', `select status from platform.job where id = $1`);

const FAILED = sql<FailedJob>('jobs.failed', `
  select id, name, attempts, coalesce(error, '') as error, created_at as "createdAt", finished_at as "failedAt"
    from platform.job
   where status = 'failed' and ($1::text is null or name = $1)
     and ($2::timestamptz is null or (finished_at, id) < ($2::timestamptz, $3::uuid))
   order by finished_at desc, id desc limit $4`);

const BACKLOG = sql<{ first: Date | null; failed: number }>('jobs.backlog', `
  select min(oldest.run_at) as first, (select count(*)::int from (select from platform.job where status = 'failed' limit 10000) as listed) as failed
    from unnest($1::text[]) as kind (name)
   cross join lateral (
     (select run_at from platform.job where name = kind.name and status = 'waiting' and run_at <= $2 order by run_at limit 1)
     union all
     (select min(run_at) from platform.job where name = kind.name and status = 'dispatched' and attempts = 0)) as oldest`);

/**
 * Kinds are told apart by jumping from name to name in the index, however many jobs wait; of those handed over there are few.
 * Counted up to 10,000 a kind.
 */
const UNHANDLED = sql<UnhandledJobs>('jobs.unhandled', `
  with recursive waiting as (
    (select name from platform.job where status = 'waiting' order by name limit 1)
    union all
    select (select j.name from platform.job j where j.status = 'waiting' and j.name > waiting.name order by j.name limit 1) from waiting where waiting.name is not null
  ), unknown as (
    select name from waiting where name <> all ($1::text[])
    union
    select name from platform.job where status = 'dispatched' and name <> all ($1::text[])
  )
  select name, (select count(*)::int from (select from platform.job j where j.name = unknown.name and j.status in ('waiting', 'dispatched') limit 10000) as listed) as jobs
    from unknown order by name`);

export interface EnqueueOptions {
  /** While a job of this kind with this key waits or runs, no second one is made. */
  readonly uniqueKey?: string;
  readonly delaySeconds?: number;
}

export interface Schedule<P extends object> {
  /** Names the schedule over all processes and releases, e.g. `security.verify_audit`. */
  readonly key: string;
  /** Five fields, e.g. `30 3 * * *`. */
  readonly cron: string;
  /** IANA, e.g. `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly payload: P;
}

/** A job that was tried as often as it may be. */
export interface FailedJob {
  readonly id: Id;
  readonly name: string;
  readonly attempts: number;
  readonly error: string;
  readonly createdAt: Date;
  readonly failedAt: Date;
}

/** Jobs of a kind that this release does not do: left by an older one, or made by a newer that runs beside it. */
export interface UnhandledJobs {
  readonly name: string;
  readonly jobs: number;
}

export interface FailedJobsAfter {
  readonly failedAt: Date;
  readonly id: Id;
}

export interface RegisteredJob {
  readonly kind: JobKind<object>;
  readonly handler: JobHandler<object>;
}

export interface RegisteredSchedule extends Schedule<object> {
  readonly kind: JobKind<object>;
}

/**
 * The port to work that is done later. A job is a row of the caller's transaction: it exists exactly if the change does,
 * and the row, not the queue engine, is the truth about it.
 */
@Injectable()
export class Jobs implements OnApplicationBootstrap {
  private readonly handled = new Map<string, RegisteredJob>();
  private readonly scheduled = new Map<string, RegisteredSchedule>();

  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /** Says who does these jobs; called by wiring pages while the modules start. */
  handle<P extends object>(kind: JobKind<P>, handler: JobHandler<P>): void {
    if (this.handled.has(kind.name)) throw new Error(`The job "${kind.name}" has two handlers. Leave one on its context's wiring page.`);
    this.handled.set(kind.name, { kind, handler } as unknown as RegisteredJob);
  }

  /**
   * Has a job enqueued at each firing of the cron line, once over all processes. Firings missed while every process was
   * down are made up by one. Called by wiring pages.
   */
  schedule<P extends object>(kind: JobKind<P>, schedule: Schedule<P>): void {
    if (this.scheduled.has(schedule.key)) throw new Error(`Two schedules have the key "${schedule.key}". Rename one of them.`);
    nextFiring(schedule.cron, schedule.timeZone, this.clock.now());
    this.scheduled.set(schedule.key, { ...schedule, kind });
  }

  /** @throws if a job has no handler; two handlers are refused by `handle`. */
  onApplicationBootstrap(): void {
    const missing = [...declaredJobTypes(), ...[...this.scheduled.values()].map(({ kind }) => kind)].filter(({ name }) => !this.handled.has(name));
    if (missing.length > 0) {
      const names = [...new Set(missing.map(({ name }) => name))].join(', ');
      throw new Error(`No handler for the job ${names}. Add jobs.handle(…) to the context's wiring page, or remove the job.`);
    }
  }

  /**
   * Has the job done after this transaction commits, never if it rolls back.
   * @returns its id, or the id of the job under way with the same unique key. That one may already have read what it
   * works on; leave the key out where each change needs a run of its own.
   */
  async enqueue<P extends object>(tx: Tx, kind: JobKind<P>, payload: P, { uniqueKey, delaySeconds = 0 }: EnqueueOptions = {}): Promise<Id> {
    if (!this.handled.has(kind.name)) throw new Error(`No handler for the job ${kind.name}. Add jobs.handle(…) to the context's wiring page.`);
    const id = newId(tx.startedAt.getTime());
    const runAt = new Date(tx.startedAt.getTime() + delaySeconds * 1000);
    for (;;) {
      const made = await one(tx, INSERT, [id, kind.name, JSON.stringify(payload), uniqueKey ?? null, runAt, tx.startedAt]);
      if (made) {
        tx.afterCommit(() => this.signals.send('jobs'));
        return made.id;
      }
      const twin = await one(tx, UNDER_WAY, [kind.name, uniqueKey]);
      if (twin) return twin.id;
      // The twin ended between the two statements, so the key is free again.
    }
  }

  /** Stops a job that has not begun; one that runs may still end, but without effect through `once`. @throws DomainError missing or conflict. */
  async cancel(tx: Tx, id: Id): Promise<void> {
    const cancelled = await one(tx, CANCEL, [id, tx.startedAt]);
    if (!cancelled) throw await this.notIn(tx, id, 'waiting or running', 'cancelled');
    tx.audit({ action: 'job.cancelled', subjectType: 'job', subjectId: id, details: { name: cancelled.name } });
    tx.afterCommit(() => this.signals.send('jobs'));
  }

  /** Gives a failed job all its tries again. @throws DomainError missing or conflict. */
  async retry(tx: Tx, id: Id): Promise<void> {
    const retried = await tx.attempt(() => one(tx, RETRY, [id, tx.startedAt])).catch((error: unknown) => {
      if (!violates(error, 'job_unique_key')) throw error;
      throw new DomainError('conflict', 'job_under_way', `A newer job for the same subject as ${id} is under way. Wait for it; retry this one only if that one fails too.`);
    });
    if (!retried) throw await this.notIn(tx, id, 'failed', 'retried');
    tx.audit({ action: 'job.retried', subjectType: 'job', subjectId: id, details: { name: retried.name } });
    tx.afterCommit(() => this.signals.send('jobs'));
  }

  /** Jobs given up, the latest first; keyset by the last row of the page before. */
  failed(filter: { readonly name?: string }, after: FailedJobsAfter | undefined, limit: number): Promise<FailedJob[]> {
    return this.database.query(FAILED, [filter.name ?? null, after?.failedAt ?? null, after?.id ?? null, limit]);
  }

  /** How long the oldest due job has waited to be begun, and how many were given up (counted up to 10,000). */
  async backlog(): Promise<{ oldestWaitingSeconds: number; failed: number }> {
    const now = this.clock.now();
    const row = await one(this.database, BACKLOG, [[...this.handled.keys()], now]);
    return { oldestWaitingSeconds: row?.first ? Math.max(0, (now.getTime() - row.first.getTime()) / 1000) : 0, failed: row?.failed ?? 0 };
  }

  /** What nobody here will ever do. Right after a release it may be what the other release does. */
  unhandled(): Promise<UnhandledJobs[]> {
    return this.database.query(UNHANDLED, [[...this.handled.keys()]]);
  }

  /** For the runner. */
  registered(): readonly RegisteredJob[] {
    return [...this.handled.values()];
  }

  /** For the runner. */
  schedules(): readonly RegisteredSchedule[] {
    return [...this.scheduled.values()];
  }

  private async notIn(tx: Tx, id: Id, wanted: string, deed: string): Promise<DomainError> {
    const found = await one(tx, FIND, [id]);
    if (!found) return notFound('job', id);
    return new DomainError('conflict', 'job_state', `The job ${id} is ${found.status}; only one that is ${wanted} can be ${deed}.`, { facts: { jobStatus: found.status } });
  }
}
