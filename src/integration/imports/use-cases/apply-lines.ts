import { DomainError, type Refusal } from '../../../kernel/domain-error.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ImportDefinition, ImportOutcome, ImportSettings, LineProblem, MappedLine } from '../../../platform/transfer/import-definition.js';

/** Classes of SQLSTATE that speak of the data: data exception, integrity violation, a rule of ours raised in SQL, a value too large. */
const ABOUT_DATA = /^(?:22|23|54|P0)/;
const STATEMENT_TIMEOUT = '57014';
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Refusals that the same line may not meet at another time. */
const PASSING: ReadonlySet<Refusal> = new Set(['stale', 'exhausted', 'unavailable']);

/** More lines than this refused for a fault of ours mean that the fault is not in the lines. */
const MOST_UNEXPECTED = 20;

/**
 * Savepoints of one call. A transaction that holds more than 64 subtransactions slows every other one, since PostgreSQL
 * keeps no more of them at hand (PGPROC_MAX_CACHED_SUBXIDS, proc.h); a definition may open one itself for each of ours.
 */
export const MOST_ATTEMPTS = 32;

export interface Applied extends ImportOutcome {
  /** Lines not dealt with: so many failed before them that another transaction should go on. */
  readonly rest: readonly MappedLine[];
}

/**
 * Applies lines in the caller's transaction, in order. Where they fail together, half as many are tried, down to the one
 * that fails: it is refused with a reason. Behind it twice as many are tried each time, so that lines that fail here and
 * there cost some ten tries each, and where all fail it is one try a line.
 * @param onFault is told of each line that met a fault of ours instead of a rule.
 * @throws what says nothing about a line: the database away, busy or lacking a table.
 */
export async function applyLines(
  tx: Tx,
  definition: ImportDefinition,
  lines: readonly MappedLine[],
  settings: ImportSettings,
  onFault: (line: number, error: unknown) => void,
): Promise<Applied> {
  let outcome: ImportOutcome = { created: 0, updated: 0, unchanged: 0, refused: [], touched: [], samples: [] };
  let unexpected = 0;
  let from = 0;
  let atOnce = lines.length;
  for (let attempts = 0; from < lines.length && attempts < MOST_ATTEMPTS; attempts += 1) {
    const some = lines.slice(from, from + atOnce);
    try {
      outcome = together(outcome, await tx.attempt(() => definition.apply(tx, some, withRoom(settings, outcome))));
      from += some.length;
      atOnce *= 2;
    } catch (error) {
      if (!mayLieInALine(error, some.length)) throw error;
      atOnce = Math.ceil(some.length / 2);
      if (some.length > 1) continue;
      const { line } = some[0]!;
      if (isFault(error)) {
        unexpected += 1;
        if (unexpected > MOST_UNEXPECTED) throw error;
        onFault(line, error);
      }
      outcome = { ...outcome, refused: [...outcome.refused, reasonOf(error, line)] };
      from += 1;
    }
  }
  return { ...outcome, rest: lines.slice(from) };
}

function withRoom(settings: ImportSettings, { samples = [] }: ImportOutcome): ImportSettings {
  return { ...settings, sampleLimit: Math.max(0, (settings.sampleLimit ?? 0) - samples.length) };
}

function mayLieInALine(error: unknown, lines: number): boolean {
  if (error instanceof DomainError) return !PASSING.has(error.refusal);
  const code = sqlState(error);
  if (code === STATEMENT_TIMEOUT) return lines > 1;
  return code === undefined ? isFault(error) : ABOUT_DATA.test(code);
}

/** A mistake in our own code, which a strange value may bring to light. */
function isFault(error: unknown): boolean {
  return !(error instanceof DomainError) && sqlState(error) === undefined && (error as NodeJS.ErrnoException).code === undefined;
}

function sqlState(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && SQLSTATE.test(code) ? code : undefined;
}

function reasonOf(error: unknown, line: number): LineProblem {
  if (error instanceof DomainError) return { line, code: error.code, detail: error.message };
  const code = sqlState(error);
  if (code === '23505') return { line, code: 'already_exists', detail: 'Another record has a value of this line that may be there once only. Find it by its external ids, or change the value.' };
  if (code?.startsWith('23')) return { line, code: 'inconsistent', detail: 'The values of this line contradict each other or what is stored. Compare them with the lines around it.' };
  if (code !== undefined) return { line, code: 'cannot_be_stored', detail: 'A value of this line is too long or too large to be stored. Shorten it.' };
  return { line, code: 'unexpected', detail: 'This line met a fault on our side. Import it again by itself; if it is refused again, name the operation and this line when you ask for help.' };
}

function together(a: ImportOutcome, b: ImportOutcome): ImportOutcome {
  return {
    created: a.created + b.created,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    refused: [...a.refused, ...b.refused],
    touched: [...a.touched, ...b.touched],
    samples: [...(a.samples ?? []), ...(b.samples ?? [])],
  };
}
