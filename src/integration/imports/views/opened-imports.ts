import { Injectable } from '@nestjs/common';
import { may, type Actor } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { AuditReads } from '../../../platform/audit/audit-reads.js';
import { Database } from '../../../platform/database/database.js';
import { Imports } from '../../../platform/transfer/imports.js';
import type { Upload } from '../../files/persistence/upload.js';
import { UploadRepository } from '../../files/persistence/upload.repository.js';
import { ImportRepository, type Import } from '../persistence/import.repository.js';

/** What is shown of an import: lines it refused, or what its lines changed. */
export type Shown = 'problem' | 'change';

export interface OpenedImport {
  readonly order: Import;
  readonly upload: Upload;
}

/** Opens what imports tell about people to those who may know it, and writes down who read it. */
@Injectable()
export class OpenedImports {
  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly orders: ImportRepository,
    private readonly uploads: UploadRepository,
    private readonly reads: AuditReads,
  ) {}

  /** @throws DomainError missing, forbidden, or gone once the upload has expired. */
  async open(actor: Actor, operationId: Id, shown: Shown): Promise<OpenedImport> {
    const order = await this.orders.get(this.database, operationId);
    if (!order) throw notFound('import', operationId);
    const missing = this.needed(order.resource, shown).find((permission) => !may(actor, permission));
    if (missing !== undefined) {
      throw new DomainError('forbidden', 'permission_missing', `This is shown to those who hold ${missing} beside import:run, because it tells of ${order.resource}. Ask an administrator for it.`);
    }
    const upload = await this.uploads.get(this.database, order.uploadId);
    if (!upload) throw new DomainError('gone', 'problems_expired', 'What this import refused and changed was deleted with its upload. Import the file again to see it.');
    await this.reads.record(actor, { action: `import_${shown}.read`, subjectType: 'operation', subjectIds: [operationId] });
    return { order, upload };
  }

  /** What a line changed shows what was there before, so it is for those who may read that. */
  private needed(resource: string, shown: Shown): string[] {
    const definition = this.imports.get(resource);
    if (!definition) return ['a permission that this release does not know'];
    return shown === 'problem' ? [definition.permission] : [definition.permission, definition.readPermission];
  }
}
