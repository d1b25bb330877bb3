import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ImportSettings } from '../../../platform/transfer/import-definition.js';
import { openText, sealText } from '../../../platform/vault/person-cipher.js';
import type { Upload } from '../../files/persistence/upload.js';
import type { ColumnMapping } from '../domain/column-mapping.js';
import type { OnError } from '../domain/import-profile.js';
import type { ImportRow } from '../../persistence/integration.table.js';

/** What an import is to do. */
export interface ImportOrder {
  readonly resource: string;
  readonly mapping: ColumnMapping;
  readonly settings: ImportSettings;
  readonly onError: OnError;
  /** Everything is tried and nothing kept. */
  readonly dryRun: boolean;
}

/** Lines of the file by what became of them. */
export interface ImportCounts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Left out, as the mapping says of lines where a column is blank. */
  readonly skipped: number;
  readonly refused: number;
}

export interface Import extends Omit<ImportOrder, 'mapping'> {
  readonly operationId: Id;
  readonly uploadId: Id;
  /** Opened by `mappingOf`, as long as the upload is there. */
  readonly sealedMapping: Buffer;
  readonly counts: ImportCounts;
  /** The operation that last took it back. */
  readonly revertId: Id | null;
}

const ADD = sql<never>('import.add', `
  insert into integration.import (operation_id, upload_id, resource, sealed_mapping, time_zone, currency, on_error, dry_run, created, updated, unchanged, skipped, refused)
  values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0)`);

const GET = sql<ImportRow>('import.get', `
  select operation_id, upload_id, resource, sealed_mapping, time_zone, currency, on_error, dry_run, created, updated, unchanged, skipped, refused, revert_id, folded_line
    from integration.import where operation_id = $1`);

const COUNT = sql<ImportCounts>('import.count', `
  update integration.import
     set created = created + $2, updated = updated + $3, unchanged = unchanged + $4, skipped = skipped + $5, refused = refused + $6
   where operation_id = $1 and revert_id is null
  returning created, updated, unchanged, skipped, refused`);

/** Waits for a chunk under way. */
const REVERT = sql<{ before: Id | null }>('import.revert', `
  update integration.import set revert_id = $2 where operation_id = $1 returning old.revert_id as before`);

@Injectable()
export class ImportRepository {
  /** The mapping names columns of the file, which are its first record if it has no header, so it is sealed as the file is. */
  async add(tx: Tx, operationId: Id, upload: Pick<Upload, 'id' | 'key'>, { resource, mapping, settings, onError, dryRun }: ImportOrder): Promise<void> {
    await tx.query(ADD, [operationId, upload.id, resource, sealText(upload.key, operationId, JSON.stringify(mapping)), settings.timeZone, settings.currency, onError, dryRun]);
  }

  async get(door: Sql, operationId: Id): Promise<Import | undefined> {
    const row = await one(door, GET, [operationId]);
    return row && toImport(row);
  }

  /** Adds what a chunk did, in the chunk's transaction. @returns the counts so far @throws DomainError rule once it was taken back. */
  async count(tx: Tx, operationId: Id, { created, updated, unchanged, skipped, refused }: ImportCounts): Promise<ImportCounts> {
    const [counts] = await tx.query(COUNT, [operationId, created, updated, unchanged, skipped, refused]);
    if (!counts) throw new DomainError('rule', 'import_reverted', 'This import was taken back, so nothing more of it goes in. Upload the file and import it anew.');
    return counts;
  }

  /** From the end of `tx` on, nothing more of the import goes in. @returns the operation that took it back before */
  async revertBy(tx: Tx, operationId: Id, revertId: Id): Promise<Id | null> {
    const [row] = await tx.query(REVERT, [operationId, revertId]);
    return row!.before;
  }
}

function toImport(row: ImportRow): Import {
  return {
    operationId: row.operation_id,
    uploadId: row.upload_id,
    resource: row.resource,
    sealedMapping: row.sealed_mapping,
    settings: { timeZone: row.time_zone, currency: row.currency },
    onError: row.on_error,
    dryRun: row.dry_run,
    revertId: row.revert_id,
    counts: { created: row.created, updated: row.updated, unchanged: row.unchanged, skipped: row.skipped, refused: row.refused },
  };
}

export function mappingOf({ operationId, sealedMapping }: Pick<Import, 'operationId' | 'sealedMapping'>, { key }: Pick<Upload, 'key'>): ColumnMapping {
  return JSON.parse(openText(key, operationId, sealedMapping)) as ColumnMapping;
}
