import type { Id } from '../../kernel/id.js';
import type { Tx } from '../database/tx.js';

export type OperationStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Why an operation failed, in the words of a problem document. Never driver text. */
export interface OperationError {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** A long job as the API shows it. */
export interface OperationView {
  readonly id: Id;
  readonly kind: string;
  readonly status: OperationStatus;
  /** `total` is null while it is not known. */
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly result: object | null;
  readonly error: OperationError | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

/** How far a chunk brought the operation; what is left out stays as it was. */
export interface Progress<S extends object> {
  /** In all, not in this chunk. */
  readonly done: number;
  readonly total?: number;
  /** Where the next chunk begins; JSON. */
  readonly state?: S;
}

/** An operation under way, as its definition sees it. */
export interface OperationRun<P extends object, S extends object> {
  readonly id: Id;
  readonly parameters: P;
  /** As of the last committed chunk; inside `step`, read afresh under the operation's lock. Empty at first. */
  readonly state: Partial<S>;
  readonly done: number;
  readonly total: number | null;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** How many of something to take into the next chunk: `most`, or fewer while callers ask for things (see `Pace`). */
  portion(most: number): number;
  /**
   * Does one chunk in a transaction that also keeps how far it came. Begin it from `state`: another process may have gone
   * on where this one was cut off. Comes back after a rest if callers need the process. A cancelled or stopping operation does not come back from here; let what it throws pass.
   */
  step(work: (tx: Tx) => Promise<Progress<S>>): Promise<void>;
  /** Ends the operation well. Left out, it ends well without a result when `run` returns. */
  finish(result: object): Promise<void>;
}

export interface OperationDefinition<P extends object, S extends object> {
  /** Needed to start, cancel and resume it. */
  readonly permission?: string;
  /** Of this kind at once in one process; 1 unless said. */
  readonly concurrency?: number;
  run(operation: OperationRun<P, S>): Promise<void>;
}
