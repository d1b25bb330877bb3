import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../../platform/http/access.js';
import { GivesMany } from '../../../platform/http/answers.js';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import type { Page } from '../../../platform/http/page.js';
import { ok, type Reply } from '../../../platform/http/reply.js';
import { USER_MANAGE } from '../../contract/permissions.js';
import { RolesView } from '../views/roles.view.js';
import { RoleDto } from './roles.dto.js';

@ApiTags('security')
@Controller('v1/roles')
@RequirePermission(USER_MANAGE)
export class RolesController {
  constructor(private readonly roles: RolesView) {}

  @Get()
  @ApiOperation({ operationId: 'listRoles', summary: 'List roles and what they allow' })
  @GivesMany(RoleDto)
  async list(@Query() { limit, cursor }: ListQuery, @Next() next: NextLink): Promise<Reply<Page<RoleDto>>> {
    const found = await this.roles.list(limit, cursor);
    return ok(found).with(next(found.page.nextCursor));
  }
}
