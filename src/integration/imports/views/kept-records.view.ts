import { Injectable } from '@nestjs/common';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { ImportRecords, type StayReason } from '../persistence/import-records.js';
import { ImportRepository } from '../persistence/import.repository.js';

const CURSOR = 'import-kept:line';
const FROM_THE_START = ['-1', '00000000-0000-0000-0000-000000000000', '-1'] as const;

export interface KeptRecordView {
  readonly id: Id;
  /** Null for a record that is whole by its id. */
  readonly part: number | null;
  readonly line: number;
  readonly reason: StayReason;
}

/** What stayed when an import was taken back. */
@Injectable()
export class KeptRecordsView {
  constructor(
    private readonly database: Database,
    private readonly orders: ImportRepository,
    private readonly records: ImportRecords,
    private readonly cursors: Cursors,
  ) {}

  /** In the order of the file. @throws DomainError missing. */
  async list(importId: Id, cursor: string | undefined, limit: number): Promise<Page<KeptRecordView>> {
    if (!(await this.orders.get(this.database, importId))) throw notFound('import', importId);
    const [line, id, part] = cursor === undefined ? FROM_THE_START : this.cursors.decode(CURSOR, cursor);
    const found = await this.records.kept(this.database, importId, { line: Number(line), id: String(id), part: Number(part) }, limit + 1);
    const { data, page } = pageOf(found, limit, (last) => this.cursors.encode(CURSOR, [last.line, last.id, last.part]));
    return { data: data.map((record) => ({ id: record.id, part: record.part === 0 ? null : record.part, line: record.line, reason: record.reason })), page };
  }
}
