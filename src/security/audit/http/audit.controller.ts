import { Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditTrail, type SealedEntry } from '../../../platform/audit/audit-trail.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives, GivesMany } from '../../../platform/http/answers.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { ok, type Reply } from '../../../platform/http/reply.js';
import { AUDIT_READ } from '../../contract/permissions.js';
import { AuditEntryDto, AuditVerdictDto, ListAuditEntriesQuery } from './audit.dto.js';

const CURSOR = 'audit-entries:-position';

@ApiTags('security')
@Controller('v1')
@RequirePermission(AUDIT_READ)
export class AuditController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly cursors: Cursors,
  ) {}

  @Get('audit-entries')
  @ApiOperation({ operationId: 'listAuditEntries', summary: 'List who did or read what, newest first' })
  @GivesMany(AuditEntryDto)
  async list(@Query() query: ListAuditEntriesQuery, @Next() next: NextLink): Promise<Reply<Page<AuditEntryDto>>> {
    const { limit, cursor, atGte, atLt, ...filter } = query;
    const before = cursor === undefined ? undefined : Number(this.cursors.decode(CURSOR, cursor)[0]);
    const entries = await this.trail.list({ ...filter, before, atGte: instant(atGte), atLt: instant(atLt), limit: limit + 1 });
    const { data, page } = pageOf(entries, limit, ({ position }) => this.cursors.encode(CURSOR, [position]));
    return ok({ data: data.map(present), page }).with(next(page.nextCursor));
  }

  @Post('audit/verify')
  @ApiOperation({ operationId: 'verifyAudit', summary: 'Check that no audit entry was altered, removed or added' })
  @Gives(AuditVerdictDto, { plain: true })
  verify(): Promise<AuditVerdictDto> {
    return this.trail.verify();
  }
}

function instant(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function present(entry: SealedEntry): AuditEntryDto {
  const { position, id, at, action, address, details, hash } = entry;
  const { actor_kind: actorKind, actor_id: actorId, request_id: requestId, subject_type: subjectType, subject_ids: subjectIds } = entry;
  return { position, id, at, actorKind, actorId, requestId, address, action, subjectType, subjectIds, details, hash };
}
