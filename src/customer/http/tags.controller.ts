import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../platform/http/access.js';
import { Gives, GivesMany } from '../../platform/http/answers.js';
import { CurrentCall, type Call } from '../../platform/http/call.js';
import { Commands } from '../../platform/http/commands.js';
import { ListQuery } from '../../platform/http/list.dto.js';
import { Next, type NextLink } from '../../platform/http/next-link.js';
import { ok } from '../../platform/http/reply.js';
import { CUSTOMER_READ, CUSTOMER_WRITE } from '../contract/permissions.js';
import { TagCustomers } from '../use-cases/tag-customers.js';
import { TagsView } from '../views/tags.view.js';
import { TagCountDto, TaggingDto, TaggingResultDto } from './tags.dto.js';

/** Words people put on customers. */
@ApiTags('customer')
@Controller('v1')
export class TagsController {
  constructor(
    private readonly commands: Commands,
    private readonly tagCustomers: TagCustomers,
    private readonly tags: TagsView,
  ) {}

  @Post('customers/tags')
  @HttpCode(200)
  @RequirePermission(CUSTOMER_WRITE)
  @ApiOperation({ operationId: 'tagCustomers', summary: 'Put tags on and take tags off up to 1,000 customers' })
  @Gives(TaggingResultDto)
  tag(@CurrentCall() call: Call, @Body() { customerIds, add = [], remove = [] }: TaggingDto) {
    return this.commands.run(call, async (tx) => ok(await this.tagCustomers.run(tx, { customerIds: customerIds.map((id) => id.toLowerCase()), add, remove })));
  }

  @Get('tags')
  @RequirePermission(CUSTOMER_READ)
  @ApiOperation({ operationId: 'listTags', summary: 'Which tags are in use, and on how many active customers' })
  @GivesMany(TagCountDto)
  async list(@Query() { limit, cursor }: ListQuery, @Next() next: NextLink) {
    const page = await this.tags.read(limit, cursor);
    return ok(page).with(next(page.page.nextCursor));
  }
}
