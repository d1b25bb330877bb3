import { Injectable } from '@nestjs/common';
import { concurrencyConflict } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Imports } from '../../../platform/transfer/imports.js';
import type { ProfileContent, ProfileOptions } from '../domain/import-profile.js';
import { mergePatch } from '../domain/merge-patch.js';
import { readMapping } from '../domain/read-mapping.js';
import { ImportProfileRepository } from '../persistence/import-profile.repository.js';
import { mustFit } from './profile-content.js';

/** A merge patch of a profile, whose members were checked except for the mapping's. */
export interface ProfilePatch {
  readonly name?: string;
  readonly resource?: string;
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly options?: { readonly [Name in keyof ProfileOptions]: ProfileOptions[Name] | null } | null;
}

@Injectable()
export class ChangeImportProfile {
  constructor(
    private readonly imports: Imports,
    private readonly profiles: ImportProfileRepository,
  ) {}

  /** @throws DomainError missing, stale if it is not at `version`, malformed or rule if the whole would fit no import, conflict if another has the name. */
  async run(tx: Tx, id: Id, version: number, patch: ProfilePatch): Promise<void> {
    const { version: present, name, resource, mapping, options } = await this.profiles.get(tx, id);
    if (present !== version) throw concurrencyConflict('import profile', id);
    const merged = mergePatch({ name, resource, mapping, options }, patch) as Omit<ProfileContent, 'mapping' | 'options'> & Pick<ProfilePatch, 'mapping'> & Partial<Pick<ProfileContent, 'options'>>;
    const content: ProfileContent = { ...merged, mapping: readMapping(merged.mapping ?? {}), options: merged.options ?? {} };
    mustFit(content, this.imports);
    await this.profiles.save(tx, id, version, content);
    tx.audit({ action: 'import_profile.changed', subjectType: 'import_profile', subjectId: id, fields: Object.keys(patch).sort() });
  }
}
