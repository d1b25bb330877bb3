import { Injectable } from '@nestjs/common';
import { may } from '../../kernel/actor.js';
import { DomainError, notFound } from '../../kernel/domain-error.js';
import { newId, type Id } from '../../kernel/id.js';
import { Database } from '../database/database.js';
import { Signals } from '../database/signals.js';
import { one, type Sql } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import type { JobKind } from './job.js';
import { Jobs } from './jobs.js';
import { OperationJob, type OperationPayload } from './operation-job.js';
import { toOperationView, type OperationRow } from './operation-row.js';
import { Pace } from './pace.js';
import type { OperationDefinition, OperationStatus, OperationView } from './operation.js';

const INSERT = sql<OperationRow>('operations.insert', `
  insert into platform.operation (id, kind, status, parameters, total, created_by_kind, created_by_id, created_at, updated_at)
  values ($1, $2, 'queued', $3, $4, $5, $6, $7, $7)
  returning id, kind, status, done, total, result, error, created_at, updated_at, finished_at`);

const GET = sql<OperationRow>('operations.get', `
  select id, kind, status, done, total, result, error, created_at, updated_at, finished_at from platform.operation where id = $1`);

const LIST = sql<OperationRow>('operations.list', `
  select id, kind, status, done, total, result, error, created_at, updated_at, finished_at
    from platform.operation
   where ($1::text is null or kind = $1) and ($2::text is null or status = $2)
     and ($3::timestamptz is null or (created_at, id) < ($3::timestamptz, $4::uuid))
   order by created_at desc, id desc limit $5`);

/** Takes no lock that a running chunk holds, so whoever cancels does not wait for it. */
const CANCEL = sql<OperationRow>('operations.cancel', `
  update platform.operation
     set cancel_requested = true, updated_at = $2,
         status = case when status = 'queued' then 'cancelled' else status end,
         finished_at = case when status = 'queued' then $2::timestamptz end
   where id = $1 and status in ('queued', 'running')
  returning id, kind, status, done, total, result, error, created_at, updated_at, finished_at`);

const RESUME = sql<OperationRow>('operations.resume', `
  update platform.operation
     set status = 'queued', cancel_requested = false, error = null, finished_at = null, updated_at = $2
   where id = $1 and status in ('failed', 'cancelled')
  returning id, kind, status, done, total, result, error, created_at, updated_at, finished_at`);

/** The resumed operation has a new job; the one given up needs nobody's attention any more. */
const SETTLE_FAILED_JOB = sql<never>('operations.settle_failed_job', `
  update platform.job set status = 'cancelled' where name = $1 and unique_key = $2 and status = 'failed'`);

/**
 * An operation cancelled while it waited takes its job with it. A job left behind may have looked already, seen that there is nothing to
 * do and be about to end; a resumption would find it under way, make none of its own and wait for ever.
 */
const CANCEL_JOB = sql<never>('operations.cancel_job', `
  update platform.job set status = 'cancelled', finished_at = $3 where name = $1 and unique_key = $2 and status in ('waiting', 'dispatched')`);

const SLOW_LOOK_MILLIS = 2_000;
const FINAL: ReadonlySet<OperationStatus> = new Set(['succeeded', 'failed', 'cancelled']);

export interface OperationFilter {
  readonly kind?: string;
  readonly status?: OperationStatus;
}

export interface OperationsAfter {
  readonly createdAt: Date;
  readonly id: Id;
}

interface Registered {
  readonly job: JobKind<OperationPayload>;
  readonly permission?: string;
}

