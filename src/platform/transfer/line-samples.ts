import type { Id } from '../../kernel/id.js';
import type { FieldChange, LineChange } from './import-definition.js';

/** A record as a file would have it: text by name of the column; what is blank is left out. */
export type RecordCells = Readonly<Record<string, string | null | undefined>>;

/** Picks lines to show from those applied: the first that changed something, and what room they leave for those that did not. */
export class LineSamples {
  private readonly changes: LineChange[] = [];
  private readonly others: LineChange[] = [];

  constructor(private readonly limit = 0) {}

  /** False once no more lines would be taken, so that nobody need look what was there before. */
  get hasRoom(): boolean {
    return this.changes.length < this.limit;
  }

  /** True if a line of which this became would be taken. */
  wants(deed: LineChange['deed']): boolean {
    return this.listOf(deed).length < this.limit;
  }

  note(line: number, deed: LineChange['deed'], id: Id | undefined, before: RecordCells, after: RecordCells): void {
    if (this.wants(deed)) this.listOf(deed).push({ line, deed, ...(id !== undefined && { id }), fields: differences(before, after) });
  }

  /** In the order of the lines; undefined where none were asked for. */
  get taken(): LineChange[] | undefined {
    if (this.limit === 0) return undefined;
    return [...this.changes, ...this.others.slice(0, this.limit - this.changes.length)].sort((one, other) => one.line - other.line);
  }

  private listOf(deed: LineChange['deed']): LineChange[] {
    return deed === 'unchanged' ? this.others : this.changes;
  }
}

function differences(before: RecordCells, after: RecordCells): FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((column) => ({ column, before: before[column] ?? null, after: after[column] ?? null }))
    .filter((field) => field.before !== field.after);
}
