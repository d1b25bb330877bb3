import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { one } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { openBytes, sealBytes } from '../../../platform/vault/person-cipher.js';
import type { ByteRange } from '../domain/byte-range.js';
import type { Export } from './export.repository.js';

const ADD = sql<never>('export_piece.add', `
  insert into integration.export_piece (operation_id, start, sealed) select $1, start, sealed from unnest($2::bigint[], $3::bytea[]) as p (start, sealed)`);

/** The piece that holds a byte. */
const HOLDING = sql<{ start: number; sealed: Buffer }>('export_piece.holding', `
  select start, sealed from integration.export_piece where operation_id = $1 and start <= $2 order by start desc limit 1`);

/** Small enough to be opened within a millisecond or two while others wait. */
const PIECE_BYTES = 256 * 1024;

/** The files of exports, sealed piece by piece, each known by where in the file it begins. */
@Injectable()
export class ExportContent {
  constructor(private readonly database: Database) {}

  /** Adds bytes that begin at `start`. */
  async add(tx: Tx, { operationId, key }: Pick<Export, 'operationId' | 'key'>, start: number, bytes: Buffer): Promise<void> {
    const starts: number[] = [];
    const sealed: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      starts.push(start + at);
      sealed.push(sealBytes(key, boundTo(operationId, start + at), bytes.subarray(at, at + PIECE_BYTES)));
    }
    if (starts.length > 0) await tx.query(ADD, [operationId, starts, sealed]);
  }

  /** Holds one piece at a time and asks for the next when the one before was taken. @throws DomainError gone if the file is deleted meanwhile. */
  async *read({ operationId, key }: Pick<Export, 'operationId' | 'key'>, { start, end }: ByteRange): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const piece = await one(this.database, HOLDING, [operationId, at]);
      if (!piece) throw new DomainError('gone', 'export_expired', `The file of export ${operationId} was deleted while it was read. Export again.`);
      const bytes = openBytes(key, boundTo(operationId, piece.start), piece.sealed).subarray(at - piece.start, end - piece.start);
      yield bytes;
      at += bytes.length;
    }
  }
}

/** A piece opens only in its own place of its own file. */
function boundTo(operationId: Id, start: number): string {
  return `${operationId}/${start}`;
}
