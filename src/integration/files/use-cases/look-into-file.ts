import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { AppConfig } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.js';
import type { OperationDefinition, OperationRun } from '../../../platform/jobs/operation.js';
import { IMPORT_RUN } from '../../contract/permissions.js';
import { RAW_PIECE_BYTES, RawContent, type RawFile } from '../persistence/raw-content.js';
import { ResumableUploadRepository, type ResumableUpload } from '../persistence/resumable-upload.repository.js';
import { UploadContent } from '../persistence/upload-content.js';
import { UploadRepository } from '../persistence/upload.repository.js';
import { inBlocks } from './in-blocks.js';
import type { OpenFile } from './open-file.js';
import { takeIn, type FilePlaces } from './take-in.js';
import type { RandomAccessFile } from './workbook/random-access.js';

interface LookIntoFileParameters {
  readonly uploadId: Id;
}

/** Text pieces that are kept; the next run makes the same pieces again and passes over these. */
interface LookIntoFileState {
  readonly pieces: number;
}

type Run = OperationRun<LookIntoFileParameters, LookIntoFileState>;

/**
 * Tells a file that came in chunks into text, as one that comes in one request is told while it comes. Its bytes are read
 * from where they lie sealed; they are deleted with the last step, which makes it an upload like others.
 */
@Injectable()
export class LookIntoFile implements OperationDefinition<LookIntoFileParameters, LookIntoFileState> {
  readonly permission = IMPORT_RUN;

  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
    private readonly resumable: ResumableUploadRepository,
    private readonly content: UploadContent,
    private readonly raw: RawContent,
    private readonly config: AppConfig,
  ) {}

  async run(operation: Run): Promise<void> {
    const upload = await this.resumable.get(this.database, operation.parameters.uploadId);
    if (!upload) throw gone(operation.parameters.uploadId);
    const work = new Work(operation, upload);
    if (!upload.isReady) {
      const taken = await takeIn(this.bytesOf(work), { mediaType: upload.mediaType, settings: upload.settings, maxBytes: this.config.maxFileBytes }, this.placesOf(work));
      await operation.step(async (tx) => {
        // Another process may have been quicker while this one was taken for dead.
        const isDone = (await this.uploads.get(tx, upload.id)) !== undefined;
        if (!isDone) {
          await this.raw.drop(tx, upload.id);
          await this.uploads.finish(tx, { id: upload.id, key: upload.key, name: upload.name, ...taken });
        }
        return { done: upload.totalBytes };
      });
    }
    await operation.finish({ uploadId: upload.id });
  }

  private async *bytesOf({ upload, sent, progress }: Work): AsyncGenerator<Buffer> {
    for await (const piece of this.raw.read(sent, 0, upload.totalBytes)) {
      progress.done += piece.length;
      yield piece;
    }
  }

  private placesOf(work: Work): FilePlaces {
    const { operation, upload, progress } = work;
    return {
      addPiece: (seq, text) => operation.step(async (tx) => {
        const kept = operation.state.pieces ?? 0;
        if (seq >= kept) await this.content.add(tx, upload.id, upload.key, seq, text);
        return { done: progress.done, state: { pieces: Math.max(kept, seq + 1) } };
      }),
      keepBytes: (file) => (file.wasPacked ? this.keepUnpacked(work, file) : this.passed(work, file)),
    };
  }

  /** Its bytes are here already; reading them measures the file. */
  private async passed({ upload, sent }: Work, { bytes }: OpenFile): Promise<RandomAccessFile> {
    for await (const _ of bytes) continue;
    return this.access(sent, upload.totalBytes);
  }

  private async keepUnpacked({ operation, upload, progress }: Work, { bytes }: OpenFile): Promise<RandomAccessFile> {
    const unpacked: RawFile = { uploadId: upload.id, key: upload.key, isUnpacked: true };
    let size = 0;
    for await (const block of inBlocks(bytes, RAW_PIECE_BYTES)) {
      await operation.step(async (tx) => {
        await this.raw.add(tx, unpacked, size, block);
        return { done: progress.done };
      });
      size += block.length;
    }
    return this.access(unpacked, size);
  }

  private access(file: RawFile, size: number): RandomAccessFile {
    return { size, read: (from, to) => this.raw.read(file, from, to) };
  }
}

class Work {
  readonly progress = { done: 0 };
  readonly sent: RawFile;

  constructor(
    readonly operation: Run,
    readonly upload: ResumableUpload,
  ) {
    this.sent = { uploadId: upload.id, key: upload.key, isUnpacked: false };
  }
}

function gone(id: Id): DomainError {
  return new DomainError('rule', 'upload_expired', `The upload ${id} was deleted before it was looked into. Upload the file again.`);
}
