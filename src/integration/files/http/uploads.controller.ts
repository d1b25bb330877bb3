import { createHash } from 'node:crypto';
import { Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, GivesNothing, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { created, noContent, RawJson, Reply } from '../../../platform/http/reply.js';
import { TakesUpload, UploadedBody, type Upload } from '../../../platform/http/upload.js';
import { IMPORT_RUN } from '../../contract/permissions.js';
import { factsOf, LookIntoUpload, type UploadFacts } from '../use-cases/look-into-upload.js';
import { ReceiveUpload } from '../use-cases/receive-upload.js';
import { readingSettings } from './reading-settings.js';
import { CreatedUploadDto, CreateUploadQuery, UploadAnalysisDto, UploadDto } from './uploads.dto.js';

/** Files on their way to an import. Each is seen by who brought it, and by nobody else. */
@ApiTags('integration')
@Controller('v1/uploads')
@RequirePermission(IMPORT_RUN)
export class UploadsController {
  constructor(
    private readonly receiveUpload: ReceiveUpload,
    private readonly lookIntoUpload: LookIntoUpload,
    private readonly commands: Commands,
  ) {}

  /** What the file says of itself may be personal data, so it is read from the sealed upload each time and is no part of a stored answer. */
  @Post()
  @TakesUpload(
    'text/csv', 'text/tab-separated-values', 'text/plain', 'application/x-ndjson', 'application/jsonl', 'application/gzip', 'application/octet-stream',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  )
  @ApiOperation({ operationId: 'createUpload', summary: 'Upload a CSV, NDJSON or Excel (.xlsx) file, also packed by gzip' })
  @Creates(CreatedUploadDto, { description: 'Created. `name`, `sheets`, `sheet`, `columns` and `sample` are what the upload holds now: a retry under the same Idempotency-Key, sent after the upload was deleted, gets the first answer without them.' })
  @Problems(422)
  async create(@CurrentCall() call: Call, @UploadedBody() { stream, type }: Upload, @Query() query: CreateUploadQuery): Promise<Reply<CreatedUploadDto>> {
    const file = await this.receiveUpload.receive(call.actor, { stream, mediaType: type, name: query.name, settings: readingSettings(query) });
    // A retry under the same key finds its first upload; the second copy is swept up within the hour.
    const reply = await this.commands.run(ofThisFile(call, file.facts.sha256), async (tx) => {
      const facts = factsOf(await this.receiveUpload.finish(tx, file));
      return created(facts, { location: `/v1/uploads/${facts.id}` });
    });
    const facts = reply.body instanceof RawJson ? (JSON.parse(reply.body.text) as UploadFacts) : reply.body!;
    return new Reply(reply.status, { ...facts, ...(await this.lookIntoUpload.textOf(call.actor, facts.id)) }, reply.headers);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getUpload', summary: 'One upload with its columns and first lines' })
  @Gives(UploadDto, { plain: true })
  @Problems(404, 409)
  get(@CurrentActor() actor: Actor, @PathId() id: Id): Promise<UploadDto> {
    return this.lookIntoUpload.get(actor, id);
  }

  @Get(':id/analysis')
  @ApiOperation({ operationId: 'getUploadAnalysis', summary: 'What the first lines of an upload hold, column by column' })
  @Gives(UploadAnalysisDto, { plain: true })
  @Problems(404, 409)
  analysis(@CurrentActor() actor: Actor, @PathId() id: Id): Promise<UploadAnalysisDto> {
    return this.lookIntoUpload.analysis(actor, id);
  }

  /** No If-Match: an upload never changes. */
  @Delete(':id')
  @ApiOperation({ operationId: 'deleteUpload', summary: 'Delete an upload with all that imports refused of it' })
  @GivesNothing()
  @Problems(404)
  delete(@CurrentCall() call: Call, @PathId() id: Id) {
    return this.commands.run(call, async (tx) => {
      await this.lookIntoUpload.delete(tx, id);
      return noContent();
    });
  }
}

/** The body of an upload is not read when its call is made, so what tells it from another is its content. */
function ofThisFile(call: Call, sha256: Buffer): Call {
  return { ...call, fingerprint: createHash('sha256').update(call.fingerprint).update(sha256).digest() };
}
