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

const PAGE = sql<{ line: number; ordinal: number; column_name: string | null; code: string; sealed: Buffer }>('import_problem.page', `
  select line, ordinal, column_name, code, sealed
    from integration.import_problem
   where operation_id = $1 and (line, ordinal) > ($2, $3)
   order by line, ordinal limit $4`);

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
    return rows.map((row) => {
      const { detail, cells } = JSON.parse(openText(upload.key, operationId, row.sealed)) as Sealed;
      return { line: row.line, ordinal: row.ordinal, column: row.column_name ?? undefined, code: row.code, detail, cells };
    });
  }
}
