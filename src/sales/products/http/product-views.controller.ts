import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives, GivesMany, Problems } from '../../../platform/http/answers.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import { PathId } from '../../../platform/http/path-id.js';
import { ok, RawJson } from '../../../platform/http/reply.js';
import { PRODUCT_READ } from '../../contract/permissions.js';
import { ProductView } from '../views/product.view.js';
import { ProductDto, ProductListQuery, toListAsk } from './product.dto.js';

/** What is asked about products. */
@ApiTags('sales')
@Controller('v1/products')
@RequirePermission(PRODUCT_READ)
export class ProductViewsController {
  constructor(private readonly products: ProductView) {}

  @Get()
  @ApiOperation({ operationId: 'listProducts', summary: 'List products, the latest first' })
  @GivesMany(ProductDto)
  async listAll(@Query() query: ProductListQuery, @Next() next: NextLink) {
    const page = await this.products.list(toListAsk(query));
    return ok(new RawJson(page.text)).with(next(page.nextCursor));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getProduct', summary: 'Read one product' })
  @Gives(ProductDto)
  @Problems(404)
  async get(@PathId() id: Id) {
    const { version, text } = await this.products.read(id);
    return ok(new RawJson(text), { version });
  }
}
