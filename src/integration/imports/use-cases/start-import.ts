import { Injectable } from '@nestjs/common';
import { may } from '../../../kernel/actor.js';
import { DomainError, type FieldError } from '../../../kernel/domain-error.js';
import { AppConfig } from '../../../platform/config/config.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';
import { columnNamed, isOpen, type ImportDefinition } from '../../../platform/transfer/import-definition.js';
import { Imports } from '../../../platform/transfer/imports.js';
import type { ColumnMapping } from '../domain/column-mapping.js';
import { ImportRepository } from '../persistence/import.repository.js';
import { contentGone } from '../../files/persistence/upload-content.js';
import type { Upload } from '../../files/persistence/upload.js';
import { UploadRepository } from '../../files/persistence/upload.repository.js';
import { textLines } from './import-work.js';
import { permissionMissing } from './permission-missing.js';

export const IMPORT = 'integration.import';

export interface StartImportCommand {
  readonly uploadId: string;
  readonly resource: string;
  readonly mapping: ColumnMapping;
  readonly dryRun: boolean;
  readonly timeZone?: string;
  readonly currency?: string;
}

/** Checks that the file's columns fit what is to be imported, and starts the operation that does it. */
@Injectable()
export class StartImport {
  constructor(
    private readonly uploads: UploadRepository,
    private readonly importsDone: ImportRepository,
    private readonly imports: Imports,
    private readonly operations: Operations,
    private readonly config: AppConfig,
  ) {}

  /** @throws DomainError rule with a pointer to each thing that does not fit, or forbidden. */
  async run(tx: Tx, command: StartImportCommand): Promise<OperationView> {
    const definition = this.definitionOf(command.resource);
    if (!may(tx.actor, definition.permission)) throw permissionMissing(definition);
    const upload = await this.uploads.find(tx, tx.actor, command.uploadId);
    if (!upload) throw invalid([{ pointer: '/uploadId', code: 'not_found', detail: 'is no upload of yours; it may have expired. Upload the file again' }]);
    if (!upload.hasContent) throw contentGone(upload.id);
    const errors = [...unfitColumns(command.mapping, definition, upload), ...missingColumns(command.mapping, definition)];
    if (errors.length > 0) throw invalid(errors);

    await this.uploads.keep(tx, upload.id);
    const operation = await this.operations.start(tx, IMPORT, { uploadId: upload.id, resource: definition.resource, dryRun: command.dryRun }, textLines(upload));
    await this.importsDone.add(tx, operation.id, upload, {
      resource: definition.resource,
      mapping: command.mapping,
      settings: { timeZone: command.timeZone ?? 'UTC', currency: command.currency ?? this.config.currency },
      dryRun: command.dryRun,
    });
    return operation;
  }

  private definitionOf(resource: string): ImportDefinition {
    const definition = this.imports.get(resource);
    if (definition) return definition;
    const known = this.imports.all().map((one) => one.resource).join(', ');
    throw invalid([{ pointer: '/resource', code: 'unknown_resource', detail: `is not one of ${known}` }]);
  }
}

function unfitColumns(mapping: ColumnMapping, definition: ImportDefinition, upload: Upload): FieldError[] {
  const inFile = new Set(upload.columns);
  return Object.entries(mapping).flatMap(([name, rule]) => {
    const pointer = `/mapping/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!columnNamed(definition, name)) {
      return [{ pointer, code: 'unknown_column', detail: `is no column of ${definition.resource}; GET /v1/imports/resources lists them` }];
    }
    // Lines of NDJSON differ, so a path that the first ones lack is no mistake.
    if (rule.column !== undefined && upload.format === 'csv' && !inFile.has(rule.column)) {
      return [{ pointer, code: 'unknown_file_column', detail: `"${rule.column}" is not in the file, which has ${listed(upload.columns)}` }];
    }
    return rule.column === undefined && rule.constant === undefined ? [{ pointer, code: 'nothing_mapped', detail: 'needs a column of the file or a constant' }] : [];
  });
}

function missingColumns(mapping: ColumnMapping, definition: ImportDefinition): FieldError[] {
  const mapped = Object.keys(mapping);
  return definition.columns
    .filter((column) => column.required && !mapped.some((name) => columnNamed({ ...definition, columns: [column] }, name)))
    .map((column) => ({
      pointer: '/mapping',
      code: 'column_missing',
      detail: `must say where ${isOpen(column) ? `a column such as ${column.name}` : column.name} comes from: ${column.description}`,
    }));
}

function listed(columns: readonly string[]): string {
  return columns.length > 20 ? `${columns.slice(0, 20).join(', ')} and ${columns.length - 20} more` : columns.join(', ');
}

function invalid(errors: readonly FieldError[]): DomainError {
  return new DomainError('rule', 'import_does_not_fit', `The import cannot begin: ${errors.length === 1 ? 'one thing does' : `${errors.length} things do`} not fit. See errors, mend each and send it again.`, { errors });
}
