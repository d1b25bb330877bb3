import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, Post, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Accepts, Gives, GivesFile, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { accepted, Reply } from '../../../platform/http/reply.js';
import { EXPORT_RUN } from '../../contract/permissions.js';
import { OperationDto } from '../../operations/http/operations.dto.js';
import { StartExport } from '../use-cases/start-export.js';
import { ExportsView } from '../views/exports.view.js';
import { CreateExportDto, ExportDto, ExportResourceListDto } from './exports.dto.js';

const FILE_TYPES = ['text/csv', 'application/x-ndjson', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/gzip'];

/** Taking records out as files, in a form that can be imported again. */
@ApiTags('integration')
@Controller('v1/exports')
@RequirePermission(EXPORT_RUN)
export class ExportsController {
  constructor(
    private readonly startExport: StartExport,
    private readonly exports: ExportsView,
    private readonly commands: Commands,
  ) {}

  @Get('resources')
  @ApiOperation({ operationId: 'listExportResources', summary: 'What can be exported, with its columns and filters' })
  @Gives(ExportResourceListDto, { plain: true })
  resources(): ExportResourceListDto {
    const data = this.exports.resources().map(({ resource, title, permission, columns, filters }) => ({
      resource,
      title,
      permission,
      columns: columns.map(({ name, description, type, derived = false }) => ({ name, description, type, derived })),
      filters: filters.map(({ name, description, type, many = false, oneOf = [] }) => ({ name, description, type, many, oneOf })),
    }));
    return { data };
  }

  @Post()
  @ApiOperation({ operationId: 'createExport', summary: 'Export records to a file, as an operation' })
  @Accepts(OperationDto)
  @Problems(422)
  create(@CurrentCall() call: Call, @Body() { filters = {}, compress = false, ...ask }: CreateExportDto) {
    return this.commands.run(call, async (tx) => {
      const operation = await this.startExport.run(tx, { ...ask, filters, compress });
      return accepted(operation, `/v1/operations/${operation.id}`);
    });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getExport', summary: 'One of your exports, and how far it is' })
  @Gives(ExportDto, { plain: true })
  @Problems(404)
  get(@CurrentActor() actor: Actor, @PathId() id: Id): Promise<ExportDto> {
    return this.exports.get(actor, id);
  }

  @Get(':id/file')
  @ApiOperation({
    operationId: 'downloadExport',
    summary: 'The file of one of your exports',
    description: 'Kept for seven days. A download that broke off can be gone on with by `Range`; `ETag` says that it is the same file still.',
  })
  @ApiHeader({ name: 'Range', required: false, description: 'The bytes that are still missing, as one range.', schema: { type: 'string', pattern: '^bytes=\\d*-\\d*$' }, example: 'bytes=1048576-' })
  @ApiResponse({
    status: 206,
    description: 'The part of the file that `Range` asked for; `Content-Range` says which.',
    content: Object.fromEntries(FILE_TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
  })
  @GivesFile(FILE_TYPES, {
    description: 'UTF-8 with a byte order mark for CSV; gzip where the export was asked to compress. The columns go by the names that an import of the same resource has for them.',
    example: {
      'text/csv': 'id,externalIds.shopify,name,phone\r\n0192f0c1-2b3c-7def-8abc-1234567890ab,7305,李娜,+8613812345678\r\n',
      'application/x-ndjson': '{"id":"0192f0c1-2b3c-7def-8abc-1234567890ab","externalIds":{"shopify":"7305"},"name":"李娜","phone":"+8613812345678"}\n',
    },
  })
  @Problems(404, 409)
  async download(@CurrentActor() actor: Actor, @PathId() id: Id, @Headers('range') range: string | undefined): Promise<Reply<StreamableFile>> {
    const { name, type, size, range: { start, end }, isPart, bytes } = await this.exports.file(actor, id, range);
    const file = new StreamableFile(Readable.from(bytes, { objectMode: false }), { type, disposition: `attachment; filename="${name}"`, length: end - start });
    const headers = { ETag: `"${id}"`, 'Accept-Ranges': 'bytes', 'Cache-Control': 'private, no-store' };
    return new Reply(isPart ? 206 : 200, file, isPart ? { ...headers, 'Content-Range': `bytes ${start}-${end - 1}/${size}` } : headers);
  }
}
