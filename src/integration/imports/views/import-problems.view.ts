import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { CSV_BOM, csvRows } from '../../../platform/transfer/csv.js';
import { ImportProblemRepository, type ProblemsAfter, type StoredProblem } from '../persistence/import-problem.repository.js';
import type { Upload } from '../../files/persistence/upload.js';
import { OpenedImports } from './opened-imports.js';

const CURSOR = 'import-problems:line';
const FROM_THE_START: ProblemsAfter = { line: 0, ordinal: -1 };
const ROWS_AT_A_TIME = 500;

export interface ImportProblem {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly detail: string;
}

/** The lines an import refused. They hold what the file says about people, so reading them is written down. */
@Injectable()
export class ImportProblemsView {
  constructor(
    private readonly opened: OpenedImports,
    private readonly problems: ImportProblemRepository,
    private readonly cursors: Cursors,
  ) {}

  /** @throws DomainError missing, forbidden, or gone once the upload has expired. */
  async list(actor: Actor, operationId: Id, cursor: string | undefined, limit: number): Promise<Page<ImportProblem>> {
    const { upload } = await this.opened.open(actor, operationId, 'problem');
    const [line = 0, ordinal = -1] = cursor === undefined ? [] : this.cursors.decode(CURSOR, cursor).map(Number);
    const found = await this.problems.page(operationId, upload, { line, ordinal }, limit + 1);
    const { data, page } = pageOf(found, limit, (last) => this.cursors.encode(CURSOR, [last.line, last.ordinal]));
    return { data: data.map(present), page };
  }

  /**
   * The refused lines as the file had them, with one more column that says why: mended there, it can be uploaded again.
   * @throws DomainError as `list`, before the first text.
   */
  async csv(actor: Actor, operationId: Id): Promise<AsyncGenerator<string>> {
    return this.csvOf(operationId, (await this.opened.open(actor, operationId, 'problem')).upload);
  }

  private async *csvOf(operationId: Id, upload: Upload): AsyncGenerator<string> {
    const columns = upload.format === 'csv' ? upload.columns : ['record'];
    yield CSV_BOM + csvRows([[...columns, 'problem']]);
    let after = FROM_THE_START;
    let line: StoredProblem[] = [];
    for (;;) {
      const found = await this.problems.page(operationId, upload, after, ROWS_AT_A_TIME);
      const rows: string[][] = [];
      for (const problem of found) {
        if (line[0] && line[0].line !== problem.line) {
          rows.push(rowOf(line, columns.length));
          line = [];
        }
        line.push(problem);
      }
      const last = found.at(-1);
      if (!last || found.length < ROWS_AT_A_TIME) {
        yield csvRows(line.length > 0 ? [...rows, rowOf(line, columns.length)] : rows);
        return;
      }
      yield csvRows(rows);
      after = last;
    }
  }
}

function present({ line, column, code, detail }: StoredProblem): ImportProblem {
  return { line, column: column ?? null, code, detail };
}

/**
 * One row for a line, however many things are wrong with it. Surplus cells stand behind the problem, where the header has
 * no column: unless somebody mends the line, it is refused again for having too many.
 */
function rowOf(problems: readonly StoredProblem[], columns: number): string[] {
  const { line, cells } = problems[0]!;
  const words = problems.map(({ column, detail }) => (column === undefined ? detail : `${column}: ${detail}`));
  return [...Array.from({ length: columns }, (_, at) => cells[at] ?? ''), `Line ${line}: ${words.join('; ')}`, ...cells.slice(columns)];
}
