import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { OperationRun } from '../../../platform/jobs/operation.js';
import type { ImportDefinition } from '../../../platform/transfer/import-definition.js';
import { Imports } from '../../../platform/transfer/imports.js';
import type { Upload } from '../../files/persistence/upload.js';
import { UploadRepository } from '../../files/persistence/upload.repository.js';
import type { ColumnMapping } from '../domain/column-mapping.js';
import { ImportRepository, mappingOf, type Import } from '../persistence/import.repository.js';

/** How far an import came. Lines up to `line` are dealt with, and no other. */
export interface ImportState {
  readonly line: number;
  /** Lines shown as samples so far. */
  readonly sampled?: number;
  /** What the headers mean was learned. */
  readonly learned?: boolean;
}

export type Run = OperationRun<object, ImportState>;

/** Everything an import goes by. */
export interface ImportWork {
  readonly order: Import;
  readonly mapping: ColumnMapping;
  readonly definition: ImportDefinition;
  readonly upload: Upload;
}

@Injectable()
export class ImportWorks {
  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly orders: ImportRepository,
    private readonly uploads: UploadRepository,
  ) {}

  /** @throws DomainError missing, or rule once the upload has expired or the release imports no such thing any more. */
  async of(operationId: Id): Promise<ImportWork> {
    const order = await this.orders.get(this.database, operationId);
    if (!order) throw notFound('import', operationId);
    const upload = await this.uploads.get(this.database, order.uploadId);
    if (!upload) throw new DomainError('rule', 'upload_expired', `The upload ${order.uploadId} has expired. Upload the file and import it again; what went in is recognised.`);
    const definition = this.imports.get(order.resource);
    if (!definition) throw new DomainError('rule', 'unknown_resource', `This release imports no "${order.resource}".`);
    return { order, mapping: mappingOf(order, upload), definition, upload };
  }
}

/** Lines below the header: what progress counts. */
export function textLines({ lines, header }: Pick<Upload, 'lines' | 'header'>): number {
  return Math.max(0, header ? lines - 1 : lines);
}

/** Text lines dealt with once `line` is. */
export function linesDone(upload: Pick<Upload, 'lines' | 'header'>, line: number): number {
  return Math.min(Math.max(0, line - (upload.header ? 1 : 0)), textLines(upload));
}
