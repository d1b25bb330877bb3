import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Gives, Problems } from '../../../platform/http/answers.js';
import { CurrentActor } from '../../../platform/http/call.js';
import { PathId } from '../../../platform/http/path-id.js';
import { IMPORT_RUN } from '../../contract/permissions.js';
import { SuggestMappings } from '../use-cases/suggest-mappings.js';
import { MappingSuggestionListDto, MappingSuggestionsQuery } from './mapping-suggestions.dto.js';

const USUAL_SYSTEM = 'import';

/** From an upload to a mapping. */
@ApiTags('integration')
@Controller('v1/uploads')
@RequirePermission(IMPORT_RUN)
export class MappingSuggestionsController {
  constructor(private readonly suggestMappings: SuggestMappings) {}

  @Get(':id/mapping-suggestions')
  @ApiOperation({ operationId: 'listMappingSuggestions', summary: 'Which columns of an upload are probably which of ours' })
  @Gives(MappingSuggestionListDto, { plain: true })
  @Problems(404, 422)
  async list(@CurrentActor() actor: Actor, @PathId() id: Id, @Query() { resource, system = USUAL_SYSTEM }: MappingSuggestionsQuery): Promise<MappingSuggestionListDto> {
    return { data: await this.suggestMappings.run(actor, id, { resource, system }) };
  }
}
