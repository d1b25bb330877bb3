import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationDefinition, OperationRun, Progress } from '../../../platform/jobs/operation.js';
import { columnNamed } from '../../../platform/transfer/import-definition.js';
import type { ExportDefinition } from '../../../platform/transfer/export-definition.js';
import { Exports } from '../../../platform/transfer/exports.js';
import { EXPORT_RUN } from '../../contract/permissions.js';
import { ExportContent } from '../persistence/export-content.js';
import { ExportRepository, type Export } from '../persistence/export.repository.js';
import type { FileColumn } from './file-writer.js';
import { writerOf } from './writer-of.js';

/** Records of one transaction: some hundred kilobytes of file, and a few milliseconds between other work. */
export const PAGE_RECORDS = 500;

/** How far an export came: all records up to the one with the key `after` are in the first `bytes` of the file. */
export interface ExportState {
  readonly after: string | null;
  readonly bytes: number;
  readonly writer: object;
  readonly isWhole: boolean;
}

type Run = OperationRun<object, ExportState>;

/**
 * Writes a file page by page. Each page commits with the piece of the file it makes and how far that is, so a run that is cut
 * off goes on with the next page, and never more than a page is in memory.
 */
@Injectable()
export class RunExport implements OperationDefinition<object, ExportState> {
  readonly permission = EXPORT_RUN;

  constructor(
    private readonly database: Database,
    private readonly exports: Exports,
    private readonly orders: ExportRepository,
    private readonly content: ExportContent,
  ) {}

  async run(operation: Run): Promise<void> {
    const order = await this.orders.get(this.database, operation.id);
    if (!order) throw notFound('export', operation.id);
    const definition = this.exports.get(order.resource);
    if (!definition) throw new DomainError('rule', 'unknown_resource', `This release exports no "${order.resource}".`);
    while (operation.state.isWhole !== true) await operation.step((tx) => this.write(tx, operation, definition, order));
    const done = await this.orders.get(this.database, operation.id);
    await operation.finish({ resource: order.resource, format: order.format, records: operation.done, lines: done?.lines, bytes: operation.state.bytes });
  }

  private async write(tx: Tx, operation: Run, definition: ExportDefinition, order: Export): Promise<Progress<ExportState>> {
    const { state, done, total } = operation;
    const isFirst = state.after === undefined;
    const columns = order.columns.map((name) => columnOf(definition, name));
    const page = await definition.page(tx, order.filters, new Set(order.columns), state.after ?? undefined, operation.portion(PAGE_RECORDS));
    const writer = writerOf(order, columns, state.writer);
    const parts = [isFirst ? await writer.begin() : NOTHING, await writer.lines(page.lines), page.next === undefined ? await writer.end() : NOTHING];
    const bytes = Buffer.concat(parts);
    const start = state.bytes ?? 0;
    await this.content.add(tx, order, start, bytes);
    await this.orders.grow(tx, order.operationId, page.lines.length, bytes.length);
    const records = done + page.records;
    if (page.next === undefined) await this.complete(tx, definition, order, records);
    const expected = isFirst ? await definition.count(tx, order.filters) : (total ?? 0);
    return {
      done: records,
      // Records come and go while a file is written.
      total: page.next === undefined ? records : Math.max(expected, records),
      state: { after: page.next ?? null, bytes: start + bytes.length, writer: writer.state, isWhole: page.next === undefined },
    };
  }

  /** Whose data is in it is said by what it was narrowed to, in one entry for all of them. */
  private async complete(tx: Tx, { personal, resource }: ExportDefinition, { operationId, filters }: Export, records: number): Promise<void> {
    await this.orders.complete(tx, operationId);
    if (personal) tx.audit({ action: `${resource}.exported`, subjectType: 'export', subjectId: operationId, details: { records, filters: JSON.stringify(filters) } });
  }
}

const NOTHING = Buffer.alloc(0);

function columnOf(definition: ExportDefinition, name: string): FileColumn {
  const column = columnNamed(definition, name);
  if (!column) throw new DomainError('rule', 'unknown_column', `This release has no column "${name}" in ${definition.resource}. Export again.`);
  return { name, type: column.type };
}
