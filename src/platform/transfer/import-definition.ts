import type { Tx } from '../database/tx.js';

/** A column a file may bring, named as in the API. The last part may be open: `externalIds.<system>` takes any system. */
export interface ImportColumn {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** `text`, `integer`, `amount` (decimal string), `instant` (RFC 3339, or local time in the import's zone), `date`, `boolean`, `list` (separated by `|`). */
  readonly type: 'text' | 'integer' | 'amount' | 'instant' | 'date' | 'boolean' | 'list';
  readonly example: string;
}

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
}

/** Counts over the lines handed in; every line is in exactly one of the four. */
export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: readonly LineProblem[];
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
  readonly columns: readonly ImportColumn[];
  apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome>;
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
