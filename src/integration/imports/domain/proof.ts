import type { Currency } from '../../../kernel/money.js';

/** Records and money, in minor units; undefined where nothing says how much. */
export interface Tally {
  readonly records: number;
  readonly minor?: bigint;
}

/** Where a tally belongs; null where the file does not tell. */
export interface Group {
  /** `2026-01` */
  readonly month: string | null;
  readonly currency: Currency | null;
}

/** What lines taken say, what is stored of the same records, and what lines refused say (there `records` are lines). */
export interface ProofRow extends Group {
  readonly file: Tally;
  readonly database: Tally;
  readonly refused: Tally;
  /** Refused lines do not count against it: they were to stay out. */
  readonly matches: boolean;
}

type Side = 'file' | 'database' | 'refused';

interface Sides {
  readonly group: Group;
  readonly tallies: Record<Side, { records: number; minor?: bigint }>;
}

/** A file and the database added up side by side, by month and currency. */
export class Proof {
  private readonly groups = new Map<string, Sides>();

  add(side: Side, { month, currency }: Group, { records, minor }: Tally): void {
    const key = `${month ?? ''} ${currency ?? ''}`;
    const sides = this.groups.get(key) ?? { group: { month, currency }, tallies: { file: { records: 0 }, database: { records: 0 }, refused: { records: 0 } } };
    this.groups.set(key, sides);
    const tally = sides.tallies[side];
    tally.records += records;
    if (minor !== undefined) tally.minor = (tally.minor ?? 0n) + minor;
  }

  /** By month, then currency; what has no month comes last. */
  get rows(): ProofRow[] {
    return [...this.groups.values()]
      .map(({ group, tallies }) => ({ ...group, ...tallies, matches: tallies.file.records === tallies.database.records && tallies.file.minor === tallies.database.minor }))
      .sort((a, b) => compare(a.month, b.month) || compare(a.currency, b.currency));
  }

  get matches(): boolean {
    return this.rows.every((row) => row.matches);
  }
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
