import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { Clock } from '../../../kernel/clock.js';
import { newId, type Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import { PIECE_LENGTH, UploadContent } from '../persistence/upload-content.js';
import { UploadRepository } from '../persistence/upload.repository.js';
import type { FileFacts, ReceivedFile, Upload } from '../persistence/upload.js';
import { FileText } from './file-text.js';
import { inspectFile } from './inspect-file.js';
import type { FileShape } from './file-lines.js';

export interface IncomingFile {
  readonly stream: AsyncIterable<Buffer>;
  readonly mediaType: string;
  readonly name?: string;
}

/**
 * Takes a file in while it is sent, one piece in memory at a time. Each piece is a short transaction of its own: one
 * around them all would stay open as long as the slowest client sends.
 */
@Injectable()
export class ReceiveUpload {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
    private readonly content: UploadContent,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError rule or too_large if the file cannot be an import; then nothing of it is kept. */
  async receive(actor: Actor, file: IncomingFile): Promise<ReceivedFile> {
    const id = newId(this.clock.now().getTime());
    const key = await this.database.transaction(actor, (tx) => this.uploads.open(tx, id));
    try {
      return { id, key, name: file.name ?? null, facts: await this.store(actor, id, key, file) };
    } catch (error) {
      await this.database.transaction(actor, (tx) => this.uploads.abandon(tx, id));
      throw error;
    }
  }

  finish(tx: Tx, file: ReceivedFile): Promise<Upload> {
    return this.uploads.finish(tx, file);
  }

  private async store(actor: Actor, id: Id, key: Buffer, { stream, mediaType }: IncomingFile): Promise<FileFacts> {
    const text = new FileText();
    let shape: FileShape | undefined;
    let pieces = 0;
    for await (const piece of text.pieces(stream, PIECE_LENGTH)) {
      shape ??= await inspectFile(piece, mediaType);
      await this.database.transaction(actor, (tx) => this.content.add(tx, id, key, pieces, piece));
      pieces += 1;
    }
    shape ??= await inspectFile('', mediaType);
    return { ...shape, encoding: text.encoding, bytes: text.bytes, lines: text.lines, pieces, sha256: text.digest() };
  }
}
