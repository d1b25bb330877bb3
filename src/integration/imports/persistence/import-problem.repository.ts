import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { LineProblem } from '../../../platform/transfer/import-definition.js';
import { openText, sealText } from '../../../platform/vault/person-cipher.js';
import type { Upload } from '../../files/persistence/upload.js';

/** Why a line was refused, with its cells as the file has them (one, the whole line, for NDJSON). */
export interface RefusedLine extends LineProblem {
  readonly cells: readonly string[];
}

/** The last problem of the page before. */
export interface ProblemsAfter {
  readonly line: number;
  readonly ordinal: number;
}

export interface StoredProblem extends RefusedLine {
  /** Tells several problems of one line apart. */
  readonly ordinal: number;
}

interface Sealed {
  readonly detail: string;
  readonly cells: readonly string[];
}

const ADD = sql<never>('import_problem.add', `
  insert into integration.import_problem (operation_id, upload_id, line, ordinal, column_name, code, sealed)
  select $1, $2, line, ordinal, column_name, code, sealed
    from unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::bytea[]) as p (line, ordinal, column_name, code, sealed)`);

const FORGET = sql<never>('import_problem.forget', `delete from integration.import_problem where operation_id = $1 and line > $2`);

interface ProblemRow {
  readonly line: number;
  readonly ordinal: number;
  readonly column_name: string | null;
  readonly code: string;
  readonly sealed: Buffer;
}

const PAGE = sql<ProblemRow>('import_problem.page', `
  select line, ordinal, column_name, code, sealed
    from integration.import_problem
   where operation_id = $1 and (line, ordinal) > ($2, $3)
   order by line, ordinal limit $4`);

/** As `PAGE`, but of lines together no longer than a piece: one line may be a megabyte. */
const PIECE = sql<ProblemRow>('import_problem.piece', `
  select line, ordinal, column_name, code, sealed
    from (select line, ordinal, column_name, code, sealed, sum(octet_length(sealed)) over (order by line, ordinal) - octet_length(sealed) as before
            from (select line, ordinal, column_name, code, sealed
                    from integration.import_problem
                   where operation_id = $1 and (line, ordinal) > ($2, $3)
                   order by line, ordinal limit $4) as next) as measured
   where before < $5 order by line, ordinal`);

const ROWS_OF_A_PIECE = 500;
const BYTES_OF_A_PIECE = 2 * 1024 * 1024;

/** What imports refused, sealed under the key of the upload it came from. */
@Injectable()
export class ImportProblemRepository {
  constructor(private readonly database: Database) {}

  /** Adds the problems of one chunk; those of a line must not be spread over two calls. */
  async add(tx: Tx, operationId: Id, upload: Pick<Upload, 'id' | 'key'>, problems: readonly RefusedLine[]): Promise<void> {
    if (problems.length === 0) return;
    const seen = new Map<number, number>();
    const ordinals = problems.map(({ line }) => {
      const ordinal = seen.get(line) ?? 0;
      seen.set(line, ordinal + 1);
      return ordinal;
    });
    await tx.query(ADD, [
      operationId,
      upload.id,
      problems.map(({ line }) => line),
      ordinals,
      problems.map(({ column }) => column ?? null),
      problems.map(({ code }) => code),
      problems.map(({ detail, cells }) => sealText(upload.key, operationId, JSON.stringify({ detail, cells } satisfies Sealed))),
    ]);
  }

  /** Takes back what was said of lines behind `line`, which are tried again. */
  async forget(tx: Tx, operationId: Id, line: number): Promise<void> {
    await tx.query(FORGET, [operationId, line]);
  }

  async page(operationId: Id, upload: Pick<Upload, 'key'>, after: ProblemsAfter, limit: number): Promise<StoredProblem[]> {
    const rows = await this.database.query(PAGE, [operationId, after.line, after.ordinal, limit]);
    return rows.map((row) => toProblem(row, operationId, upload));
  }

  /** The next problems, as many as fit into memory with ease; none at the end. */
  async piece(operationId: Id, upload: Pick<Upload, 'key'>, after: ProblemsAfter): Promise<StoredProblem[]> {
    const rows = await this.database.query(PIECE, [operationId, after.line, after.ordinal, ROWS_OF_A_PIECE, BYTES_OF_A_PIECE]);
    return rows.map((row) => toProblem(row, operationId, upload));
  }
}

function toProblem(row: ProblemRow, operationId: Id, { key }: Pick<Upload, 'key'>): StoredProblem {
  const { detail, cells } = JSON.parse(openText(key, operationId, row.sealed)) as Sealed;
  return { line: row.line, ordinal: row.ordinal, column: row.column_name ?? undefined, code: row.code, detail, cells };
}
