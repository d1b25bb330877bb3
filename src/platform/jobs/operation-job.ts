import { SYSTEM, type Actor } from '../../kernel/actor.js';
import { DomainError, type Refusal } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import { one } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import type { Job, JobHandler, JobKind, JobOptions } from './job.js';
import type { OperationDefinition, OperationError, OperationRun, Progress } from './operation.js';
import type { Pace } from './pace.js';

export class OperationPayload {
  readonly operationId: Id;
}

interface UnderWay {
  readonly parameters: object;
  readonly state: object;
  readonly done: number;
  readonly total: number | null;
  readonly created_by_kind: Actor['kind'];
  readonly created_by_id: Id;
}

/** A failed one too: its job may have been retried by hand. */
const BEGIN = sql<UnderWay>('operations.begin', `
  update platform.operation set status = 'running', error = null, finished_at = null, updated_at = $2
   where id = $1 and status in ('queued', 'running', 'failed')
  returning parameters, state, done, total, created_by_kind, created_by_id`);

/** Two processes may be at the same operation for a while, when one was taken for dead; their chunks take turns. */
const TAKE_TURN = sql<never>('operations.take_turn', `select pg_advisory_xact_lock(hashtextextended($1, 0))`);

/** A statement of its own after the lock, because a statement sees what was committed before it began, not before its lock. */
const READ = sql<{ state: object; done: number; total: number | null; goes_on: boolean }>('operations.read', `
  select state, done, total, status = 'running' and not cancel_requested as goes_on from platform.operation where id = $1`);

const ADVANCE = sql<never>('operations.advance', `
  update platform.operation set done = $2, total = coalesce($3, total), state = coalesce($4::jsonb, state), updated_at = $5 where id = $1`);

const SUCCEED = sql<never>('operations.succeed', `
  update platform.operation set status = 'succeeded', result = $2, updated_at = $3, finished_at = $3 where id = $1 and status = 'running'`);

const END_CANCELLED = sql<never>('operations.end_cancelled', `
  update platform.operation set status = 'cancelled', updated_at = $2, finished_at = $2 where id = $1 and status = 'running' and cancel_requested`);

const FAIL = sql<never>('operations.fail', `
  update platform.operation set status = 'failed', error = $2, updated_at = $3, finished_at = $3 where id = $1 and status in ('queued', 'running')`);

const TRIES = 5;
const BACKOFF_SECONDS = 5;

/** Refusals that another try may not meet. All others are the same every time and end the operation at once. */
const PASSING: ReadonlySet<Refusal> = new Set(['stale', 'exhausted', 'unavailable']);

/** Thrown by `step` when the operation shall not go on. */
class Cancelled extends Error {}

const FAULT: OperationError = {
  code: 'operation_failed',
  title: 'The operation failed',
  detail: 'A fault on our side stopped it before its end. What was done so far is kept; resume it to go on from there.',
};

/** The job behind the operations of one kind. */
export class OperationJob<P extends object, S extends object> implements JobKind<OperationPayload>, JobHandler<OperationPayload> {
  readonly name: string;
  readonly payloadClass = OperationPayload;
  readonly options: JobOptions;

  constructor(
    kind: string,
    private readonly definition: OperationDefinition<P, S>,
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly pace: Pace,
  ) {
    this.name = `operation.${kind}`;
    this.options = { tries: TRIES, backoffSeconds: BACKOFF_SECONDS, concurrency: definition.concurrency ?? 1 };
  }

  async run(job: Job<OperationPayload>): Promise<void> {
    const { operationId: id } = job.payload;
    const row = await this.database.transaction(SYSTEM, async (tx) => {
      this.moved(tx, id);
      return one(tx, BEGIN, [id, tx.startedAt]);
    });
    if (!row) return;
    const run = new Running<P, S>(id, row, job, this.database, this.pace, (tx) => this.moved(tx, id));
    try {
      await this.definition.run(run);
      if (!run.isFinished) await run.finish(undefined);
    } catch (error) {
      if (error instanceof Cancelled) await this.end(job, id, (tx) => tx.query(END_CANCELLED, [id, tx.startedAt]));
      else if (error instanceof DomainError && !PASSING.has(error.refusal)) await this.end(job, id, (tx) => tx.query(FAIL, [id, JSON.stringify(problemOf(error)), tx.startedAt]));
      else throw error;
    }
  }

  async failed(tx: Tx, { operationId: id }: OperationPayload): Promise<void> {
    await tx.query(FAIL, [id, JSON.stringify(FAULT), tx.startedAt]);
    this.moved(tx, id);
  }

  private async end(job: Job<OperationPayload>, id: Id, write: (tx: Tx) => Promise<unknown>): Promise<void> {
    await job.once(async (tx) => {
      await write(tx);
      this.moved(tx, id);
    });
  }

  private moved(tx: Tx, id: Id): void {
    tx.afterCommit(() => this.signals.send('operations', id));
  }
}

function problemOf({ code, message }: DomainError): OperationError {
  return { code, title: 'The operation was refused', detail: message };
}

class Running<P extends object, S extends object> implements OperationRun<P, S> {
  readonly parameters: P;
  state: Partial<S>;
  done: number;
  total: number | null;
  isFinished = false;
  private readonly actor: Actor;

  constructor(
    readonly id: Id,
    row: UnderWay,
    private readonly job: Job<OperationPayload>,
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly moved: (tx: Tx) => void,
  ) {
    this.parameters = row.parameters as P;
    this.state = row.state as Partial<S>;
    this.done = row.done;
    this.total = row.total;
    // What it does is done in the name of whoever started it; whether they may was decided then.
    this.actor = { kind: row.created_by_kind, id: row.created_by_id, permissions: new Set() };
  }

  get signal(): AbortSignal {
    return this.job.signal;
  }

  portion(most: number): number {
    return this.pace.portion(most);
  }

  async step(work: (tx: Tx) => Promise<Progress<S>>): Promise<void> {
    this.signal.throwIfAborted();
    const began = performance.now();
    const progress = await this.database.transaction(this.actor, async (tx) => {
      await tx.query(TAKE_TURN, [this.id]);
      const row = await one(tx, READ, [this.id]);
      if (!row?.goes_on) throw new Cancelled(`Operation ${this.id} was cancelled.`);
      this.remember(row as { state: Partial<S>; done: number; total: number | null });
      const made = await work(tx);
      await tx.query(ADVANCE, [this.id, made.done, made.total ?? null, made.state ? JSON.stringify(made.state) : null, tx.startedAt]);
      this.moved(tx);
      return made;
    });
    this.remember({ state: progress.state ?? this.state, done: progress.done, total: progress.total ?? this.total });
    await this.pace.rest(performance.now() - began, this.signal);
  }

  async finish(result: object | undefined): Promise<void> {
    this.isFinished = true;
    await this.job.once(async (tx) => {
      await tx.query(SUCCEED, [this.id, result ? JSON.stringify(result) : null, tx.startedAt]);
      this.moved(tx);
    });
  }

  private remember({ state, done, total }: { state: Partial<S>; done: number; total: number | null }): void {
    this.state = state;
    this.done = done;
    this.total = total;
  }
}
