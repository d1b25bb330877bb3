import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, GivesMany, Idempotent, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, IfMatch, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import type { Page } from '../../../platform/http/page.js';
import { PathId } from '../../../platform/http/path-id.js';
import { created, ok, type Reply } from '../../../platform/http/reply.js';
import type { StaffActor } from '../../access/http/staff-actor.js';
import { RightsEpoch } from '../../access/views/rights-epoch.js';
import { USER_MANAGE } from '../../contract/permissions.js';
import { ChangeUser } from '../use-cases/change-user.js';
import { CreateUser } from '../use-cases/create-user.js';
import { StaffUsersView, type StaffUserSeen } from '../views/staff-users.view.js';
import { CreateUserDto, ListUsersQuery, UpdateUserDto, UserDto } from './users.dto.js';

@ApiTags('security')
@Controller('v1/users')
@RequirePermission(USER_MANAGE)
export class UsersController {
  constructor(
    private readonly createUser: CreateUser,
    private readonly changeUser: ChangeUser,
    private readonly users: StaffUsersView,
    private readonly commands: Commands,
    private readonly rights: RightsEpoch,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listUsers', summary: 'List staff users, newest first' })
  @GivesMany(UserDto)
  async list(@Query() query: ListUsersQuery, @CurrentActor() actor: StaffActor, @Next() next: NextLink): Promise<Reply<Page<UserDto>>> {
    const { data, page } = await this.users.list(actor, query);
    return ok({ data: data.map(present), page }).with(next(page.nextCursor));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getUser', summary: 'Read a staff user' })
  @Gives(UserDto)
  @Problems(404)
  async get(@PathId() id: Id, @CurrentActor() actor: StaffActor): Promise<Reply<UserDto>> {
    const user = await this.users.get(actor, id);
    return ok(present(user), { version: user.version });
  }

  @Post()
  @Idempotent()
  @ApiOperation({ operationId: 'createUser', summary: 'Create a staff user' })
  @Creates(UserDto)
  @Problems(409, 422)
  async create(@CurrentCall() call: Call, @Body() body: CreateUserDto) {
    const wanted = await this.createUser.prepare(body);
    return this.commands.run(call, async (tx) => {
      const { id, version } = await this.createUser.run(tx, wanted);
      return created(present(await this.users.asOf(tx, id)), { location: `/v1/users/${id}`, version, personId: id });
    });
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateUser', summary: 'Change a staff user: name, roles, status, password' })
  @Gives(UserDto)
  @Problems(404, 409, 412, 422, 428)
  async update(@CurrentCall() call: Call, @PathId() id: Id, @IfMatch() version: number, @Body() body: UpdateUserDto) {
    const change = await this.changeUser.prepare(id, body);
    const answer = await this.commands.run(call, async (tx) => {
      const changed = await this.changeUser.run(tx, id, version, change);
      return ok(present(await this.users.asOf(tx, id)), { version: changed.version, personId: id });
    });
    await this.rights.settled();
    return answer;
  }
}

function present({ id, email, name, roles, status, createdAt, updatedAt, passwordChangedAt }: StaffUserSeen): UserDto {
  return { id, email, name, roles, status, createdAt, updatedAt, passwordChangedAt };
}
