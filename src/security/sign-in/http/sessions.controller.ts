import { Controller, Delete, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { SignedIn } from '../../../platform/http/access.js';
import { GivesMany, GivesNothing, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import type { Page } from '../../../platform/http/page.js';
import { PathId } from '../../../platform/http/path-id.js';
import { noContent, ok, type Reply } from '../../../platform/http/reply.js';
import { CurrentSession, type StaffActor } from '../../access/http/staff-actor.js';
import { RightsEpoch } from '../../access/views/rights-epoch.js';
import { EndSession } from '../use-cases/end-session.js';
import { SessionsView } from '../views/sessions.view.js';
import { SessionDto } from './sessions.dto.js';

/** One's own sessions. */
@ApiTags('security')
@Controller('v1/sessions')
@SignedIn()
export class SessionsController {
  constructor(
    private readonly endSession: EndSession,
    private readonly sessions: SessionsView,
    private readonly commands: Commands,
    private readonly rights: RightsEpoch,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSessions', summary: 'List where I am signed in' })
  @GivesMany(SessionDto)
  async list(
    @Query() { limit, cursor }: ListQuery,
    @CurrentActor() { id, sessionId }: StaffActor,
    @Next() next: NextLink,
  ): Promise<Reply<Page<SessionDto>>> {
    const { data, page } = await this.sessions.of(id, limit, cursor);
    return ok({ data: data.map((session) => ({ ...session, current: session.id === sessionId })), page }).with(next(page.nextCursor));
  }

  @Delete('current')
  @ApiOperation({ operationId: 'deleteCurrentSession', summary: 'Sign out' })
  @GivesNothing({ description: 'Signed out: neither token of this session works any more.' })
  signOut(@CurrentCall() call: Call, @CurrentSession() id: Id) {
    return this.end(call, id);
  }

  @Delete(':id')
  @ApiOperation({ operationId: 'deleteSession', summary: 'Sign out another of my sessions' })
  @GivesNothing({ description: 'Neither token of that session works any more.' })
  @Problems(404)
  signOutElsewhere(@CurrentCall() call: Call, @PathId() id: Id) {
    return this.end(call, id);
  }

  private async end(call: Call, id: Id) {
    const answer = await this.commands.run(call, async (tx) => {
      await this.endSession.run(tx, id);
      return noContent();
    });
    await this.rights.settled();
    return answer;
  }
}
