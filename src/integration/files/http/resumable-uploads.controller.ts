import { createHash } from 'node:crypto';
import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, GivesNothing, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { created, noContent, ok, type Reply } from '../../../platform/http/reply.js';
import { TakesUpload, UploadedBody, type Upload } from '../../../platform/http/upload.js';
import { IMPORT_RUN } from '../../contract/permissions.js';
import { ResumableUploads, type ResumableState } from '../use-cases/resumable-uploads.js';
import { readingSettings } from './reading-settings.js';
import { ResumableUploadDto } from './resumable-uploads.dto.js';
import { SpeaksTus, TusHeaders, TusRequest } from './tus.js';
import { readMetadata } from './upload-metadata.js';

/** Large files, sent in chunks by the tus 1.0 protocol: what a cut has not lost need not be sent again. */
@ApiTags('integration')
@Controller('v1/resumable-uploads')
@RequirePermission(IMPORT_RUN)
export class ResumableUploadsController {
  constructor(
    private readonly uploads: ResumableUploads,
    private readonly commands: Commands,
  ) {}

  @Post()
  @SpeaksTus()
  @ApiHeader({ name: 'Upload-Length', required: true, description: 'Bytes of the whole file.', schema: { type: 'integer', minimum: 1 }, example: 104_857_600 })
  @ApiHeader({ name: 'Upload-Metadata', required: false, description: 'Pairs of a name and a value in Base64, parted by commas: `filename`, `filetype` and the query parameters of POST /v1/uploads.', schema: { type: 'string' }, example: 'filename Y3VzdG9tZXJzLmNzdg==' })
  @ApiOperation({ operationId: 'createResumableUpload', summary: 'Begin a file that comes in chunks (tus 1.0)' })
  @Creates(ResumableUploadDto, { description: 'Created. Send the chunks to Location by PATCH.' })
  @Problems(412, 422)
  create(@CurrentCall() call: Call, @TusRequest() tus: TusHeaders) {
    const { length, metadata } = tus;
    const { query, mediaType } = readMetadata(metadata);
    const file = { name: query.name ?? null, mediaType, settings: readingSettings(query) };
    return this.commands.run(ofThisFile(call, length, metadata), async (tx) => {
      const state = await this.uploads.begin(tx, length, file);
      return created(state, { location: `/v1/resumable-uploads/${state.id}` }).with(headersOf(state));
    });
  }

  /** HEAD, which tus clients ask, is answered with the same headers. */
  @Get(':id')
  @SpeaksTus()
  @ApiOperation({ operationId: 'getResumableUpload', summary: 'How much of a file is here, in Upload-Offset also by HEAD' })
  @Gives(ResumableUploadDto, { plain: true })
  @Problems(404, 412)
  async get(@CurrentActor() actor: Actor, @PathId() id: Id, @TusRequest() _tus: TusHeaders): Promise<Reply<ResumableUploadDto>> {
    const state = await this.uploads.get(actor, id);
    return ok(state).with(headersOf(state));
  }

  @Patch(':id')
  @SpeaksTus()
  @TakesUpload('application/offset+octet-stream')
  @ApiHeader({ name: 'Upload-Offset', required: true, description: 'Where in the file the chunk begins: the Upload-Offset answered last.', schema: { type: 'integer', minimum: 0 }, example: 52_428_800 })
  @ApiOperation({ operationId: 'appendToResumableUpload', summary: 'Send the next chunk of a file' })
  @GivesNothing({ description: 'Kept; Upload-Offset says where the next chunk begins. After the last one the file is looked into by an operation, whose id GET answers.' })
  @Problems(404, 409, 412)
  async append(@CurrentActor() actor: Actor, @PathId() id: Id, @TusRequest() tus: TusHeaders, @UploadedBody() { stream, encoding }: Upload): Promise<Reply> {
    if (encoding !== undefined) {
      throw new DomainError('unsupported', 'unsupported_encoding', 'A chunk is bytes of the file as it is. Leave Content-Encoding out; a file that is packed by gzip itself is taken.');
    }
    const state = await this.uploads.receive(actor, id, tus.offset, stream);
    return noContent().with(headersOf(state));
  }

  /** Also of one that is wholly here. No If-Match: chunks only add to it. */
  @Delete(':id')
  @SpeaksTus()
  @ApiOperation({ operationId: 'deleteResumableUpload', summary: 'Give up a file that comes in chunks' })
  @GivesNothing()
  @Problems(404, 412)
  delete(@CurrentCall() call: Call, @PathId() id: Id, @TusRequest() _tus: TusHeaders) {
    return this.commands.run(call, async (tx) => {
      await this.uploads.delete(tx, id);
      return noContent();
    });
  }
}

function headersOf({ receivedBytes, totalBytes, expiresAt, status }: ResumableState): Record<string, string> {
  const headers = { 'Upload-Offset': String(receivedBytes), 'Upload-Length': String(totalBytes) };
  return status === 'receiving' ? { ...headers, 'Upload-Expires': expiresAt.toUTCString() } : headers;
}

/** What tells one upload from another under an Idempotency-Key is in its headers. */
function ofThisFile(call: Call, length: number, metadata = ''): Call {
  return { ...call, fingerprint: createHash('sha256').update(call.fingerprint).update(`${length} ${metadata}`).digest() };
}
