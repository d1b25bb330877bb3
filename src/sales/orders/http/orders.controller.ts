import { Body, Controller, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, IfMatchIfSent, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { created, ok, RawJson } from '../../../platform/http/reply.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { ORDER_WRITE } from '../../contract/permissions.js';
import { NamedByExternalId, PathReference } from '../../http/external-id-parameters.js';
import { CancelOrder } from '../use-cases/cancel-order.js';
import { PlaceOrder } from '../use-cases/place-order.js';
import { UpsertOrder } from '../use-cases/upsert-order.js';
import { OrderView, placedOrderText } from '../views/order.view.js';
import { CancellationDto, PlaceOrderDto, toOrderInput, UpsertOrderDto } from './order-input.dto.js';
import { OrderDto } from './order.dto.js';

/** Placing orders, keeping them up to date, and calling them off. */
@ApiTags('sales')
@Controller('v1/orders')
@RequirePermission(ORDER_WRITE)
export class OrdersController {
  constructor(
    private readonly commands: Commands,
    private readonly placeOrder: PlaceOrder,
    private readonly upsertOrder: UpsertOrder,
    private readonly cancelOrder: CancelOrder,
    private readonly view: OrderView,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'createOrder',
    summary: 'Place an order',
    description: 'Each line names a product, whose name and price it then takes where it says none, or says itself what is sold and for how much. The order waits for payment; its status follows from what is recorded about money and parcels.',
  })
  @Creates(OrderDto)
  place(@CurrentCall() call: Call, @Body() body: PlaceOrderDto) {
    return this.commands.run(call, async (tx) => {
      const { order, number, productIds } = await this.placeOrder.run(tx, toOrderInput(body));
      return created(new RawJson(placedOrderText(order, number, productIds, tx.startedAt)), { location: placeOf(order.id), version: 1 });
    });
  }

  @Put('by-external-id/:system/:externalId')
  @NamedByExternalId()
  @ApiOperation({
    operationId: 'upsertOrder',
    summary: 'Place an order of another system, or bring ours up to date with it',
    description: 'The same content changes nothing. Lines may change until the order is delivered or cancelled, but never below what is in fulfilments, and the total never below what is paid or authorised. External ids are added to those known.',
  })
  @Creates(OrderDto)
  @Gives(OrderDto, { description: 'Changed, or found as it should be.' })
  upsert(@CurrentCall() call: Call, @PathReference() reference: ExternalReference, @IfMatchIfSent() version: number | undefined, @Body() body: UpsertOrderDto) {
    return this.commands.run(call, async (tx) => {
      const upserted = await this.upsertOrder.run(tx, reference, toOrderInput(body), version);
      const order = await this.view.read(upserted.id, tx);
      const text = new RawJson(order.text);
      return upserted.created ? created(text, { location: placeOf(order.id), version: order.version }) : ok(text, { version: order.version });
    });
  }

  @Post(':id/cancel')
  @ApiOperation({
    operationId: 'cancelOrder',
    summary: 'Cancel an order with all its lines',
    description: 'Fulfilments are cancelled and authorisations released with it; captured money stays until it is refunded. Cannot be undone.',
  })
  @Gives(OrderDto)
  @Problems(404)
  cancel(@CurrentCall() call: Call, @PathId() id: Id, @IfMatchIfSent() version: number | undefined, @Body() { reason }: CancellationDto) {
    return this.commands.run(call, async (tx) => {
      await this.cancelOrder.run(tx, id, reason ?? null, version);
      const order = await this.view.read(id, tx);
      return ok(new RawJson(order.text), { version: order.version });
    });
  }
}

function placeOf(id: Id): string {
  return `/v1/orders/${id}`;
}
