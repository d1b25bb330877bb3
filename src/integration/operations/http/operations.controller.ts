import { Controller, Get, HttpCode, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives, GivesMany, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import { PathId } from '../../../platform/http/path-id.js';
import { ok } from '../../../platform/http/reply.js';
import { CurrentWatcher, GivesStream, type Watcher } from '../../../platform/http/stays-open.js';
import { Streams } from '../../../platform/http/streams.js';
import { Operations } from '../../../platform/jobs/operations.js';
import { OPERATION_CANCEL, OPERATION_READ } from '../../contract/permissions.js';
import { OperationStream } from '../views/operation-stream.js';
import { WorkView } from '../views/work.view.js';
import { ListOperationsQuery, OperationDto } from './operations.dto.js';

const STREAM_EXAMPLE = 'retry: 3000\nevent: progress\nid: 1768464000000\ndata: {"id":"0192f0c1-2b3c-7def-8abc-1234567890ab","status":"running","progress":{"done":4000,"total":8135}}\n\n';

/**
 * Long work as a resource. An operation says how far work is and holds nothing about people, so whoever may read
 * operations reads all of them; stopping one needs besides what its kind needed to be started.
 */
@ApiTags('integration')
@Controller('v1/operations')
@RequirePermission(OPERATION_READ)
export class OperationsController {
  constructor(
    private readonly operations: Operations,
    private readonly work: WorkView,
    private readonly stream: OperationStream,
    private readonly streams: Streams,
    private readonly commands: Commands,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listOperations', summary: 'List operations, the latest first' })
  @GivesMany(OperationDto)
  async list(@Query() { cursor, limit, ...filter }: ListOperationsQuery, @Next() next: NextLink) {
    const page = await this.work.listOperations(filter, cursor, limit);
    return ok(page).with(next(page.page.nextCursor));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getOperation', summary: 'One operation' })
  @Gives(OperationDto, { plain: true })
  @Problems(404)
  get(@PathId() id: Id): Promise<OperationDto> {
    return this.operations.get(id);
  }

  @Get(':id/events')
  @ApiOperation({
    operationId: 'watchOperation',
    summary: 'Follow an operation as server-sent events',
    description: 'An event `progress` each time it moves and one `end` when it is over, each with the whole operation as JSON; then the stream ends.',
  })
  @GivesStream('Server-sent events.', STREAM_EXAMPLE)
  @Problems(404)
  async watch(@CurrentWatcher() watcher: Watcher, @PathId() id: Id): Promise<StreamableFile> {
    return this.streams.of(watcher, await this.stream.of(id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission(OPERATION_CANCEL)
  @ApiOperation({ operationId: 'cancelOperation', summary: 'Stop an operation after its step under way; what was done stays' })
  @Gives(OperationDto)
  @Problems(404, 409)
  cancel(@CurrentCall() call: Call, @PathId() id: Id) {
    return this.commands.run(call, async (tx) => ok(await this.operations.cancel(tx, id)));
  }

  @Post(':id/resume')
  @HttpCode(200)
  @RequirePermission(OPERATION_CANCEL)
  @ApiOperation({ operationId: 'resumeOperation', summary: 'Go on with an operation that failed or was cancelled, behind its last step' })
  @Gives(OperationDto)
  @Problems(404, 409)
  resume(@CurrentCall() call: Call, @PathId() id: Id) {
    return this.commands.run(call, async (tx) => ok(await this.operations.resume(tx, id)));
  }
}
