import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { Clock } from '../../../kernel/clock.js';
import { newId, type Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import { AppConfig } from '../../../platform/config/config.js';
import { RAW_PIECE_BYTES, RawContent, type RawFile } from '../persistence/raw-content.js';
import { UploadContent } from '../persistence/upload-content.js';
import { UploadRepository } from '../persistence/upload.repository.js';
import type { ReadingSettings, ReceivedFile, Upload } from '../persistence/upload.js';
import { inBlocks } from './in-blocks.js';
import type { OpenFile } from './open-file.js';
import { takeIn, type FilePlaces } from './take-in.js';
import type { RandomAccessFile } from './workbook/random-access.js';

export interface IncomingFile {
  readonly stream: AsyncIterable<Buffer>;
  readonly mediaType: string;
  readonly name?: string;
  readonly settings: ReadingSettings;
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
    private readonly raw: RawContent,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError rule or too_large if the file cannot be an import; then nothing of it is kept. */
  async receive(actor: Actor, { stream, mediaType, name, settings }: IncomingFile): Promise<ReceivedFile> {
    const id = newId(this.clock.now().getTime());
    const key = await this.database.transaction(actor, (tx) => this.uploads.open(tx, id));
    try {
      const taken = await takeIn(stream, { mediaType, settings, maxBytes: this.config.maxFileBytes }, this.placesOf(actor, id, key));
      return { id, key, name: name ?? null, ...taken };
    } catch (error) {
      await this.database.transaction(actor, (tx) => this.uploads.abandon(tx, id));
      throw error;
    }
  }

  async finish(tx: Tx, file: ReceivedFile): Promise<Upload> {
    await this.raw.drop(tx, file.id);
    return this.uploads.finish(tx, file);
  }

  private placesOf(actor: Actor, id: Id, key: Buffer): FilePlaces {
    return {
      addPiece: (seq, text) => this.database.transaction(actor, (tx) => this.content.add(tx, id, key, seq, text)),
      keepBytes: (file) => this.keepBytes(actor, { uploadId: id, key, isUnpacked: file.wasPacked }, file),
    };
  }

  private async keepBytes(actor: Actor, raw: RawFile, { bytes }: OpenFile): Promise<RandomAccessFile> {
    let size = 0;
    for await (const block of inBlocks(bytes, RAW_PIECE_BYTES)) {
      await this.database.transaction(actor, (tx) => this.raw.add(tx, raw, size, block));
      size += block.length;
    }
    return { size, read: (from, to) => this.raw.read(raw, from, to) };
  }
}
