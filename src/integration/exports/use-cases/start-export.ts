import { Injectable } from '@nestjs/common';
import { may } from '../../../kernel/actor.js';
import { DomainError, type FieldError } from '../../../kernel/domain-error.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';
import { columnNamed } from '../../../platform/transfer/import-definition.js';
import { columnsAtPresent, type ExportDefinition } from '../../../platform/transfer/export-definition.js';
import { readFilters } from '../../../platform/transfer/export-filter.js';
import { Exports } from '../../../platform/transfer/exports.js';
import type { ExportFormat } from '../domain/export-order.js';
import { ExportRepository } from '../persistence/export.repository.js';

export const EXPORT = 'integration.export';

/** What an import takes. */
export const MOST_COLUMNS = 500;

export interface StartExportCommand {
  readonly resource: string;
  readonly format: ExportFormat;
  readonly compress: boolean;
  readonly filters: Readonly<Record<string, unknown>>;
  /** All that can be imported if left out. */
  readonly columns?: readonly string[];
  readonly timeZone?: string;
}

/** Checks what is asked for, settles which columns the file has, and starts the operation that writes it. */
@Injectable()
export class StartExport {
  constructor(
    private readonly orders: ExportRepository,
    private readonly exports: Exports,
    private readonly operations: Operations,
  ) {}

  /** @throws DomainError rule with a pointer to each thing that cannot be had, or forbidden. */
  async run(tx: Tx, { resource, format, compress, filters, columns, timeZone = 'UTC' }: StartExportCommand): Promise<OperationView> {
    const definition = this.definitionOf(resource);
    mustRead(tx, definition);
    const { values, errors } = readFilters(definition.filters, filters);
    const wrong = [...errors, ...unknownColumns(columns ?? [], definition), ...(compress && format === 'xlsx' ? [ALREADY_PACKED] : [])];
    if (wrong.length > 0) throw invalid(wrong);

    const chosen = columns ?? (await columnsAtPresent(definition, tx, MOST_COLUMNS));
    if (chosen.length > MOST_COLUMNS) throw invalid([{ pointer: '/columns', code: 'too_many_columns', detail: `would be more than ${MOST_COLUMNS}; name those you need` }]);
    const operation = await this.operations.start(tx, EXPORT, { resource, format });
    await this.orders.add(tx, { operationId: operation.id, resource, format, compress, filters: values, columns: chosen, timeZone, createdAt: tx.startedAt });
    tx.audit({ action: 'export.started', subjectType: 'export', subjectId: operation.id, fields: chosen, details: { resource, format, filters: JSON.stringify(values) } });
    return operation;
  }

  private definitionOf(resource: string): ExportDefinition {
    const definition = this.exports.get(resource);
    if (definition) return definition;
    const known = this.exports.all().map((one) => one.resource).join(', ');
    throw invalid([{ pointer: '/resource', code: 'unknown_resource', detail: `is not one of ${known}` }]);
  }
}

const ALREADY_PACKED: FieldError = { pointer: '/compress', code: 'already_packed', detail: 'is for csv and ndjson; a workbook is packed as it is' };

function mustRead({ actor }: Tx, { resource, permission }: ExportDefinition): void {
  if (may(actor, permission)) return;
  throw new DomainError('forbidden', 'permission_missing', `Exporting ${resource} needs the permission ${permission} beside export:run. Ask an administrator for it.`);
}

function unknownColumns(columns: readonly string[], definition: ExportDefinition): FieldError[] {
  return columns.flatMap((name, index) => {
    const pointer = `/columns/${index}`;
    if (!columnNamed(definition, name)) return [{ pointer, code: 'unknown_column', detail: `is no column of ${definition.resource}; GET /v1/exports/resources lists them` }];
    return columns.indexOf(name) < index ? [{ pointer, code: 'given_twice', detail: 'is in the list twice; give it once' }] : [];
  });
}

function invalid(errors: readonly FieldError[]): DomainError {
  return new DomainError('rule', 'export_does_not_fit', `The export cannot begin: ${errors.length === 1 ? 'one thing does' : `${errors.length} things do`} not fit. See errors, mend each and send it again.`, { errors });
}
