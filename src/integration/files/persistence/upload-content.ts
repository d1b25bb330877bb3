import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { one } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { openText, sealText } from '../../../platform/vault/person-cipher.js';
import type { Upload } from './upload.js';

const ADD = sql<never>('upload_piece.add', `insert into integration.upload_piece (upload_id, seq, sealed) values ($1, $2, $3)`);
const GET = sql<{ sealed: Buffer }>('upload_piece.get', `select sealed from integration.upload_piece where upload_id = $1 and seq = $2`);

/** Characters of text in a piece: small enough to be sealed within a few milliseconds, large enough to be few. */
export const PIECE_LENGTH = 256 * 1024;

/** The text of uploads, sealed piece by piece. */
@Injectable()
export class UploadContent {
  constructor(private readonly database: Database) {}

  async add(tx: Tx, uploadId: Id, key: Buffer, seq: number, text: string): Promise<void> {
    await tx.query(ADD, [uploadId, seq, sealText(key, boundTo(uploadId, seq), text)]);
  }

  /**
   * The text in order. Holds one piece at a time and asks for the next when the one before has been used.
   * @throws DomainError conflict if the file is deleted meanwhile, so that half a file never passes for a whole one.
   */
  async *read(upload: Pick<Upload, 'id' | 'key' | 'pieces'>): AsyncGenerator<string> {
    for (let seq = 0; seq < upload.pieces; seq += 1) {
      const piece = await one(this.database, GET, [upload.id, seq]);
      if (!piece) throw contentGone(upload.id);
      yield openText(upload.key, boundTo(upload.id, seq), piece.sealed);
    }
  }
}

export function contentGone(uploadId: Id): DomainError {
  return new DomainError('conflict', 'upload_used', `The lines of upload ${uploadId} were deleted: it was imported, or taken back. Upload the file again.`);
}

/** A piece opens only in its own place of its own file. */
function boundTo(uploadId: Id, seq: number): string {
  return `${uploadId}/${seq}`;
}
