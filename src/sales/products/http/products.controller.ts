import { Body, Controller, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, IfMatch, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { PathId } from '../../../platform/http/path-id.js';
import { created, ok, RawJson } from '../../../platform/http/reply.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { PRODUCT_WRITE } from '../../contract/permissions.js';
import { NamedByExternalId, PathReference } from '../../http/external-id-parameters.js';
import { ChangeProduct } from '../use-cases/change-product.js';
import { CreateProduct } from '../use-cases/create-product.js';
import { UpsertProduct } from '../use-cases/upsert-product.js';
import { ProductView } from '../views/product.view.js';
import { ChangeProductDto, CreateProductDto, ProductDto, toDescription } from './product.dto.js';

/** Saying what is sold. */
@ApiTags('sales')
@Controller('v1/products')
@RequirePermission(PRODUCT_WRITE)
export class ProductsController {
  constructor(
    private readonly commands: Commands,
    private readonly createProduct: CreateProduct,
    private readonly changeProduct: ChangeProduct,
    private readonly upsertProduct: UpsertProduct,
    private readonly view: ProductView,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'createProduct', summary: 'Create a product', description: 'A SKU or external id that another product has is refused with 409.' })
  @Creates(ProductDto)
  create(@CurrentCall() call: Call, @Body() body: CreateProductDto) {
    return this.commands.run(call, async (tx) => {
      const id = await this.createProduct.run(tx, toDescription(body));
      const { text, version } = await this.view.read(id, tx);
      return created(new RawJson(text), { location: placeOf(id), version });
    });
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateProduct', summary: 'Change a product' })
  @Gives(ProductDto)
  @Problems(404)
  update(@CurrentCall() call: Call, @PathId() id: Id, @IfMatch() expected: number, @Body() body: ChangeProductDto) {
    return this.commands.run(call, async (tx) => {
      await this.changeProduct.run(tx, id, expected, toDescription(body));
      const { text, version } = await this.view.read(id, tx);
      return ok(new RawJson(text), { version });
    });
  }

  @Put('by-external-id/:system/:externalId')
  @NamedByExternalId()
  @ApiOperation({
    operationId: 'upsertProduct',
    summary: 'Create a product, or change the one with this external id or SKU',
    description: 'The same content changes nothing. What is left out stays; external ids are added to those known.',
  })
  @Creates(ProductDto)
  @Gives(ProductDto, { description: 'Changed, or found as it should be.' })
  upsert(@CurrentCall() call: Call, @PathReference() reference: ExternalReference, @Body() body: CreateProductDto) {
    return this.commands.run(call, async (tx) => {
      const description = toDescription(body);
      const upserted = await this.upsertProduct.run(tx, { ...description, externalIds: [reference, ...description.externalIds] });
      const { id, text, version } = await this.view.read(upserted.id, tx);
      return upserted.created ? created(new RawJson(text), { location: placeOf(id), version }) : ok(new RawJson(text), { version });
    });
  }
}

function placeOf(id: Id): string {
  return `/v1/products/${id}`;
}
