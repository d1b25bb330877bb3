import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, IfMatchIfSent, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { ORDER_WRITE } from '../../contract/permissions.js';
import { RecordFulfilment, type FulfilmentMove } from '../use-cases/record-fulfilment.js';
import { fulfilmentOf } from '../views/order-parts.js';
import { FactDto, inContext, RecordFulfilmentDto } from './fact-input.dto.js';
import { RecordedFulfilmentDto } from './order.dto.js';
import { moved, recorded } from './recorded.js';

/** What warehouses and carriers report. */
@ApiTags('sales')
@Controller('v1')
@RequirePermission(ORDER_WRITE)
export class FulfilmentsController {
  constructor(
    private readonly commands: Commands,
    private readonly recordFulfilment: RecordFulfilment,
  ) {}

  @Post('orders/:id/fulfilments')
  @ApiOperation({
    operationId: 'recordFulfilment',
    summary: 'Record a fulfilment of some or all units of an order',
    description: 'Per line, fulfilments never pass what was ordered and not cancelled (422 `over_shipment`). An authorised order can be packed; only a paid one can be shipped.',
  })
  @Creates(RecordedFulfilmentDto)
  @Problems(404)
  record(@CurrentCall() call: Call, @PathId() orderId: Id, @IfMatchIfSent() version: number | undefined, @Body() body: RecordFulfilmentDto) {
    return this.commands.run(call, async (tx) => recorded(await this.recordFulfilment.run(tx, orderId, inContext(body, version)), fulfilmentOf));
  }

  @Post('fulfilments/:id/ship')
  @ApiOperation({ operationId: 'shipFulfilment', summary: 'Record that a fulfilment was handed to the carrier' })
  @Gives(RecordedFulfilmentDto)
  @Problems(404)
  ship(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: FactDto) {
    return this.move(call, id, { ...inContext(body, version), to: 'shipped' });
  }

  @Post('fulfilments/:id/deliver')
  @ApiOperation({ operationId: 'deliverFulfilment', summary: 'Record that a fulfilment reached the customer' })
  @Gives(RecordedFulfilmentDto)
  @Problems(404)
  deliver(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: FactDto) {
    return this.move(call, id, { ...inContext(body, version), to: 'delivered' });
  }

  @Post('fulfilments/:id/cancel')
  @ApiOperation({ operationId: 'cancelFulfilment', summary: 'Record that a fulfilment will not reach the customer', description: 'Its units can be fulfilled again. What a finished order holds comes back as a return.' })
  @Gives(RecordedFulfilmentDto)
  @Problems(404)
  cancel(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: FactDto) {
    return this.move(call, id, { ...inContext(body, version), to: 'cancelled' });
  }

  private move(call: Call, id: Id, input: FulfilmentMove) {
    return this.commands.run(call, async (tx) => moved(await this.recordFulfilment.move(tx, id, input), fulfilmentOf));
  }
}
