import { parseJsonLine } from '../../files/domain/json-line.js';
import type { ColumnMapping } from './column-mapping.js';

/** What a report calls its own column. */
export const PROBLEM = 'problem';

/** One thing that is wrong with a line. */
export interface LineTrouble {
  readonly line: number;
  /** Ours, where one is to blame. */
  readonly column?: string;
  readonly detail: string;
  /** As the file has them; one, the whole line, for NDJSON. */
  readonly cells: readonly string[];
}

/**
 * The table of a report: the file's columns in their order, then one for what is wrong. A column that an earlier report
 * added is replaced, so that a file mended twice does not grow.
 */
export class ProblemTable {
  private readonly kept: readonly number[];

  constructor(
    private readonly columns: readonly string[],
    private readonly mapping: ColumnMapping,
  ) {
    const isMapped = Object.values(mapping).some(({ column }) => column === PROBLEM);
    this.kept = columns.map((_, at) => at).filter((at) => isMapped || columns[at] !== PROBLEM);
  }

  get header(): string[] {
    return [...this.kept.map((at) => this.columns[at]!), PROBLEM];
  }

  /**
   * One row for a line, however many things are wrong with it. Surplus cells stand behind the problem, where the header has
   * no column: unless somebody mends the line, it is refused again for having too many.
   */
  row(troubles: readonly LineTrouble[]): string[] {
    const { cells } = troubles[0]!;
    return [...this.kept.map((at) => cells[at] ?? ''), wordsOf(troubles, this.mapping), ...cells.slice(this.columns.length)];
  }
}

/**
 * The line of an NDJSON file with one more member that says what is wrong, and all else as it was, numbers to the last digit.
 * A line that is no object stands as text in one.
 */
export function problemLine(troubles: readonly LineTrouble[], mapping: ColumnMapping): string {
  const text = troubles[0]!.cells[0]?.trim() ?? '';
  const words = JSON.stringify(wordsOf(troubles, mapping));
  const object = parseJsonLine(text);
  if (!object) return `{"line":${JSON.stringify(text)},"${PROBLEM}":${words}}`;
  const inner = text.slice(1, -1).trim();
  return `{${inner}${inner === '' ? '' : ','}"${nameIn(object)}":${words}}`;
}

/** Where the record has a member of that name already, another is found for it. */
function nameIn(record: object): string {
  let name = PROBLEM;
  for (let again = 2; Object.hasOwn(record, name); again += 1) name = `${PROBLEM} (${again})`;
  return name;
}

function wordsOf(troubles: readonly LineTrouble[], mapping: ColumnMapping): string {
  return `Line ${troubles[0]!.line}: ${troubles.map((trouble) => `${placeOf(trouble, mapping)}${trouble.detail}`).join('; ')}`;
}

/** The file's name of the column, which whoever mends the file looks for, and ours. */
function placeOf({ column }: LineTrouble, mapping: ColumnMapping): string {
  if (column === undefined) return '';
  const inFile = Object.hasOwn(mapping, column) ? mapping[column]!.column : undefined;
  return inFile === undefined || inFile === column ? `${column}: ` : `${inFile} (${column}): `;
}
