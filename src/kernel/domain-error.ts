/**
 * Why a request was refused, in words that do not depend on HTTP:
 * `malformed` cannot be understood, `rule` breaks a rule of the trade, `conflict` does not fit the present state,
 * `stale` was made against an older version, `missing` is not there (or not for this caller), `gone` was there and was erased,
 * `forbidden` is not for this caller, `unauthenticated` has no valid credentials, `exhausted` is over a limit, `unavailable` may work later.
 */
export type Refusal =
  | 'malformed'
  | 'rule'
  | 'conflict'
  | 'stale'
  | 'precondition_required'
  | 'missing'
  | 'gone'
  | 'forbidden'
  | 'unauthenticated'
  | 'too_large'
  | 'unsupported'
  | 'exhausted'
  | 'unavailable';

/** One wrong field. `pointer` is a JSON pointer into the request body, or `?name` for a query parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** Members every problem has; a fact of that name would take their place. */
type ProblemMember = 'type' | 'title' | 'status' | 'detail' | 'code' | 'errors' | 'requestId';

/** Extra members of an answer by name. */
export type Facts = Readonly<Record<string, string | number | boolean>> & { readonly [name in ProblemMember]?: never };

export interface DomainErrorOptions {
  readonly errors?: readonly FieldError[];
  /** Extra members for the answer, e.g. the id of the record that is in the way. Never personal data. */
  readonly facts?: Facts;
  readonly retryAfterSeconds?: number;
}

/**
 * The one error the product throws on purpose. `code` is lower_snake and never changes; `detail` says what was refused,
 * with which values, and what to do, and may be reworded.
 */
export class DomainError extends Error {
  readonly errors: readonly FieldError[];
  readonly facts: Facts;
  readonly retryAfterSeconds?: number;

  constructor(
    readonly refusal: Refusal,
    readonly code: string,
    detail: string,
    options: DomainErrorOptions = {},
  ) {
    super(detail);
    this.name = 'DomainError';
    this.errors = options.errors ?? [];
    this.facts = options.facts ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Somebody saved the record first. */
export function concurrencyConflict(what: string, id: string): DomainError {
  return new DomainError(
    'stale',
    'version_conflict',
    `The ${what} ${id} was changed by someone else since you read it. Read it again, apply your change to what you find, and send the new ETag in If-Match.`,
  );
}

export function notFound(what: string, id: string): DomainError {
  return new DomainError('missing', 'not_found', `There is no ${what} ${id} that you may see. Check the id.`);
}
