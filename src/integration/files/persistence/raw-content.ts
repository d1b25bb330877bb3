import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { one } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { openBytes, sealBytes } from '../../../platform/vault/person-cipher.js';
import { contentGone } from './upload-content.js';

/** A second time, what a process that was cut off has done already. */
const ADD = sql<never>('upload_raw.add', `
  insert into integration.upload_raw (upload_id, unpacked, at, sealed) values ($1, $2, $3, $4) on conflict do nothing`);

const PIECE_OVER = sql<{ at: number; sealed: Buffer }>('upload_raw.piece_over', `
  select at, sealed from integration.upload_raw where upload_id = $1 and unpacked = $2 and at <= $3 order by at desc limit 1`);

const DROP = sql<never>('upload_raw.drop', `delete from integration.upload_raw where upload_id = $1`);

/** Bytes in a piece: sealed within a millisecond. */
export const RAW_PIECE_BYTES = 256 * 1024;

/** A file's bytes, either as they were sent or after gzip was undone. */
export interface RawFile {
  readonly uploadId: Id;
  readonly key: Buffer;
  readonly isUnpacked: boolean;
}

/** The bytes of files that are not yet told into text, sealed piece by piece. */
@Injectable()
export class RawContent {
  constructor(private readonly database: Database) {}

  async add(tx: Tx, { uploadId, key, isUnpacked }: RawFile, at: number, bytes: Buffer): Promise<void> {
    await tx.query(ADD, [uploadId, isUnpacked, at, sealBytes(key, boundTo(uploadId, isUnpacked, at), bytes)]);
  }

  /**
   * The bytes from `from` up to, not including, `to`, a piece in memory at a time.
   * @throws DomainError conflict if the file is deleted meanwhile.
   */
  async *read({ uploadId, key, isUnpacked }: RawFile, from: number, to: number): AsyncGenerator<Buffer> {
    for (let position = from; position < to; ) {
      const piece = await one(this.database, PIECE_OVER, [uploadId, isUnpacked, position]);
      const bytes = piece ? openBytes(key, boundTo(uploadId, isUnpacked, piece.at), piece.sealed).subarray(position - piece.at, to - piece.at) : Buffer.alloc(0);
      if (bytes.length === 0) throw contentGone(uploadId);
      yield bytes;
      position += bytes.length;
    }
  }

  async drop(tx: Tx, uploadId: Id): Promise<void> {
    await tx.query(DROP, [uploadId]);
  }
}

/** A piece opens only in its own place of its own file. */
function boundTo(uploadId: Id, isUnpacked: boolean, at: number): string {
  return `${uploadId}/${isUnpacked ? 'unpacked' : 'raw'}/${at}`;
}
