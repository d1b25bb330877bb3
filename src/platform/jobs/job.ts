import type { Id } from '../../kernel/id.js';
import type { Tx } from '../database/tx.js';

export interface JobOptions {
  /** Attempts in all before the job is given up and listed as failed. A worker that died over it counts as one. */
  readonly tries: number;
  /** Pause before the second attempt; each further one waits twice as long as the one before, an hour at the most. */
  readonly backoffSeconds: number;
  /** Jobs of this kind under way at once in one process. */
  readonly concurrency: number;
  /** After this long the signal is aborted and the attempt counts as failed. Unset: as long as it takes. */
  readonly timeoutSeconds?: number;
}

/** What can be enqueued and handled: a name, the shape of its payload, and how it is to be tried. */
export interface JobKind<P extends object> {
  readonly name: string;
  /** Says the type of the payload. */
  readonly payloadClass: new () => P;
  readonly options: JobOptions;
}

const NAME = /^[a-z]+\.[a-z_]+$/;
const declared = new Map<string, JobType<object>>();

/**
 * A kind of job, declared once by its context: `export const RunImport = new JobType('integration.run_import', RunImportPayload, {…})`.
 * The payload class has read-only primitives only: ids and facts, never contact data, because done jobs are kept for a week.
 * @throws if two are named alike (at load, so never in production).
 */
export class JobType<P extends object> implements JobKind<P> {
  constructor(
    readonly name: string,
    readonly payloadClass: new () => P,
    readonly options: JobOptions,
  ) {
    if (!NAME.test(name)) throw new Error(`The job name "${name}" is not context.what_it_does. Name it like integration.run_import.`);
    if (declared.has(name)) throw new Error(`Two jobs are named "${name}". Rename one of them.`);
    declared.set(name, this);
  }
}

/** Every job type whose declaration has been loaded, so that start-up can miss a handler. */
export function declaredJobTypes(): readonly JobType<object>[] {
  return [...declared.values()];
}

/** One attempt at a job, as its handler sees it. */
export interface Job<P extends object> {
  /** Stays the same over all attempts: the idempotency key for effects outside PostgreSQL. */
  readonly id: Id;
  readonly payload: P;
  /** 1 at first. */
  readonly attempt: number;
  /** True if no further attempt follows this one. */
  readonly isLastAttempt: boolean;
  /** Aborted when the process stops, the job is cancelled, or its time is up. A handler that then throws is tried again later. */
  readonly signal: AbortSignal;
  /**
   * Runs `work` in one transaction that also marks the job done: its effects in the database happen exactly once, however
   * often the job is delivered. Does nothing if the job is already done. Put effects outside PostgreSQL before it.
   */
  once<T>(work: (tx: Tx) => Promise<T>): Promise<T | undefined>;
}

export interface JobHandler<P extends object> {
  /** A job whose handler returns is done, whether or not it called `once`. */
  run(job: Job<P>): Promise<void>;
  /** In the transaction that lists the job as failed: what its subject shall know of it. */
  failed?(tx: Tx, payload: P, reason: string): Promise<void>;
}
