import type { FieldProblem, Operation, ProblemDetails } from './operation-types.js';

/** Everything this client throws by itself; an abort throws the reason of its signal. */
export class ShukeError extends Error {
  override readonly name: string = 'ShukeError';
}

/** The server refused, and says why: an answer in `application/problem+json` (RFC 9457). */
export class ShukeProblem extends ShukeError {
  override readonly name: string = 'ShukeProblem';
  /** HTTP status. */
  readonly status: number;
  /** Stable, lower_snake: what programs decide by. `unexpected_answer` if whoever answered was not the API. */
  readonly code: string;
  readonly title: string;
  /** What was refused and what to do, in the language of the request. */
  readonly detail: string;
  /** The wrong fields, where the request had such. */
  readonly errors: readonly FieldProblem[];
  /** Name it when you ask for help; the server's log has it too. */
  readonly requestId: string | undefined;
  /** Seconds after which it may be tried again, where the server said. */
  readonly retryAfter: number | undefined;

  constructor(
    problem: Omit<ProblemDetails, 'requestId' | 'type'> & { readonly requestId?: string },
    retryAfter?: number,
    /** What some codes add to the answer, such as the `offset` of `wrong_offset`. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${problem.code} (${problem.status}): ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.requestId = problem.requestId;
    this.retryAfter = retryAfter;
  }
}

/** Events after the position asked for are not kept any more (410 `events_forgotten`): read what you keep anew from the lists, then follow from `beginsAfter`. */
export class EventsForgotten extends ShukeProblem {
  override readonly name = 'EventsForgotten';

  /** The position behind which the log begins. */
  get beginsAfter(): number {
    return Number(this.facts['beginsAfter']);
  }
}

/** No answer, or none in time. What the request asked for may have happened or not, unless `neverSent`. */
export class ShukeUnreachable extends ShukeError {
  override readonly name = 'ShukeUnreachable';

  constructor(
    message: string,
    options: { readonly cause?: unknown },
    /** No connection came about, so the server has not seen the request. */
    readonly neverSent: boolean,
  ) {
    super(message, options);
  }
}

/** The operation that was waited for failed; `operation.error` says why, and it may be resumed. */
export class OperationFailed extends ShukeError {
  override readonly name = 'OperationFailed';

  constructor(readonly operation: Operation) {
    super(`The operation ${operation.id} (${operation.kind}) failed: ${operation.error?.detail ?? 'no reason is known'}`);
  }
}

/** The operation that was waited for was cancelled; what it did until then stays. */
export class OperationCancelled extends ShukeError {
  override readonly name = 'OperationCancelled';

  constructor(readonly operation: Operation) {
    super(`The operation ${operation.id} (${operation.kind}) was cancelled.`);
  }
}

/** Narrows what was caught to a refusal by the server, with this code if one is named. */
export function isProblem<Code extends string>(error: unknown, code?: Code): error is ShukeProblem & { readonly code: Code } {
  return error instanceof ShukeProblem && (code === undefined || error.code === code);
}
