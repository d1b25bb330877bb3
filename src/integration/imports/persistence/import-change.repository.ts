import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { LineChange } from '../../../platform/transfer/import-definition.js';
import { openText, sealText } from '../../../platform/vault/person-cipher.js';
import type { Upload } from '../../files/persistence/upload.js';

type Sealed = Pick<LineChange, 'id' | 'fields'>;

const ADD = sql<never>('import_change.add', `
  insert into integration.import_change (operation_id, upload_id, line, deed, sealed)
  select $1, $2, line, deed, sealed from unnest($3::bigint[], $4::text[], $5::bytea[]) as c (line, deed, sealed)`);

const PAGE = sql<{ line: number; deed: LineChange['deed']; sealed: Buffer }>('import_change.page', `
  select line, deed, sealed from integration.import_change where operation_id = $1 and line > $2 order by line limit $3`);

/** What some lines of imports changed, sealed under the key of the upload they came from. */
@Injectable()
export class ImportChangeRepository {
  constructor(private readonly database: Database) {}

  async add(tx: Tx, operationId: Id, upload: Pick<Upload, 'id' | 'key'>, changes: readonly LineChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(ADD, [
      operationId,
      upload.id,
      changes.map(({ line }) => line),
      changes.map(({ deed }) => deed),
      changes.map(({ id, fields }) => sealText(upload.key, operationId, JSON.stringify({ id, fields } satisfies Sealed))),
    ]);
  }

  async page(operationId: Id, upload: Pick<Upload, 'key'>, afterLine: number, limit: number): Promise<LineChange[]> {
    const rows = await this.database.query(PAGE, [operationId, afterLine, limit]);
    return rows.map(({ line, deed, sealed }) => ({ line, deed, ...(JSON.parse(openText(upload.key, operationId, sealed)) as Sealed) }));
  }
}
