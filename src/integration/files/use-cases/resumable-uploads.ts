import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import { newId, type Id } from '../../../kernel/id.js';
import { AppConfig } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Operations } from '../../../platform/jobs/operations.js';
import { RAW_PIECE_BYTES, RawContent } from '../persistence/raw-content.js';
import { ResumableUploadRepository, type ResumableFile, type ResumableUpload } from '../persistence/resumable-upload.repository.js';
import { UploadRepository } from '../persistence/upload.repository.js';
import { fileTooLarge } from './open-file.js';
import { inBlocks } from './in-blocks.js';

export const LOOK_INTO_FILE = 'integration.look_into_file';

/** What a sender may know of its file; nothing of what it says. */
export interface ResumableState {
  readonly id: Id;
  /** `receiving` until all of it is here, `analysing` until it was looked into, then `ready` to be imported; `refused` says why in the operation's error. */
  readonly status: 'receiving' | 'analysing' | 'ready' | 'refused';
  readonly totalBytes: number;
  readonly receivedBytes: number;
  readonly operationId: Id | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/**
 * Takes files in that come in chunks, over as many connections and days as it takes. Every piece of a chunk is sealed and
 * kept with the new offset in one transaction, so after any cut the offset tells exactly what is here.
 */
@Injectable()
export class ResumableUploads {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
    private readonly resumable: ResumableUploadRepository,
    private readonly raw: RawContent,
    private readonly operations: Operations,
    private readonly config: AppConfig,
  ) {}

  /** @throws DomainError too_large if the whole would be, before a byte is sent; rule if there is nothing to send. */
  async begin(tx: Tx, totalBytes: number, file: ResumableFile): Promise<ResumableState> {
    if (totalBytes > this.config.maxFileBytes) throw fileTooLarge(this.config.maxFileBytes);
    if (totalBytes === 0) throw new DomainError('rule', 'empty_file', 'The file has no bytes. Upload one with a header line, or one JSON object a line.');
    const id = newId(tx.startedAt.getTime());
    const key = await this.uploads.open(tx, id);
    await this.resumable.begin(tx, id, key, totalBytes, file);
    return stateOf((await this.resumable.find(tx, tx.actor, id))!, 'receiving');
  }

  /** @throws DomainError missing, also for somebody else's. */
  async get(actor: Actor, id: Id): Promise<ResumableState> {
    const upload = await this.find(actor, id);
    return stateOf(upload, await this.statusOf(upload));
  }

  /**
   * Keeps what comes, also of a chunk that is cut off.
   * @param offset where in the file the chunk begins, which has to be where the last one ended
   * @throws DomainError missing, also for somebody else's; conflict for another offset; too_large beyond the length said.
   */
  async receive(actor: Actor, id: Id, offset: number, chunk: AsyncIterable<Buffer>): Promise<ResumableState> {
    const upload = await this.find(actor, id);
    let at = offset;
    if (at !== upload.receivedBytes) throw wrongOffset(at, upload.receivedBytes);
    for await (const block of inBlocks(chunk, RAW_PIECE_BYTES)) {
      if (at + block.length > upload.totalBytes) {
        throw new DomainError('too_large', 'beyond_length', `The file was said to have ${upload.totalBytes} bytes, and this chunk goes beyond them. Begin a new upload with its true length.`);
      }
      await this.database.transaction(actor, (tx) => this.keep(tx, upload, at, block));
      at += block.length;
    }
    return this.get(actor, id);
  }

  /** @throws DomainError missing, also for somebody else's. */
  async delete(tx: Tx, id: Id): Promise<void> {
    if (!(await this.resumable.find(tx, tx.actor, id))) throw notFound('upload', id);
    await this.uploads.delete(tx, id);
  }

  private async keep(tx: Tx, { id, key, totalBytes }: ResumableUpload, at: number, block: Buffer): Promise<void> {
    const end = at + block.length;
    if (!(await this.resumable.advance(tx, id, at, end))) throw wrongOffset(at, (await this.resumable.get(tx, id))?.receivedBytes);
    await this.raw.add(tx, { uploadId: id, key, isUnpacked: false }, at, block);
    if (end < totalBytes) return;
    const operation = await this.operations.start(tx, LOOK_INTO_FILE, { uploadId: id }, totalBytes);
    await this.resumable.isLookedInto(tx, id, operation.id);
  }

  private async find(actor: Actor, id: Id): Promise<ResumableUpload> {
    const upload = await this.resumable.find(this.database, actor, id);
    if (!upload) throw notFound('upload', id);
    return upload;
  }

  private async statusOf({ isReady, operationId }: ResumableUpload): Promise<ResumableState['status']> {
    if (isReady) return 'ready';
    if (operationId === null) return 'receiving';
    const { status } = await this.operations.get(operationId);
    return status === 'failed' || status === 'cancelled' ? 'refused' : 'analysing';
  }
}

function stateOf({ id, totalBytes, receivedBytes, operationId, createdAt, expiresAt }: ResumableUpload, status: ResumableState['status']): ResumableState {
  return { id, status, totalBytes, receivedBytes, operationId, createdAt, expiresAt };
}

function wrongOffset(offset: number, expected: number | undefined): DomainError {
  if (expected === undefined) return new DomainError('conflict', 'upload_gone', 'The upload was deleted meanwhile. Begin a new one.');
  return new DomainError('conflict', 'wrong_offset', `The chunk begins at byte ${offset}, and byte ${expected} is the next that is missing. Ask by HEAD where to go on, and send from there.`, { facts: { offset: expected } });
}
