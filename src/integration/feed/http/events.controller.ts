import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '../../../kernel/domain-error.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives } from '../../../platform/http/answers.js';
import { ok } from '../../../platform/http/reply.js';
import { CurrentWatcher, GivesStream, type Watcher } from '../../../platform/http/stays-open.js';
import { Streams } from '../../../platform/http/streams.js';
import { EVENT_READ } from '../../contract/permissions.js';
import { EventFeedView } from '../views/event-feed.view.js';
import { EventStream } from '../views/event-stream.js';
import { EventListDto, FollowEventsQuery, ListEventsQuery } from './events.dto.js';

const POSITION = /^\d{1,15}$/;
const STREAM_EXAMPLE = 'retry: 3000\nid: 4711\nevent: customer.deleted.v1\ndata: {"id":"0192f0c1-2b3c-7def-8abc-1234567890ab","position":4711,"type":"customer.deleted.v1","aggregateId":"0192f0c1-2b3c-7def-8abc-1234567890ab","occurredAt":"2026-01-15T08:00:00.000Z","data":{"customerId":"0192f0c1-2b3c-7def-8abc-1234567890ab"}}\n\n';

/** The log of everything that happened, for systems that follow it at their own pace. */
@ApiTags('integration')
@Controller('v1/events')
@RequirePermission(EVENT_READ)
export class EventsController {
  constructor(
    private readonly feed: EventFeedView,
    private readonly stream: EventStream,
    private readonly streams: Streams,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listEvents', summary: 'Every event once, in order, after a position' })
  @Gives(EventListDto, { list: true })
  async list(@Query() { after, types, limit }: ListEventsQuery) {
    const events = await this.feed.read(after, types, limit);
    return ok(events).with(events.page.hasMore ? nextLink(events.page.nextAfter, types, limit) : {});
  }

  @Get('stream')
  @ApiOperation({
    operationId: 'followEvents',
    summary: 'Every event once, in order, after a position and as it happens, as server-sent events',
    description:
      'Each server-sent event has the position as `id`, the type as `event`, and as `data` the same JSON as an item of `GET /v1/events`. It goes on until one side ends it; come back with the last `id` as `Last-Event-ID` and nothing is missed or told twice. An `id` without data says how far the log was looked through; a comment comes after 15 s of silence. It ends when your session or key does: ask again, and the answer says why.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last `id` you had; it goes before `after`. Browsers send it by themselves when they come back.',
    schema: { type: 'string', pattern: POSITION.source },
    example: '4711',
  })
  @GivesStream('Server-sent events, as HTML describes them; see above.', STREAM_EXAMPLE)
  async follow(@CurrentWatcher() watcher: Watcher, @Headers('last-event-id') lastEventId: string | undefined, @Query() { after, types }: FollowEventsQuery): Promise<StreamableFile> {
    return this.streams.of(watcher, await this.stream.from(lastEventId === undefined ? after : positionOf(lastEventId), types));
  }
}

function positionOf(lastEventId: string): number {
  if (POSITION.test(lastEventId)) return Number(lastEventId);
  throw new DomainError('malformed', 'invalid_last_event_id', `Last-Event-ID must be the id of an event as this stream gave it, such as 4711; got "${lastEventId.slice(0, 60)}".`);
}

function nextLink(after: number, types: readonly string[] | undefined, limit: number): Record<string, string> {
  const query = new URLSearchParams({ after: String(after), ...(types ? { types: types.join(',') } : {}), limit: String(limit) });
  return { Link: `</v1/events?${query.toString()}>; rel="next"` };
}
