import type { Id } from '../../kernel/id.js';
import type { Sql } from '../database/sql.js';
import type { Tx } from '../database/tx.js';

/** A column a file may bring, named as in the API. The last part may be open: `externalIds.<system>` takes any system. */
export interface ImportColumn {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** `text`, `integer`, `amount` (decimal string), `instant` (RFC 3339, or local time in the import's zone), `date`, `boolean`, `list` (separated by `|`). */
  readonly type: 'text' | 'integer' | 'amount' | 'instant' | 'date' | 'boolean' | 'list';
  readonly example: string;
  /** Words that headers of other systems have for it, in any language, the likeliest first. Case, width, blanks and punctuation do not matter. */
  readonly aliases: readonly string[];
  /** What values of this column alone look like, so that they name it where a header does not. */
  readonly telling?: RegExp;
  /** What every value looks like, so that a header over others is not taken for this column. */
  readonly looks?: RegExp;
}

/** A column before it is said by what other names it goes. */
export type DescribedColumn = Omit<ImportColumn, 'aliases'>;

/** One line of the file under the names of the columns; blank cells are left out. */
export interface MappedLine {
  /** Where it begins in the file, numbered as an editor does: the header of a CSV is line 1, so its first record is line 2 at the earliest; NDJSON has no header. */
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

export interface LineProblem {
  readonly line: number;
  readonly column?: string;
  readonly code: string;
  /** What is wrong with which value and how to mend it. */
  readonly detail: string;
}

export interface ImportSettings {
  /** IANA zone of instants without an offset. */
  readonly timeZone: string;
  /** For amounts without a currency column. */
  readonly currency: string;
  /** How many lines to show as samples at the most; none if left out. */
  readonly sampleLimit?: number;
}

/** What one line says of one field, as cells of a file. */
export interface FieldChange {
  /** Ours, with the open part filled. */
  readonly column: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What one line made of a record. */
export interface LineChange {
  readonly line: number;
  readonly deed: 'created' | 'updated' | 'unchanged';
  /** Of the record; a trial makes none that lasts. */
  readonly id?: Id;
  /** Those that differ. */
  readonly fields: readonly FieldChange[];
}

/** What a line says of time and money, to be held against what is stored; undefined where it says nothing. */
export interface Told {
  readonly at?: Date;
  readonly currency?: string;
  /** Minor units of `currency`. */
  readonly minor?: number;
}

/** One record, by its id, or one part of it. */
export interface RecordKey {
  readonly id: Id;
  /** Tells parts apart that have no id of their own, from 1, as the lines of an order; 0 is the whole record. */
  readonly part: number;
}

/** A record that lines of a chunk made, changed or met. */
export interface Touched extends RecordKey {
  /** The last line of the chunk that speaks of it. */
  readonly line: number;
  /** Before the chunk; 0 if the chunk made it. */
  readonly before: number;
  /** After the chunk; the same if the lines said nothing new. It grows with each change of the record and never comes back. */
  readonly version: number;
  readonly told: Told;
}

/** Counts over the lines handed in; every line is in exactly one of the four. */
export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: readonly LineProblem[];
  /** What the lines taken are about, each record once. */
  readonly touched: readonly Touched[];
  /** Of some lines, where asked for. */
  readonly samples?: readonly LineChange[];
}

/** A record that an import made, at the version the import last gave it. */
export interface MadeRecord extends RecordKey {
  readonly version: number;
}

/** Why a record stays: somebody changed it since, something that is not of the import needs it, or its person was erased. */
export type KeptReason = 'changed_since' | 'in_use' | 'erased';

export interface KeptRecord extends RecordKey {
  readonly reason: KeptReason;
}

/** A record that was gone before is in neither. */
export interface RevertOutcome {
  readonly reverted: number;
  readonly kept: readonly KeptRecord[];
}

/** A record to be measured: by month only where the file tells when, in money only where it tells how much. */
export interface MeasuredRecord extends RecordKey {
  readonly dated: boolean;
  readonly priced: boolean;
}

/** A group of what is stored. */
export interface Measure {
  /** `2026-01` in the zone asked for. */
  readonly month: string | null;
  readonly currency: string | null;
  readonly records: number;
  /** Minor units of the priced ones, in digits: a sum may pass 2^53. */
  readonly minor: string | null;
}

/**
 * What can be brought in, declared by the context that owns it. `apply` takes one chunk of lines (a few thousand) inside
 * the import's transaction: checks each line, looks up what exists in one statement, copies the good lines into a staging
 * table and merges set-based, recording events and audit entries on `tx`. It must come to the same end when the same
 * lines are applied again.
 */
export interface ImportDefinition {
  /** Plural resource name as in the URL, e.g. `customers`. */
  readonly resource: string;
  readonly title: string;
  /** Needed beside `import:run`. */
  readonly permission: string;
  /** Needed to see what a line changed, since that shows what was there before. */
  readonly readPermission: string;
  readonly columns: readonly ImportColumn[];
  apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome>;
  /** What a line says of time and money, as far as it can be read; for lines that were refused. Throws nothing. */
  tell(line: MappedLine, settings: ImportSettings): Told;
  /**
   * Takes records back that an import made, as if they had never been: whatever was told of them is told to be withdrawn.
   * One that is no longer at its version, or that something else needs, stays. A few hundred at a time, set-based.
   */
  revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome>;
  /** What is stored of these records, a few thousand at a time, by month and currency. @param timeZone IANA */
  measure(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<readonly Measure[]>;
}

/** The column that takes what is mapped to `name`; an open last part takes 1 to 40 letters, digits, `_` or `-`. */
export function columnNamed<Column extends Pick<ImportColumn, 'name'>>(definition: { readonly columns: readonly Column[] }, name: string): Column | undefined {
  return definition.columns.find((column) => column.name === name || (isOpen(column) && openName(column).test(name)));
}

/** True for `externalIds.<system>` and its like. */
export function isOpen(column: Pick<ImportColumn, 'name'>): boolean {
  return OPEN_END.test(column.name);
}

const OPEN_END = /<\w+>$/;

function openName(column: Pick<ImportColumn, 'name'>): RegExp {
  return new RegExp(`^${column.name.replace(OPEN_END, '').replaceAll('.', '\\.')}[\\w-]{1,40}$`);
}
