/** Where the value of one of our columns comes from. */
export interface ColumnRule {
  /** The file's column, or the path in an NDJSON line. */
  readonly column?: string;
  /** For every line, or, beside `column`, for lines whose cell is blank. */
  readonly constant?: string;
  /** Words of the file and ours; a word that is not listed stays as it is. */
  readonly valueMap?: Readonly<Record<string, string>>;
  /** The line is left out where the value is blank. */
  readonly onBlank?: 'skip';
  /** The number of the line in the file, from 1, instead of a cell. */
  readonly fileLine?: true;
}

/** Rules by the names of our columns. */
export type ColumnMapping = Readonly<Record<string, ColumnRule>>;

/** A cell that cannot be read as text. */
export class UnreadableCell extends Error {
  constructor(
    /** Our column. */
    readonly column: string,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** NUL, and halves of surrogate pairs, are no text to PostgreSQL. */
const NOT_TEXT = /[\0\p{Surrogate}]/u;

/**
 * The values of one line under our names; blank ones are left out.
 * @returns undefined for a line that is to be left out
 * @param line its number in the file, from 1
 * @param cellOf the file's cell by the file's name of the column; an object is a place in JSON that holds no single value.
 * @throws UnreadableCell
 */
export function mapLine(mapping: ColumnMapping, line: number, cellOf: (column: string) => string | object | undefined): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [name, rule] of Object.entries(mapping)) {
    const cell = rule.column === undefined ? undefined : cellOf(rule.column);
    if (typeof cell === 'object') {
      throw new UnreadableCell(name, 'not_a_value', `"${rule.column}" holds an object or a list of objects. Map a path inside it, such as "${rule.column}.0".`);
    }
    const value = rule.fileLine ? String(line) : translate(rule, cell?.trim() ?? '');
    if (NOT_TEXT.test(value)) {
      throw new UnreadableCell(name, 'not_text', `"${rule.column}" holds a NUL character or half a character. Remove it.`);
    }
    if (value !== '') values[name] = value;
    else if (rule.onBlank === 'skip') return undefined;
  }
  return values;
}

function translate({ constant = '', valueMap = {} }: ColumnRule, cell: string): string {
  if (cell === '') return constant;
  return Object.hasOwn(valueMap, cell) ? valueMap[cell]! : cell;
}
