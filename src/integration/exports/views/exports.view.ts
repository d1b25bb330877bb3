import { Injectable } from '@nestjs/common';
import { may, type Actor } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { AuditReads } from '../../../platform/audit/audit-reads.js';
import { Database } from '../../../platform/database/database.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';
import type { ExportDefinition } from '../../../platform/transfer/export-definition.js';
import { Exports } from '../../../platform/transfer/exports.js';
import { rangeIn, type ByteRange } from '../domain/byte-range.js';
import { fileNameOf, mediaTypeOf, type ExportOrder } from '../domain/export-order.js';
import { ExportContent } from '../persistence/export-content.js';
import { ExportRepository, type Export } from '../persistence/export.repository.js';

/** An export and how far it is. */
export interface ExportView extends Omit<OperationView, 'kind' | 'result'>, Pick<ExportOrder, 'resource' | 'format' | 'compress' | 'filters' | 'columns' | 'timeZone'> {
  /** Lines of the file so far, its header not among them. */
  readonly lines: number;
  readonly bytes: number;
  readonly fileName: string;
  /** Null until the file is there. */
  readonly expiresAt: Date | null;
}

/** A file, or a part of it, on its way out. */
export interface ExportFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly range: ByteRange;
  readonly isPart: boolean;
  readonly bytes: AsyncGenerator<Buffer>;
}

/** Exports are seen by who asked for them, and by nobody else. */
@Injectable()
export class ExportsView {
  constructor(
    private readonly database: Database,
    private readonly exports: Exports,
    private readonly orders: ExportRepository,
    private readonly content: ExportContent,
    private readonly operations: Operations,
    private readonly reads: AuditReads,
  ) {}

  /** What can be exported, by name. */
  resources(): readonly ExportDefinition[] {
    return [...this.exports.all()].sort((one, other) => (one.resource < other.resource ? -1 : 1));
  }

  /** @throws DomainError missing, also for somebody else's and once it has expired. */
  async get(actor: Actor, id: Id): Promise<ExportView> {
    const order = await this.own(actor, id);
    // Before its file, so that progress is never ahead of what is there.
    const { status, progress, error, createdAt, updatedAt, finishedAt } = await this.operations.get(id);
    const { resource, format, compress, filters, columns, timeZone, lines, bytes, completedAt } = (await this.orders.get(this.database, id)) ?? order;
    return {
      id, resource, format, compress, filters, columns, timeZone, status, progress, lines, bytes, fileName: fileNameOf(order),
      error, createdAt, updatedAt, finishedAt, expiresAt: completedAt && order.expiresAt,
    };
  }

  /**
   * The file, or the part of it that `range` (a Range header) asks for. Whoever lost the right to read what is in it since does not
   * get it.
   * @throws DomainError missing, forbidden, or conflict while it is not whole.
   */
  async file(actor: Actor, id: Id, range: string | undefined): Promise<ExportFile> {
    const order = await this.own(actor, id);
    const permission = this.exports.get(order.resource)?.permission;
    if (permission === undefined || !may(actor, permission)) {
      throw new DomainError('forbidden', 'permission_missing', `An export of ${order.resource} is given to those who hold ${permission ?? 'no permission any more'} beside export:run.`);
    }
    if (order.completedAt === null) throw new DomainError('conflict', 'export_not_ready', 'The file is not whole yet. Wait until the operation has succeeded; if it failed or was cancelled, resume it.');
    const asked = rangeIn(range, order.bytes);
    const found = asked === undefined || asked === 'unsatisfiable' ? { start: 0, end: order.bytes } : asked;
    await this.reads.record(actor, { action: 'export.downloaded', subjectType: 'export', subjectIds: [id] });
    return { name: fileNameOf(order), type: mediaTypeOf(order), size: order.bytes, range: found, isPart: found === asked, bytes: this.content.read(order, found) };
  }

  private async own(actor: Actor, id: Id): Promise<Export> {
    const order = await this.orders.get(this.database, id);
    if (order && order.owner.kind === actor.kind && order.owner.id === actor.id) return order;
    throw notFound('export', id);
  }
}
