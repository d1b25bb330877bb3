import type { Refusal } from '../../kernel/domain-error.js';
import { REFUSALS } from '../http/refusals.js';
import type { Schemas } from './schema.js';

export interface Refused {
  readonly refusal: Refusal;
  readonly code: string;
}

/** What the contract takes from the source, where it was not by hand that somebody remembered it (scripts/contract-facts.mjs). */
export interface SourceFacts {
  /** What each schema's class says of itself, by the schema's name. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** The payload classes of all events, and what they are made of. */
  readonly payloads: Schemas;
  /** What the code behind each route can refuse, by operationId. */
  readonly refusals: Readonly<Record<string, readonly Refused[]>>;
  /** Everything that is ever refused, with its sentence; a code may come from several places. */
  readonly problems: readonly (Refused & { readonly detail: string })[];
}

/** What a problem's code says, for the pages that are made of the contract. */
export interface ProblemCode {
  readonly statuses: readonly number[];
  /** The sentences it comes with; values are `…`. */
  readonly details: readonly string[];
}

/** Every route may answer these; the pages on them need no list. */
const OF_EVERY_ROUTE: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden', 'validation_failed', 'invalid_idempotency_key', 'outcome_unknown']);

/** Every code of the product, in alphabetical order. */
export function problemCodes({ problems }: SourceFacts): Readonly<Record<string, ProblemCode>> {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  return Object.fromEntries(
    codes.map((code) => {
      const own = problems.filter((problem) => problem.code === code);
      const statuses = [...new Set(own.map(({ refusal }) => REFUSALS[refusal].status))].sort((one, other) => one - other);
      return [code, { statuses, details: [...new Set(own.map(({ detail }) => detail))].filter((detail) => detail !== '') }];
    }),
  );
}

/** The problem codes that are the route's own, by status, in the order of the codes. */
export function codesByStatus(refused: readonly Refused[]): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const { refusal, code } of refused) {
    const { status } = REFUSALS[refusal];
    const codes = found.get(status) ?? [];
    if (!OF_EVERY_ROUTE.has(code)) codes.push(code);
    found.set(status, codes);
  }
  return found;
}
