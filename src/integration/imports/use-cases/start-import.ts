import { Injectable } from '@nestjs/common';
import { may } from '../../../kernel/actor.js';
import { DomainError, type FieldError } from '../../../kernel/domain-error.js';
import { AppConfig } from '../../../platform/config/config.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';
import { Imports } from '../../../platform/transfer/imports.js';
import { contentGone } from '../../files/persistence/upload-content.js';
import { UploadRepository } from '../../files/persistence/upload.repository.js';
import type { ColumnMapping } from '../domain/column-mapping.js';
import type { ProfileOptions } from '../domain/import-profile.js';
import { ImportProfileRepository } from '../persistence/import-profile.repository.js';
import { ImportRepository } from '../persistence/import.repository.js';
import { textLines } from './import-work.js';
import { unfitForFile, unfitForResource, unknownResource } from './mapping-fit.js';
import { permissionMissing } from './permission-missing.js';

export const IMPORT = 'integration.import';

/** What is imported, and how the file says it. */
export interface MappedResource {
  readonly resource: string;
  readonly mapping: ColumnMapping;
}

export interface StartImportCommand {
  readonly uploadId: string;
  /** Either this or `by`. */
  readonly profileId?: string;
  readonly by?: MappedResource;
  readonly dryRun: boolean;
  /** Before those of the profile. */
  readonly options: ProfileOptions;
}

/** Checks that the file's columns fit what is to be imported, and starts the operation that does it. */
@Injectable()
export class StartImport {
  constructor(
    private readonly uploads: UploadRepository,
    private readonly importsDone: ImportRepository,
    private readonly profiles: ImportProfileRepository,
    private readonly imports: Imports,
    private readonly operations: Operations,
    private readonly config: AppConfig,
  ) {}

  /** @throws DomainError rule with a pointer to each thing that does not fit, or forbidden. */
  async run(tx: Tx, command: StartImportCommand): Promise<OperationView> {
    const { resource, mapping, options } = await this.wanted(tx, command);
    const definition = this.imports.get(resource);
    if (!definition) throw invalid([unknownResource(this.imports)]);
    if (!may(tx.actor, definition.permission)) throw permissionMissing(definition);
    const upload = await this.uploads.find(tx, tx.actor, command.uploadId);
    if (!upload) throw invalid([{ pointer: '/uploadId', code: 'not_found', detail: 'is no upload of yours; it may have expired. Upload the file again' }]);
    if (!upload.hasContent) throw contentGone(upload.id);
    const errors = [...unfitForFile(mapping, upload), ...unfitForResource(mapping, definition)];
    if (errors.length > 0) throw invalid(errors);

    await this.uploads.keep(tx, upload.id);
    const operation = await this.operations.start(tx, IMPORT, { uploadId: upload.id, resource, dryRun: command.dryRun }, textLines(upload));
    await this.importsDone.add(tx, operation.id, upload, {
      resource,
      mapping,
      settings: { timeZone: options.timeZone ?? 'UTC', currency: options.currency ?? this.config.currency },
      onError: options.onError ?? 'skip',
      dryRun: command.dryRun,
    });
    return operation;
  }

  private async wanted(tx: Tx, { profileId, by, options }: StartImportCommand): Promise<MappedResource & { readonly options: ProfileOptions }> {
    if (profileId === undefined && by) return { ...by, options };
    if (profileId === undefined || by) throw invalid([{ pointer: '/profileId', code: 'one_of_two', detail: 'stands for resource and mapping; send it or these two' }]);
    const profile = await this.profiles.find(tx, profileId);
    if (!profile) throw invalid([{ pointer: '/profileId', code: 'not_found', detail: 'is no import profile; GET /v1/import-profiles lists them' }]);
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    return { resource: profile.resource, mapping: profile.mapping, options: { ...profile.options, ...given } };
  }
}

function invalid(errors: readonly FieldError[]): DomainError {
  return new DomainError('rule', 'import_does_not_fit', `The import cannot begin: ${errors.length === 1 ? 'one thing does' : `${errors.length} things do`} not fit. See errors, mend each and send it again.`, { errors });
}
