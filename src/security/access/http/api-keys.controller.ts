import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, GivesMany, GivesNothing, Idempotent, Problems } from '../../../platform/http/answers.js';
import { CurrentCall, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import type { Page } from '../../../platform/http/page.js';
import { PathId } from '../../../platform/http/path-id.js';
import { created, noContent, ok, type Reply } from '../../../platform/http/reply.js';
import { API_KEY_MANAGE } from '../../contract/permissions.js';
import { IssueApiKey } from '../use-cases/issue-api-key.js';
import { RevokeApiKey } from '../use-cases/revoke-api-key.js';
import { ApiKeysView } from '../views/api-keys.view.js';
import { RightsEpoch } from '../views/rights-epoch.js';
import { ApiKeyDto, CreateApiKeyDto, IssuedApiKeyDto, ListApiKeysQuery } from './api-keys.dto.js';

@ApiTags('security')
@Controller('v1/api-keys')
@RequirePermission(API_KEY_MANAGE)
export class ApiKeysController {
  constructor(
    private readonly issueApiKey: IssueApiKey,
    private readonly revokeApiKey: RevokeApiKey,
    private readonly keys: ApiKeysView,
    private readonly commands: Commands,
    private readonly rights: RightsEpoch,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listApiKeys', summary: 'List API keys, newest first' })
  @GivesMany(ApiKeyDto)
  async list(@Query() query: ListApiKeysQuery, @Next() next: NextLink): Promise<Reply<Page<ApiKeyDto>>> {
    const found = await this.keys.list(query);
    return ok(found).with(next(found.page.nextCursor));
  }

  /** A stored answer (Idempotency-Key) is sealed under the issuing user's key, because it holds the secret. */
  @Post()
  @Idempotent()
  @ApiOperation({ operationId: 'createApiKey', summary: 'Issue an API key; its secret is shown this once' })
  @Creates(IssuedApiKeyDto)
  @Problems(422)
  create(@CurrentCall() call: Call, @Body() { name, scopes, expiresAt }: CreateApiKeyDto) {
    return this.commands.run(call, async (tx) => {
      const issued = await this.issueApiKey.run(tx, { name, scopes, expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt) });
      const body: IssuedApiKeyDto = { ...issued, lastUsedAt: null, revokedAt: null };
      return created(body, { location: `/v1/api-keys/${issued.id}`, personId: issued.issuedBy });
    });
  }

  /** No If-Match: a key that leaked must stop whatever else changed about it. */
  @Delete(':id')
  @ApiOperation({ operationId: 'deleteApiKey', summary: 'Revoke an API key' })
  @GivesNothing({ description: 'Revoked: it works nowhere any more.' })
  @Problems(404)
  async revoke(@CurrentCall() call: Call, @PathId() id: Id) {
    const answer = await this.commands.run(call, async (tx) => {
      await this.revokeApiKey.run(tx, id);
      return noContent();
    });
    await this.rights.settled();
    return answer;
  }
}
