import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { AuditReads } from '../../../platform/audit/audit-reads.js';
import { Database } from '../../../platform/database/database.js';
import type { Sql } from '../../../platform/database/sql.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import type { ImportProfile } from '../domain/import-profile.js';
import { ImportProfileRepository } from '../persistence/import-profile.repository.js';

const CURSOR = 'import-profiles:-id';

/** Profiles opened for those who import. What they name may be a person, so reading them is written down. */
@Injectable()
export class ImportProfilesView {
  constructor(
    private readonly database: Database,
    private readonly profiles: ImportProfileRepository,
    private readonly cursors: Cursors,
    private readonly reads: AuditReads,
  ) {}

  /** @throws DomainError missing. */
  async read(actor: Actor, id: Id): Promise<ImportProfile> {
    const profile = await this.profiles.get(this.database, id);
    await this.wasRead(actor, [id]);
    return profile;
  }

  /** As the command that changes it leaves it. */
  after(tx: Sql, id: Id): Promise<ImportProfile> {
    return this.profiles.get(tx, id);
  }

  /** The newest first. */
  async list(actor: Actor, { resource, cursor, limit }: { readonly resource?: string; readonly cursor?: string; readonly limit: number }): Promise<Page<ImportProfile>> {
    const after = cursor === undefined ? undefined : (this.cursors.decode(CURSOR, cursor)[0] as Id);
    const found = await this.profiles.page(this.database, after, resource, limit + 1);
    const page = pageOf(found, limit, ({ id }) => this.cursors.encode(CURSOR, [id]));
    await this.wasRead(actor, page.data.map(({ id }) => id));
    return page;
  }

  private wasRead(actor: Actor, subjectIds: readonly Id[]): Promise<void> {
    return this.reads.record(actor, { action: 'import_profile.read', subjectType: 'import_profile', subjectIds });
  }
}
