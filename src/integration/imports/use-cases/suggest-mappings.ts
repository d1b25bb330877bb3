import { Injectable } from '@nestjs/common';
import { may, type Actor } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { AuditReads } from '../../../platform/audit/audit-reads.js';
import { Database } from '../../../platform/database/database.js';
import type { ImportDefinition } from '../../../platform/transfer/import-definition.js';
import { Imports } from '../../../platform/transfer/imports.js';
import { UploadContent } from '../../files/persistence/upload-content.js';
import type { Upload } from '../../files/persistence/upload.js';
import { UploadRepository } from '../../files/persistence/upload.repository.js';
import { fileLines } from '../../files/use-cases/file-lines.js';
import { suggestMapping, type FileColumn, type Suggestion } from '../domain/suggest-mapping.js';
import { LearnedHeaderRepository } from '../persistence/learned-header.repository.js';
import { permissionMissing } from './permission-missing.js';

/** Enough to see what a column holds, in the first piece of the file. */
const LINES_LOOKED_AT = 50;

export interface ResourceSuggestion extends Suggestion {
  readonly resource: string;
}

export interface SuggestionWanted {
  /** All the caller may import, if left out. */
  readonly resource?: string;
  /** What the other system is called where the file does not say, as in `externalIds.<system>`. */
  readonly system: string;
}

/** Says which columns of an upload are probably which of ours, by their headers, by former imports and by their values. */
@Injectable()
export class SuggestMappings {
  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly uploads: UploadRepository,
    private readonly content: UploadContent,
    private readonly learned: LearnedHeaderRepository,
    private readonly reads: AuditReads,
  ) {}

  /** The best fit first. @throws DomainError missing, also for somebody else's upload; forbidden; rule for a resource that is not imported. */
  async run(actor: Actor, uploadId: Id, { resource, system }: SuggestionWanted): Promise<ResourceSuggestion[]> {
    const definitions = this.definitionsFor(actor, resource);
    const upload = await this.uploads.find(this.database, actor, uploadId);
    if (!upload) throw notFound('upload', uploadId);
    const columns = await this.columnsOf(upload);
    await this.reads.record(actor, { action: 'upload.read', subjectType: 'upload', subjectIds: [upload.id] });
    const suggestions = await Promise.all(definitions.map((definition) => this.suggest(definition, columns, system)));
    return suggestions.sort((one, other) => other.score - one.score || (one.resource < other.resource ? -1 : 1));
  }

  private definitionsFor(actor: Actor, resource: string | undefined): readonly ImportDefinition[] {
    if (resource === undefined) return this.imports.all().filter(({ permission }) => may(actor, permission));
    const definition = this.imports.get(resource);
    if (!definition) {
      const known = this.imports.all().map((one) => one.resource).join(', ');
      throw new DomainError('rule', 'unknown_resource', `"${resource}" is not one of ${known}.`, { errors: [{ pointer: '?resource', code: 'unknown_resource', detail: `is not one of ${known}` }] });
    }
    if (!may(actor, definition.permission)) throw permissionMissing(definition);
    return [definition];
  }

  private async suggest({ resource, columns }: ImportDefinition, file: readonly FileColumn[], system: string): Promise<ResourceSuggestion> {
    const learned = await this.learned.known(this.database, resource, file.map(({ name }) => name));
    return { resource, ...suggestMapping(file, columns, learned, system) };
  }

  /** With the values of the first lines; none once the file was imported and its lines were deleted. */
  private async columnsOf(upload: Upload): Promise<FileColumn[]> {
    const columns = upload.columns.map((name) => ({ name, values: [] as string[] }));
    if (!upload.hasContent) return columns;
    let looked = 0;
    for await (const { broken, cellOf } of fileLines(upload, this.content.read(upload))) {
      if (broken) continue;
      for (const { name, values } of columns) {
        const cell = cellOf(name);
        if (typeof cell === 'string') values.push(cell);
      }
      looked += 1;
      if (looked === LINES_LOOKED_AT) break;
    }
    return columns;
  }
}
