import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../kernel/actor.js';
import type { Id } from '../../kernel/id.js';
import { AppConfig } from '../../platform/config/config.js';
import { RequirePermission } from '../../platform/http/access.js';
import { Gives, Problems } from '../../platform/http/answers.js';
import { CurrentActor } from '../../platform/http/call.js';
import { Next, type NextLink } from '../../platform/http/next-link.js';
import { PathId } from '../../platform/http/path-id.js';
import { ok, RawJson } from '../../platform/http/reply.js';
import { ReadsViews } from '../../platform/http/wait-for-event.js';
import { CUSTOMER_READ } from '../contract/permissions.js';
import { CustomerListView } from '../views/customer-list.view.js';
import { CustomerOverviewView } from '../views/customer-overview.view.js';
import { CustomerView } from '../views/customer.view.js';
import { TimelineView } from '../views/timeline.view.js';
import { CustomerListQuery, toListAsk } from './customer-list.dto.js';
import { CustomerDto, CustomerListDto } from './customer.dto.js';
import { CustomerOverviewDto } from './overview.dto.js';
import { TimelineDto, TimelineQuery } from './timeline.dto.js';

/** What is asked about customers. */
@ApiTags('customer')
@Controller('v1/customers')
@RequirePermission(CUSTOMER_READ)
export class CustomerViewsController {
  constructor(
    private readonly customer: CustomerView,
    private readonly list: CustomerListView,
    private readonly overview: CustomerOverviewView,
    private readonly timeline: TimelineView,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @ReadsViews('customer.features')
  @ApiOperation({ operationId: 'listCustomers', summary: 'List and search customers', description: 'Active ones unless `status` says otherwise. A page of a search by `q` may hold fewer rows than `limit` although more follow.' })
  @Gives(CustomerListDto, { list: true })
  async listAll(@CurrentActor() actor: Actor, @Query() query: CustomerListQuery, @Next() next: NextLink) {
    const page = await this.list.read(actor, toListAsk(query, this.config.currency));
    return ok(new RawJson(page.text)).with(next(page.nextCursor));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getCustomer', summary: 'Read one customer' })
  @Gives(CustomerDto)
  @Problems(404, 410)
  async get(@CurrentActor() actor: Actor, @PathId() id: Id) {
    const { text, version } = await this.customer.read(actor, id);
    return ok(new RawJson(text), { version });
  }

  @Get(':id/overview')
  @ReadsViews('customer.features', 'customer.timeline')
  @ApiOperation({ operationId: 'getCustomerOverview', summary: 'All we know of one customer at a glance' })
  @Gives(CustomerOverviewDto, { plain: true })
  @Problems(404, 410)
  async getOverview(@CurrentActor() actor: Actor, @PathId() id: Id) {
    return new RawJson(await this.overview.read(actor, id));
  }

  @Get(':id/timeline')
  @ReadsViews('customer.timeline')
  @ApiOperation({ operationId: 'listCustomerTimeline', summary: 'What happened with one customer, latest first' })
  @Gives(TimelineDto, { list: true })
  @Problems(404, 410)
  async getTimeline(@PathId() id: Id, @Query() { kind, limit, cursor }: TimelineQuery, @Next() next: NextLink) {
    const page = await this.timeline.read(id, { kinds: kind, limit, cursor });
    return ok(new RawJson(page.text)).with(next(page.nextCursor));
  }
}