/** Long jobs as resources: started, watched, cancelled and resumed by their id. */
@Injectable()
export class Operations {
  private readonly kinds = new Map<string, Registered>();

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly signals: Signals,
    private readonly pace: Pace,
  ) {}

  /** Says what an operation of this kind does, e.g. `integration.import`; called by wiring pages. */
  register<P extends object, S extends object>(kind: string, definition: OperationDefinition<P, S>): void {
    if (this.kinds.has(kind)) throw new Error(`Two operations are named "${kind}". Rename one on its context's wiring page.`);
    const job = new OperationJob(kind, definition, this.database, this.signals, this.pace);
    this.jobs.handle(job, job);
    this.kinds.set(kind, { job, permission: definition.permission });
  }

  /** @throws DomainError forbidden. */
  async start(tx: Tx, kind: string, parameters: object, total?: number): Promise<OperationView> {
    const { job } = this.allowed(tx, kind);
    const id = newId(tx.startedAt.getTime());
    const row = await one(tx, INSERT, [id, kind, JSON.stringify(parameters), total ?? null, tx.actor.kind, tx.actor.id, tx.startedAt]);
    await this.jobs.enqueue(tx, job, { operationId: id }, { uniqueKey: id });
    tx.audit({ action: 'operation.started', subjectType: 'operation', subjectId: id, details: { kind } });
    return this.changed(tx, row!);
  }

  /** One that waits is cancelled at once, one that runs after its chunk under way. @throws DomainError missing, forbidden or conflict. */
  async cancel(tx: Tx, id: Id): Promise<OperationView> {
    const found = await this.find(tx, id);
    const { job } = this.allowed(tx, found.kind);
    const row = await one(tx, CANCEL, [id, tx.startedAt]);
    if (!row) throw wrongStatus(found, 'cancelled', 'is queued or running');
    if (row.status === 'cancelled') await tx.query(CANCEL_JOB, [job.name, id, tx.startedAt]);
    tx.audit({ action: 'operation.cancelled', subjectType: 'operation', subjectId: id, details: { kind: row.kind } });
    return this.changed(tx, row);
  }

  /** Goes on after the last committed chunk. @throws DomainError missing, forbidden or conflict. */
  async resume(tx: Tx, id: Id): Promise<OperationView> {
    const found = await this.find(tx, id);
    const { job } = this.allowed(tx, found.kind);
    const row = await one(tx, RESUME, [id, tx.startedAt]);
    if (!row) throw wrongStatus(found, 'resumed', 'failed or was cancelled');
    await tx.query(SETTLE_FAILED_JOB, [job.name, id]);
    await this.jobs.enqueue(tx, job, { operationId: id }, { uniqueKey: id });
    tx.audit({ action: 'operation.resumed', subjectType: 'operation', subjectId: id, details: { kind: row.kind } });
    return this.changed(tx, row);
  }

  /** @throws DomainError missing. */
  async get(id: Id): Promise<OperationView> {
    return toOperationView(await this.find(this.database, id));
  }

  /** The latest first; keyset by the last row of the page before. */
  async list(filter: OperationFilter, after: OperationsAfter | undefined, limit: number): Promise<OperationView[]> {
    const rows = await this.database.query(LIST, [filter.kind ?? null, filter.status ?? null, after?.createdAt ?? null, after?.id ?? null, limit]);
    return rows.map(toOperationView);
  }

  /** The operation as it is, then again each time it has moved, until it has ended or `signal` is aborted. @throws DomainError missing. */
  async *watch(id: Id, signal: AbortSignal): AsyncIterable<OperationView> {
    let moved = (): void => undefined;
    const ended = (): void => moved();
    const off = this.signals.on('operations', (subject) => {
      if (subject === undefined || subject === id) moved();
    });
    signal.addEventListener('abort', ended);
    try {
      for (let last = ''; !signal.aborted; ) {
        // Listens before it looks, so that nothing slips in between.
        const next = new Promise<void>((resolve) => (moved = resolve));
        const view = await this.get(id);
        const text = JSON.stringify(view);
        if (text !== last) yield view;
        last = text;
        if (FINAL.has(view.status)) return;
        if (!signal.aborted) await soon(next);
      }
    } finally {
      off();
      signal.removeEventListener('abort', ended);
    }
  }

  private async find(from: Sql, id: Id): Promise<OperationRow> {
    const row = await one(from, GET, [id]);
    if (!row) throw notFound('operation', id);
    return row;
  }

  private allowed(tx: Tx, kind: string): Registered {
    const registered = this.kinds.get(kind);
    if (!registered) throw new Error(`No operation is named "${kind}". Add operations.register(…) to its context's wiring page.`);
    if (registered.permission && !may(tx.actor, registered.permission)) {
      throw new DomainError('forbidden', 'permission_missing', `An operation of kind ${kind} needs the permission ${registered.permission}. Ask an administrator for it.`);
    }
    return registered;
  }

  private changed(tx: Tx, row: OperationRow): OperationView {
    tx.afterCommit(() => this.signals.send('operations', row.id));
    return toOperationView(row);
  }
}

function wrongStatus(row: OperationRow, deed: string, wanted: string): DomainError {
  return new DomainError('conflict', 'operation_status', `The operation ${row.id} is ${row.status}; only one that ${wanted} can be ${deed}.`, { facts: { operationStatus: row.status } });
}

async function soon(moved: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SLOW_LOOK_MILLIS);
  });
  await Promise.race([moved, late]);
  clearTimeout(timer);
}
