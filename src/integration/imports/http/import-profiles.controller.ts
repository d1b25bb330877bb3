import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { RequirePermission } from '../../../platform/http/access.js';
import { Creates, Gives, GivesMany, GivesNothing, Problems } from '../../../platform/http/answers.js';
import { CurrentActor, CurrentCall, IfMatch, type Call } from '../../../platform/http/call.js';
import { Commands } from '../../../platform/http/commands.js';
import { Next, type NextLink } from '../../../platform/http/next-link.js';
import { PathId } from '../../../platform/http/path-id.js';
import { created, noContent, ok } from '../../../platform/http/reply.js';
import { IMPORT_RUN } from '../../contract/permissions.js';
import type { ImportProfile, ProfileOptions } from '../domain/import-profile.js';
import { readMapping } from '../domain/read-mapping.js';
import { ChangeImportProfile } from '../use-cases/change-import-profile.js';
import { CreateImportProfile } from '../use-cases/create-import-profile.js';
import { DeleteImportProfile } from '../use-cases/delete-import-profile.js';
import { ImportProfilesView } from '../views/import-profiles.view.js';
import { CreateImportProfileDto, ImportProfileDto, ImportProfileOptionsDto, ListImportProfilesQuery, UpdateImportProfileDto } from './import-profiles.dto.js';

/** How files of one kind are imported, to be said once. */
@ApiTags('integration')
@Controller('v1/import-profiles')
@RequirePermission(IMPORT_RUN)
export class ImportProfilesController {
  constructor(
    private readonly commands: Commands,
    private readonly createProfile: CreateImportProfile,
    private readonly changeProfile: ChangeImportProfile,
    private readonly deleteProfile: DeleteImportProfile,
    private readonly profiles: ImportProfilesView,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listImportProfiles', summary: 'Import profiles, the newest first' })
  @GivesMany(ImportProfileDto)
  async list(@CurrentActor() actor: Actor, @Query() query: ListImportProfilesQuery, @Next() next: NextLink) {
    const page = await this.profiles.list(actor, query);
    return ok(page).with(next(page.page.nextCursor));
  }

  @Post()
  @ApiOperation({ operationId: 'createImportProfile', summary: 'Keep a mapping with its options under a name' })
  @Creates(ImportProfileDto)
  create(@CurrentCall() call: Call, @Body() { name, resource, mapping, options = {} }: CreateImportProfileDto) {
    const content = { name, resource, mapping: readMapping(mapping), options: withoutNulls(options) };
    return this.commands.run(call, async (tx) => {
      const profile = await this.profiles.after(tx, await this.createProfile.run(tx, content));
      return created(profile, { location: `/v1/import-profiles/${profile.id}`, ...facts(profile) });
    });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getImportProfile', summary: 'One import profile' })
  @Gives(ImportProfileDto)
  @Problems(404)
  async get(@CurrentActor() actor: Actor, @PathId() id: Id) {
    const profile = await this.profiles.read(actor, id);
    return ok(profile, facts(profile));
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateImportProfile', summary: 'Change an import profile' })
  @Gives(ImportProfileDto)
  @Problems(404)
  update(@CurrentCall() call: Call, @PathId() id: Id, @IfMatch() version: number, @Body() patch: UpdateImportProfileDto) {
    return this.commands.run(call, async (tx) => {
      await this.changeProfile.run(tx, id, version, patch);
      const profile = await this.profiles.after(tx, id);
      return ok(profile, facts(profile));
    });
  }

  @Delete(':id')
  @ApiOperation({ operationId: 'deleteImportProfile', summary: 'Delete an import profile; imports that went by it stay as they are' })
  @GivesNothing()
  @Problems(404)
  delete(@CurrentCall() call: Call, @PathId() id: Id, @IfMatch() version: number) {
    return this.commands.run(call, async (tx) => {
      await this.deleteProfile.run(tx, id, version);
      return noContent();
    });
  }
}

/** A copy kept for a retry is sealed under the profile's own key. */
function facts({ id, version }: ImportProfile): { version: number; personId: Id } {
  return { version, personId: id };
}

function withoutNulls({ timeZone, currency, onError }: ImportProfileOptionsDto): ProfileOptions {
  return { ...(timeZone && { timeZone }), ...(currency && { currency }), ...(onError && { onError }) };
}
