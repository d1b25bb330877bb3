import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { MasterKeys } from '../../../platform/vault/master-key.js';
import { newPersonKey } from '../../../platform/vault/person-cipher.js';
import type { ExportRow } from '../../persistence/integration.table.js';
import type { ExportFormat, ExportOrder } from '../domain/export-order.js';

/** How long a file is kept once it is there, and what of it is there if it never is. */
export const KEPT_DAYS = 7;

/** An order and what came of it so far. */
export interface Export extends ExportOrder {
  readonly key: Buffer;
  readonly owner: Pick<Actor, 'kind' | 'id'>;
  readonly lines: number;
  readonly bytes: number;
  /** When the whole file was there; null before. */
  readonly completedAt: Date | null;
  readonly expiresAt: Date;
}

const ADD = sql<never>('export.add', `
  insert into integration.export (operation_id, resource, format, compress, filters, columns, time_zone, lines, bytes, master_key_id, wrapped_key,
    created_by_kind, created_by_id, created_at, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, $10, $11, $12, $12::timestamptz + make_interval(days => $13))`);

const GET = sql<ExportRow>('export.get', `
  select operation_id, resource, format, compress, filters, columns, time_zone, lines, bytes, master_key_id, wrapped_key, created_by_kind, created_by_id,
         created_at, completed_at, expires_at
    from integration.export where operation_id = $1`);

const GROW = sql<never>('export.grow', 'update integration.export set lines = lines + $2, bytes = bytes + $3 where operation_id = $1');

const COMPLETE = sql<never>('export.complete', `
  update integration.export set completed_at = $2, expires_at = $2::timestamptz + make_interval(days => $3) where operation_id = $1`);

const FORGET = sql<{ operation_id: Id }>('export.forget', `
  delete from integration.export where operation_id in (
    select operation_id from integration.export where expires_at <= $1 order by expires_at limit $2 for update skip locked)
  returning operation_id`);

/** Exports, each under a random key of its own that the master key wraps. */
@Injectable()
export class ExportRepository {
  constructor(private readonly masterKeys: MasterKeys) {}

  async add(tx: Tx, { operationId, resource, format, compress, filters, columns, timeZone, createdAt }: ExportOrder): Promise<void> {
    const { masterKeyId, wrappedKey } = await this.masterKeys.wrap(newPersonKey());
    await tx.query(ADD, [
      operationId, resource, format, compress, JSON.stringify(filters), columns, timeZone, masterKeyId, wrappedKey, tx.actor.kind, tx.actor.id, createdAt, KEPT_DAYS,
    ]);
  }

  async get(from: Sql, operationId: Id): Promise<Export | undefined> {
    const row = await one(from, GET, [operationId]);
    return row && this.toExport(row);
  }

  async grow(tx: Tx, operationId: Id, lines: number, bytes: number): Promise<void> {
    await tx.query(GROW, [operationId, lines, bytes]);
  }

  /** Its days are counted from now on. */
  async complete(tx: Tx, operationId: Id): Promise<void> {
    await tx.query(COMPLETE, [operationId, tx.startedAt, KEPT_DAYS]);
  }

  /** Deletes exports whose time is up, with their files and keys. @returns how many */
  async forget(tx: Tx, limit: number): Promise<number> {
    const forgotten = await tx.query(FORGET, [tx.startedAt, limit]);
    tx.audit(...forgotten.map(({ operation_id: id }) => ({ action: 'export.deleted', subjectType: 'export', subjectId: id })));
    return forgotten.length;
  }

  private async toExport(row: ExportRow): Promise<Export> {
    return {
      operationId: row.operation_id,
      resource: row.resource,
      format: row.format as ExportFormat,
      compress: row.compress,
      filters: row.filters as Export['filters'],
      columns: row.columns,
      timeZone: row.time_zone,
      createdAt: row.created_at,
      key: await this.masterKeys.unwrap({ masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key }),
      owner: { kind: row.created_by_kind as Actor['kind'], id: row.created_by_id },
      lines: row.lines,
      bytes: row.bytes,
      completedAt: row.completed_at,
      expiresAt: row.expires_at,
    };
  }
}
