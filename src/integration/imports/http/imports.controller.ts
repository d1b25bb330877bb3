import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Accepts, Gives, GivesFile, GivesMany, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import { PathId } from '../../../platform/http/path-id.js';
import { accepted, ok } from '../../../platform/http/reply.js';
import { IMPORT_REVERT, IMPORT_RUN } from '../../contract/permissions.js';
import { RevertImport } from '../use-cases/revert-import.js';
import { StartImport } from '../use-cases/start-import.js';
import { ImportChangesView } from '../views/import-changes.view.js';
import { ImportProblemsView } from '../views/import-problems.view.js';
import { ImportProofView } from '../views/import-proof.view.js';
import { ImportsView } from '../views/imports.view.js';
import { KeptRecordsView } from '../views/kept-records.view.js';
import { ImportProofDto, KeptRecordDto, ListKeptRecordsQuery } from './import-proof.dto.js';
import { CreateImportDto, ImportChangeDto, ImportDto, ImportProblemDto, ImportResourceListDto, ListImportChangesQuery, ListImportProblemsQuery } from './imports.dto.js';
import { readMapping } from '../domain/read-mapping.js';
import { OperationDto } from '../../operations/http/operations.dto.js';

/** Bringing files in: upload, map, try out, import, mend what was refused, prove it, take it back. */
@ApiTags('integration')
@Controller('v1/imports')
@RequirePermission(IMPORT_RUN)
export class ImportsController {
  constructor(
    private readonly startImport: StartImport,
    private readonly revertImport: RevertImport,
    private readonly imports: ImportsView,
    private readonly problems: ImportProblemsView,
    private readonly changes: ImportChangesView,
    private readonly proof: ImportProofView,
    private readonly kept: KeptRecordsView,
    private readonly commands: Commands,
  ) {}

  @Get('resources')
  @ApiOperation({ operationId: 'listImportResources', summary: 'What can be imported, with its columns' })
  @Gives(ImportResourceListDto, { plain: true })
  resources(): ImportResourceListDto {
    const data = this.imports.resources().map(({ resource, title, permission, columns }) => ({
      resource,
      title,
      permission,
      columns: columns.map(({ name, description, required = false, type, example, aliases }) => ({ name, description, required, type, example, aliases })),
    }));
    return { data };
  }

  @Post()
  @ApiOperation({ operationId: 'createImport', summary: 'Import an upload, or try it out, as an operation' })
  @Accepts(OperationDto)
  @Problems(409, 422)
  create(@CurrentCall() call: Call, @Body() { uploadId, profileId, resource, mapping, options = {} }: CreateImportDto) {
    const { dryRun = false, timeZone, currency, onError } = options;
    const by = resource === undefined || mapping === undefined ? undefined : { resource, mapping: readMapping(mapping) };
    const command = { uploadId, profileId, by, dryRun, options: { timeZone, currency, onError } };
    return this.commands.run(call, async (tx) => {
      const operation = await this.startImport.run(tx, command);
      return accepted(operation, `/v1/operations/${operation.id}`);
    });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getImport', summary: 'What became of the lines so far' })
  @Gives(ImportDto, { plain: true })
  @Problems(404)
  get(@PathId() id: Id): Promise<ImportDto> {
    return this.imports.get(id);
  }

  /** Up to 100 lines, picked from the whole file; those that change something first. */
  @Get(':id/changes')
  @ApiOperation({ operationId: 'listImportChanges', summary: 'What some lines of the import changed, or would change' })
  @GivesMany(ImportChangeDto)
  @Problems(404, 410)
  async listChanges(@CurrentActor() actor: Actor, @PathId() id: Id, @Query() { cursor, limit }: ListImportChangesQuery, @Next() next: NextLink) {
    const page = await this.changes.list(actor, id, cursor, limit);
    return ok(page).with(next(page.page.nextCursor));
  }

  @Get(':id/problems')
  @ApiOperation({ operationId: 'listImportProblems', summary: 'Refused lines, in the order of the file' })
  @GivesMany(ImportProblemDto)
  @Problems(404, 410)
  async listProblems(@CurrentActor() actor: Actor, @PathId() id: Id, @Query() { cursor, limit }: ListImportProblemsQuery, @Next() next: NextLink) {
    const page = await this.problems.list(actor, id, cursor, limit);
    return ok(page).with(next(page.page.nextCursor));
  }

  @Get(':id/problems.csv')
  @ApiOperation({ operationId: 'downloadImportProblems', summary: 'Refused lines as the file had them, with one more column that says why' })
  @GivesFile('text/csv', {
    description: 'UTF-8 with a byte order mark; the columns of the file in their order and with its separator, then `problem`. Mended, it can be uploaded and imported by the same mapping.',
    example: 'name,phone,problem\r\n王小明,12,phone: this is no phone number\r\n',
  })
  @Problems(404, 409, 410)
  async downloadProblems(@CurrentActor() actor: Actor, @PathId() id: Id): Promise<StreamableFile> {
    return fileOf(await this.problems.csv(actor, id), 'text/csv; charset=utf-8', `problems-${id}.csv`);
  }

  @Get(':id/problems.ndjson')
  @ApiOperation({ operationId: 'downloadImportProblemsAsNdjson', summary: 'Refused lines of an NDJSON file, each with one more member that says why' })
  @GivesFile('application/x-ndjson', {
    description: 'The refused lines with one more member, `problem`. Mended, the file can be uploaded and imported by the same mapping.',
    example: '{"name":"王小明","phone":"12","problem":"phone: this is no phone number"}\n',
  })
  @Problems(404, 409, 410)
  async downloadProblemsAsNdjson(@CurrentActor() actor: Actor, @PathId() id: Id): Promise<StreamableFile> {
    return fileOf(await this.problems.ndjson(actor, id), 'application/x-ndjson', `problems-${id}.ndjson`);
  }

  @Get(':id/proof')
  @ApiOperation({ operationId: 'getImportProof', summary: 'The file and the database added up side by side, by month and currency' })
  @Gives(ImportProofDto, { plain: true })
  @Problems(404, 409)
  getProof(@PathId() id: Id): Promise<ImportProofDto> {
    return this.proof.of(id);
  }

  @Post(':id/revert')
  @RequirePermission(IMPORT_REVERT)
  @ApiOperation({ operationId: 'revertImport', summary: 'Take back what the import made and nobody has changed since, as an operation' })
  @Accepts(OperationDto)
  @Problems(404, 409)
  revert(@CurrentCall() call: Call, @PathId() id: Id) {
    return this.commands.run(call, async (tx) => {
      const operation = await this.revertImport.run(tx, id);
      return accepted(operation, `/v1/operations/${operation.id}`);
    });
  }

  @Get(':id/kept')
  @ApiOperation({ operationId: 'listKeptRecords', summary: 'What stayed when the import was taken back, and why, in the order of the file' })
  @GivesMany(KeptRecordDto)
  @Problems(404)
  async listKept(@PathId() id: Id, @Query() { cursor, limit }: ListKeptRecordsQuery, @Next() next: NextLink) {
    const page = await this.kept.list(id, cursor, limit);
    return ok(page).with(next(page.page.nextCursor));
  }
}

/** Leaves as fast as the reader takes it. */
function fileOf(text: AsyncGenerator<string>, type: string, name: string): StreamableFile {
  return new StreamableFile(Readable.from(text, { objectMode: false }), { type, disposition: `attachment; filename="${name}"` });
}
