import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { SignedIn } from '../../../platform/http/access.js';
import { Gives, GivesNothing, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { noContent } from '../../../platform/http/reply.js';
import { CurrentSession, type StaffActor } from '../../access/http/staff-actor.js';
import { ApiKeysView } from '../../access/views/api-keys.view.js';
import { RightsEpoch } from '../../access/views/rights-epoch.js';
import { StaffUsersView } from '../../staff/views/staff-users.view.js';
import { ChangeOwnPassword } from '../use-cases/change-own-password.js';
import { ChangePasswordDto, MeDto } from './me.dto.js';

/** The caller's own account. */
@ApiTags('security')
@Controller('v1/me')
@SignedIn()
export class MeController {
  constructor(
    private readonly changePassword: ChangeOwnPassword,
    private readonly users: StaffUsersView,
    private readonly keys: ApiKeysView,
    private readonly commands: Commands,
    private readonly rights: RightsEpoch,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getMe', summary: 'Who I am and what I may do' })
  @Gives(MeDto, { plain: true })
  async get(@CurrentActor() actor: StaffActor): Promise<MeDto> {
    const permissions = [...actor.permissions].sort();
    if (actor.kind !== 'user') return { kind: 'api_key', id: actor.id, name: await this.keys.nameOf(actor.id), roles: [], permissions };
    const { id, name, email, roles } = await this.users.get(actor, actor.id);
    return { kind: 'user', id, name, email, roles, permissions };
  }

  /** Signs out every other session. No If-Match: the current password says which state the caller means. */
  @Put('password')
  @ApiOperation({ operationId: 'changeMyPassword', summary: 'Change my password' })
  @GivesNothing({ description: 'Changed. Every other session of yours has ended.' })
  @Problems(409, 422, 429)
  async setPassword(@CurrentCall() call: Call, @CurrentSession() sessionId: Id, @Body() { currentPassword, newPassword }: ChangePasswordDto) {
    const change = await this.changePassword.prepare(call.actor, currentPassword, newPassword);
    const answer = await this.commands.run(call, async (tx) => {
      await this.changePassword.run(tx, change, sessionId);
      return noContent();
    });
    await this.rights.settled();
    return answer;
  }
}
