import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { ConsumerRunner } from '../../../platform/events/consumer-runner.js';
import { ConsumerStatus } from '../../../platform/events/consumer-status.js';
import { Redrive } from '../../../platform/events/redrive.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives, GivesMany, GivesNothing, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import { PathId } from '../../../platform/http/path-id.js';
import { noContent, ok } from '../../../platform/http/reply.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { CONSUMER_MANAGE, CONSUMER_READ } from '../../contract/permissions.js';
import { ParkedEventsView, presentParkedEvent } from '../views/parked-events.view.js';
import { WorkView } from '../../operations/views/work.view.js';
import {
  ConsumerListDto, FailedJobDto, ListFailedJobsQuery, ListParkedEventsQuery, ParkedEventDto, ReplayConsumerDto, RetriedEventDto,
} from './consumers.dto.js';

/** The consumer and the position of `/parked-events/{consumer}/{position}`. */
const POSITION = { name: 'position', schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } } as const;

/** What an operator needs when something behind the requests is stuck. */
@ApiTags('integration')
@Controller('v1')
@RequirePermission(CONSUMER_MANAGE)
export class ConsumersController {
  constructor(
    private readonly commands: Commands,
    private readonly runner: ConsumerRunner,
    private readonly status: ConsumerStatus,
    private readonly redrive: Redrive,
    private readonly parked: ParkedEventsView,
    private readonly jobs: Jobs,
    private readonly work: WorkView,
  ) {}

  @Get('consumers')
  @RequirePermission(CONSUMER_READ)
  @ApiOperation({ operationId: 'listConsumers', summary: 'How far each consumer of the event log is' })
  @Gives(ConsumerListDto, { plain: true })
  async list(): Promise<ConsumerListDto> {
    return { data: await this.status.all() };
  }

  @Post('consumers/:name/replay')
  @HttpCode(204)
  @ApiOperation({ operationId: 'replayConsumer', summary: 'Set a consumer back so that it rebuilds what it keeps' })
  @GivesNothing()
  @Problems(404, 422)
  replay(@CurrentCall() call: Call, @Param('name') name: string, @Body() { from }: ReplayConsumerDto) {
    return this.commands.run(call, async (tx) => {
      await this.runner.replay(tx, name, from);
      return noContent();
    });
  }

  @Get('parked-events')
  @RequirePermission(CONSUMER_READ)
  @ApiOperation({ operationId: 'listParkedEvents', summary: 'Events that consumers could not apply, with the reason' })
  @GivesMany(ParkedEventDto)
  async listParked(@Query() { consumer, cursor, limit }: ListParkedEventsQuery, @Next() next: NextLink) {
    const page = await this.parked.list(consumer, cursor, limit);
    return ok(page).with(next(page.page.nextCursor));
  }

  @Post('parked-events/:consumer/:position/retry')
  @HttpCode(200)
  @ApiParam(POSITION)
  @ApiOperation({ operationId: 'retryParkedEvent', summary: 'Try a parked event now, and those behind it' })
  @Gives(RetriedEventDto)
  @Problems(404)
  retryParked(@CurrentCall() call: Call, @Param('consumer') consumer: string, @Param('position') position: string) {
    return this.commands.run(call, async (tx) => {
      const still = await this.redrive.retry(tx, consumer, positionOf(position));
      return ok({ applied: still === undefined, parked: still ? presentParkedEvent(still) : null });
    });
  }

  @Post('parked-events/:consumer/:position/discard')
  @HttpCode(204)
  @ApiParam(POSITION)
  @ApiOperation({ operationId: 'discardParkedEvent', summary: 'Give a parked event up for this consumer; those behind it are tried next' })
  @GivesNothing()
  @Problems(404, 409)
  discardParked(@CurrentCall() call: Call, @Param('consumer') consumer: string, @Param('position') position: string) {
    return this.commands.run(call, async (tx) => {
      await this.redrive.discard(tx, consumer, positionOf(position));
      return noContent();
    });
  }

  @Get('failed-jobs')
  @RequirePermission(CONSUMER_READ)
  @ApiOperation({ operationId: 'listFailedJobs', summary: 'Jobs that were given up, with the reason' })
  @GivesMany(FailedJobDto)
  async listFailed(@Query() { name, cursor, limit }: ListFailedJobsQuery, @Next() next: NextLink) {
    const page = await this.work.listFailedJobs(name, cursor, limit);
    return ok(page).with(next(page.page.nextCursor));
  }

  @Post('failed-jobs/:id/retry')
  @HttpCode(204)
  @ApiOperation({ operationId: 'retryFailedJob', summary: 'Give a failed job all its tries again' })
  @GivesNothing()
  @Problems(404, 409)
  retryFailed(@CurrentCall() call: Call, @PathId() id: Id) {
    return this.commands.run(call, async (tx) => {
      await this.jobs.retry(tx, id);
      return noContent();
    });
  }
}

function positionOf(text: string): number {
  const position = Number(text);
  if (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(position)) return position;
  throw new DomainError('malformed', 'invalid_position', `"${text.slice(0, 60)}" in the path is no position of the event log. Take it as GET /v1/parked-events gave it.`);
}
