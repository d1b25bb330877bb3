import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { ImportProfileRepository } from '../persistence/import-profile.repository.js';

@Injectable()
export class DeleteImportProfile {
  constructor(private readonly profiles: ImportProfileRepository) {}

  /** Imports that went by it are not touched. @throws DomainError missing, stale if it is not at `version`. */
  async run(tx: Tx, id: Id, version: number): Promise<void> {
    await this.profiles.get(tx, id);
    await this.profiles.delete(tx, id, version);
    tx.audit({ action: 'import_profile.deleted', subjectType: 'import_profile', subjectId: id });
  }
}
