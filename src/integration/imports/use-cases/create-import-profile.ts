import { Injectable } from '@nestjs/common';
import { newId, type Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Imports } from '../../../platform/transfer/imports.js';
import type { ProfileContent } from '../domain/import-profile.js';
import { ImportProfileRepository } from '../persistence/import-profile.repository.js';
import { mustFit } from './profile-content.js';

@Injectable()
export class CreateImportProfile {
  constructor(
    private readonly imports: Imports,
    private readonly profiles: ImportProfileRepository,
  ) {}

  /** @throws DomainError rule if it fits no import, conflict if another profile has the name. */
  async run(tx: Tx, content: ProfileContent): Promise<Id> {
    mustFit(content, this.imports);
    const id = newId(tx.startedAt.getTime());
    await this.profiles.insert(tx, id, content);
    tx.audit({ action: 'import_profile.created', subjectType: 'import_profile', subjectId: id, details: { resource: content.resource } });
    return id;
  }
}
