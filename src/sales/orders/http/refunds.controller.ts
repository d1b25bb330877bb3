import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, IfMatchIfSent, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { PAYMENT_WRITE } from '../../contract/permissions.js';
import { RecordRefund } from '../use-cases/record-refund.js';
import { refundOf } from '../views/order-parts.js';
import { inContext, MoneyFactDto, RecordRefundDto } from './fact-input.dto.js';
import { RecordedRefundDto } from './order.dto.js';
import { moved, recorded } from './recorded.js';

/** Money given back. */
@ApiTags('sales')
@Controller('v1')
@RequirePermission(PAYMENT_WRITE)
export class RefundsController {
  constructor(
    private readonly commands: Commands,
    private readonly recordRefund: RecordRefund,
  ) {}

  @Post('orders/:id/refunds')
  @ApiOperation({
    operationId: 'recordRefund',
    summary: 'Record a refund of an order',
    description: 'Refunds never pass what was captured (422 `over_refund`); pending ones count. With `providerEventId` it is recorded once; a repetition answers 200 with what was recorded.',
  })
  @Creates(RecordedRefundDto)
  @Gives(RecordedRefundDto, { description: 'The provider\'s event was recorded before.' })
  @Problems(404)
  record(@CurrentCall() call: Call, @PathId() orderId: Id, @IfMatchIfSent() version: number | undefined, @Body() body: RecordRefundDto) {
    return this.commands.run(call, async (tx) => recorded(await this.recordRefund.run(tx, orderId, inContext(body, version)), refundOf));
  }

  @Post('refunds/:id/settle')
  @ApiOperation({ operationId: 'settleRefund', summary: 'Record that a pending refund reached the customer' })
  @Gives(RecordedRefundDto)
  @Problems(404)
  settle(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: MoneyFactDto) {
    return this.commands.run(call, async (tx) => moved(await this.recordRefund.move(tx, id, { ...inContext(body, version), to: 'settled' }), refundOf));
  }

  @Post('refunds/:id/fail')
  @ApiOperation({ operationId: 'failRefund', summary: 'Record that a pending refund failed' })
  @Gives(RecordedRefundDto)
  @Problems(404)
  fail(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: MoneyFactDto) {
    return this.commands.run(call, async (tx) => moved(await this.recordRefund.move(tx, id, { ...inContext(body, version), to: 'failed' }), refundOf));
  }
}
