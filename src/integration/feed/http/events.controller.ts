import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives } from '../../../platform/http/answers.js';
import { ok } from '../../../platform/http/reply.js';
import { EVENT_READ } from '../../contract/permissions.js';
import { EventFeedView } from '../views/event-feed.view.js';
import { EventListDto, ListEventsQuery } from './events.dto.js';

/** The log of everything that happened, for systems that follow it at their own pace. */
@ApiTags('integration')
@Controller('v1/events')
@RequirePermission(EVENT_READ)
export class EventsController {
  constructor(private readonly feed: EventFeedView) {}

  @Get()
  @ApiOperation({ operationId: 'listEvents', summary: 'Every event once, in order, after a position' })
  @Gives(EventListDto, { list: true })
  async list(@Query() { after, types, limit }: ListEventsQuery) {
    const events = await this.feed.read(after, types, limit);
    return ok(events).with(events.page.hasMore ? nextLink(events.page.nextAfter, types, limit) : {});
  }
}

function nextLink(after: number, types: readonly string[] | undefined, limit: number): Record<string, string> {
  const query = new URLSearchParams({ after: String(after), ...(types ? { types: types.join(',') } : {}), limit: String(limit) });
  return { Link: `</v1/events?${query.toString()}>; rel="next"` };
}
