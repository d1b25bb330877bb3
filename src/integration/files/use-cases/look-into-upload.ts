import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { AuditReads } from '../../../platform/audit/audit-reads.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import { ResumableUploadRepository } from '../persistence/resumable-upload.repository.js';
import { UploadContent } from '../persistence/upload-content.js';
import type { FileAnalysis, Upload } from '../persistence/upload.js';
import { UploadRepository } from '../persistence/upload.repository.js';
import { beginningOf } from './analyse-lines.js';
import { fileLines } from './file-lines.js';

const SAMPLE_LINES = 5;

/** What is told about a file; nothing of what it says, so it may be kept in clear. */
export interface UploadFacts extends Pick<Upload, 'id' | 'format' | 'delimiter' | 'quote' | 'header' | 'headerGrounds' | 'encoding' | 'encodingGrounds' | 'bytes' | 'lines' | 'createdAt' | 'expiresAt'> {
  /** In hex. */
  readonly sha256: string;
  /** Its lines were deleted then. */
  readonly imported: boolean;
}

/** Beginnings of the first lines' texts, by column. */
export type Sample = readonly Readonly<Record<string, string>>[];

/** What the file says, and its name. Any of it may be about a person, so it is opened anew for each reader. */
export interface UploadText {
  readonly name: string | null;
  readonly sheets: readonly SheetFacts[];
  readonly sheet: string | null;
  readonly columns: readonly string[];
  readonly sample: Sample;
}

export interface SheetFacts {
  readonly name: string;
  readonly visible: boolean;
}

/** Shows the caller an upload of their own, so that they can see how it was understood before they map it. */
@Injectable()
export class LookIntoUpload {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
    private readonly resumable: ResumableUploadRepository,
    private readonly content: UploadContent,
    private readonly reads: AuditReads,
  ) {}

  /** @throws DomainError missing, also for somebody else's; conflict while it is not wholly here. */
  async get(actor: Actor, id: Id): Promise<UploadFacts & UploadText> {
    const upload = await this.find(actor, id);
    return { ...factsOf(upload), ...(await this.read(actor, upload)) };
  }

  /** What its first lines hold in each column, with samples. @throws DomainError as `get`. */
  async analysis(actor: Actor, id: Id): Promise<UploadFacts & Omit<UploadText, 'columns' | 'sample'> & FileAnalysis> {
    const upload = await this.find(actor, id);
    const analysis = await this.uploads.analysis(this.database, upload);
    if (!analysis) throw notFound('upload', id);
    await this.recordRead(actor, id);
    return { ...factsOf(upload), ...textOf(upload), ...analysis };
  }

  /** @returns undefined once the upload is gone */
  async textOf(actor: Actor, id: Id): Promise<UploadText | undefined> {
    const upload = await this.uploads.find(this.database, actor, id);
    return upload && this.read(actor, upload);
  }

  /** @throws DomainError missing, also for somebody else's. */
  async delete(tx: Tx, id: Id): Promise<void> {
    const upload = await this.uploads.find(tx, tx.actor, id);
    if (!upload) throw notFound('upload', id);
    await this.uploads.delete(tx, id);
  }

  private async find(actor: Actor, id: Id): Promise<Upload> {
    const upload = await this.uploads.find(this.database, actor, id);
    if (upload) return upload;
    if (!(await this.resumable.find(this.database, actor, id))) throw notFound('upload', id);
    throw new DomainError('conflict', 'upload_not_ready', `The upload ${id} is not wholly here yet, or not looked into. GET /v1/resumable-uploads/${id} says how far it is.`);
  }

  private async read(actor: Actor, upload: Upload): Promise<UploadText> {
    const sample = upload.hasContent ? await this.sampleOf(upload) : [];
    await this.recordRead(actor, upload.id);
    return { ...textOf(upload), sample };
  }

  private recordRead(actor: Actor, id: Id): Promise<void> {
    return this.reads.record(actor, { action: 'upload.read', subjectType: 'upload', subjectIds: [id] });
  }

  private async sampleOf(upload: Upload): Promise<Sample> {
    const sample: Record<string, string>[] = [];
    for await (const { broken, cellOf } of fileLines(upload, this.content.read(upload))) {
      if (broken) continue;
      sample.push(Object.fromEntries(upload.columns.map((column) => [column, shown(cellOf(column))])));
      if (sample.length === SAMPLE_LINES) break;
    }
    return sample;
  }
}

export function factsOf(upload: Upload): UploadFacts {
  const { id, format, delimiter, quote, header, headerGrounds, encoding, encodingGrounds, bytes, lines, createdAt, expiresAt, sha256, hasContent } = upload;
  return { id, format, delimiter, quote, header, headerGrounds, encoding, encodingGrounds, bytes, lines, sha256: sha256.toString('hex'), createdAt, expiresAt, imported: !hasContent };
}

function textOf({ name, columns, sheets, sheet }: Upload): Omit<UploadText, 'sample'> {
  return { name, sheets: sheets.map(({ name: called, isVisible }) => ({ name: called, visible: isVisible })), sheet, columns };
}

function shown(cell: string | object | undefined): string {
  return typeof cell === 'string' ? beginningOf(cell) : '';
}
