import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives, GivesMany, Problems } from '../../../platform/http/answers.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import { PathId } from '../../../platform/http/path-id.js';
import { ok, RawJson } from '../../../platform/http/reply.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { ORDER_READ } from '../../contract/permissions.js';
import { NamedByExternalId, PathReference } from '../../http/external-id-parameters.js';
import { OrderListView } from '../views/order-list.view.js';
import { OrderView } from '../views/order.view.js';
import { OrderListQuery, toListAsk } from './order-list.dto.js';
import { OrderDto, OrderListItemDto } from './order.dto.js';

/** What is asked about orders. */
@ApiTags('sales')
@Controller('v1/orders')
@RequirePermission(ORDER_READ)
export class OrderViewsController {
  constructor(
    private readonly order: OrderView,
    private readonly list: OrderListView,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listOrders', summary: 'List orders', description: 'The latest first unless `sort` says otherwise. Lines, payments, refunds and fulfilments are shown if `expand` names them.' })
  @GivesMany(OrderListItemDto)
  async listAll(@Query() query: OrderListQuery, @Next() next: NextLink) {
    const page = await this.list.read(toListAsk(query));
    return ok(new RawJson(page.text)).with(next(page.nextCursor));
  }

  @Get('by-external-id/:system/:externalId')
  @NamedByExternalId()
  @ApiOperation({ operationId: 'getOrderByExternalId', summary: 'Read the order another system knows by this id' })
  @Gives(OrderDto)
  @Problems(404)
  async getByReference(@PathReference() reference: ExternalReference) {
    const { version, text } = await this.order.readByReference(reference);
    return ok(new RawJson(text), { version });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getOrder', summary: 'Read one order with lines, payments, refunds and fulfilments' })
  @Gives(OrderDto)
  @Problems(404)
  async get(@PathId() id: Id) {
    const { version, text } = await this.order.read(id);
    return ok(new RawJson(text), { version });
  }
}
