import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, IfMatchIfSent, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { PAYMENT_WRITE } from '../../contract/permissions.js';
import { RecordPayment, type PaymentMove } from '../use-cases/record-payment.js';
import { paymentOf } from '../views/order-parts.js';
import { inContext, MoneyFactDto, RecordPaymentDto, SettlePaymentDto } from './fact-input.dto.js';
import { RecordedPaymentDto } from './order.dto.js';
import { moved, recorded } from './recorded.js';

/** What payment providers and cashiers report. */
@ApiTags('sales')
@Controller('v1')
@RequirePermission(PAYMENT_WRITE)
export class PaymentsController {
  constructor(
    private readonly commands: Commands,
    private readonly recordPayment: RecordPayment,
  ) {}

  @Post('orders/:id/payments')
  @ApiOperation({
    operationId: 'recordPayment',
    summary: 'Record a payment of an order',
    description: 'Captured and authorised together never pass the total (422 `over_payment`). With `providerEventId` it is recorded once; a repetition answers 200 with what was recorded.',
  })
  @Creates(RecordedPaymentDto)
  @Gives(RecordedPaymentDto, { description: 'The provider\'s event was recorded before.' })
  @Problems(404)
  record(@CurrentCall() call: Call, @PathId() orderId: Id, @IfMatchIfSent() version: number | undefined, @Body() body: RecordPaymentDto) {
    return this.commands.run(call, async (tx) => recorded(await this.recordPayment.run(tx, orderId, inContext(body, version)), paymentOf));
  }

  @Post('payments/:id/settle')
  @ApiOperation({ operationId: 'settlePayment', summary: 'Record that an authorised payment was captured, wholly or in part' })
  @Gives(RecordedPaymentDto)
  @Problems(404)
  settle(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: SettlePaymentDto) {
    return this.move(call, id, { ...inContext(body, version), to: 'settled' });
  }

  @Post('payments/:id/fail')
  @ApiOperation({ operationId: 'failPayment', summary: 'Record that an authorised payment could not be captured' })
  @Gives(RecordedPaymentDto)
  @Problems(404)
  fail(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: MoneyFactDto) {
    return this.move(call, id, { ...inContext(body, version), to: 'error' });
  }

  @Post('payments/:id/cancel')
  @ApiOperation({ operationId: 'cancelPayment', summary: 'Record that a payment was voided or charged back', description: 'Money given back by agreement is a refund.' })
  @Gives(RecordedPaymentDto)
  @Problems(404)
  cancel(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() body: MoneyFactDto) {
    return this.move(call, id, { ...inContext(body, version), to: 'cancelled' });
  }

  private move(call: Call, id: Id, input: PaymentMove) {
    return this.commands.run(call, async (tx) => moved(await this.recordPayment.move(tx, id, input), paymentOf));
  }
}
