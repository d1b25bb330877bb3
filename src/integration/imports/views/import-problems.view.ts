import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { CSV_BOM, csvRows } from '../../../platform/transfer/csv.js';
import type { ColumnMapping } from '../domain/column-mapping.js';
import { problemLine, ProblemTable } from '../domain/problem-rows.js';
import { ImportProblemRepository, type ProblemsAfter, type StoredProblem } from '../persistence/import-problem.repository.js';
import type { Upload } from '../../files/persistence/upload.js';
import { mappingOf } from '../persistence/import.repository.js';
import { OpenedImports } from './opened-imports.js';

const CURSOR = 'import-problems:line';
const FROM_THE_START: ProblemsAfter = { line: 0, ordinal: -1 };

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
   * @throws DomainError as `list`, and conflict for NDJSON, before the first text.
   */
  async csv(actor: Actor, operationId: Id): Promise<AsyncGenerator<string>> {
    const { order, upload } = await this.opened.open(actor, operationId, 'problem');
    if (upload.format === 'ndjson') throw otherFormat(operationId, 'NDJSON', 'ndjson');
    return this.csvOf(operationId, upload, new ProblemTable(upload.columns, mappingOf(order, upload)));
  }

  /** The same of an NDJSON file. @throws DomainError as `list`, and conflict for any other file, before the first text. */
  async ndjson(actor: Actor, operationId: Id): Promise<AsyncGenerator<string>> {
    const { order, upload } = await this.opened.open(actor, operationId, 'problem');
    if (upload.format !== 'ndjson') throw otherFormat(operationId, 'a table', 'csv');
    return this.ndjsonOf(operationId, upload, mappingOf(order, upload));
  }

  private async *csvOf(operationId: Id, upload: Upload, table: ProblemTable): AsyncGenerator<string> {
    // Cells parted by blanks would not stay apart beside a sentence.
    const delimiter = upload.delimiter === ' ' || upload.delimiter === null ? ',' : upload.delimiter;
    yield CSV_BOM + csvRows([table.header], delimiter);
    for await (const lines of this.linesOf(operationId, upload)) yield csvRows(lines.map((line) => table.row(line)), delimiter);
  }

  private async *ndjsonOf(operationId: Id, upload: Upload, mapping: ColumnMapping): AsyncGenerator<string> {
    for await (const lines of this.linesOf(operationId, upload)) yield lines.map((line) => `${problemLine(line, mapping)}\n`).join('');
  }

  /** Lines with all that is wrong with each, some at a time. */
  private async *linesOf(operationId: Id, upload: Upload): AsyncGenerator<StoredProblem[][]> {
    let after = FROM_THE_START;
    let open: StoredProblem[] = [];
    for (let found = await this.problems.piece(operationId, upload, after); found.length > 0; found = await this.problems.piece(operationId, upload, after)) {
      const lines: StoredProblem[][] = [];
      for (const problem of found) {
        if (open[0] && open[0].line !== problem.line) {
          lines.push(open);
          open = [];
        }
        open.push(problem);
      }
      if (lines.length > 0) yield lines;
      after = found.at(-1)!;
    }
    if (open.length > 0) yield [open];
  }
}

function present({ line, column, code, detail }: StoredProblem): ImportProblem {
  return { line, column: column ?? null, code, detail };
}

function otherFormat(operationId: Id, what: string, format: 'csv' | 'ndjson'): DomainError {
  return new DomainError('conflict', 'problems_in_other_format', `The file imported is ${what}, so its refused lines are too: GET /v1/imports/${operationId}/problems.${format}.`);
}
