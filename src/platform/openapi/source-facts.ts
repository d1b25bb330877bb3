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
}

/** Every route may answer these; the pages on them need no list. */
const OF_EVERY_ROUTE: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden', 'validation_failed', 'invalid_idempotency_key', 'outcome_unknown']);

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
