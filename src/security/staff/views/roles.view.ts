import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';

export interface RoleSeen {
  readonly name: string;
  readonly title: string;
  readonly builtIn: boolean;
  readonly permissions: readonly string[];
}

const LIST = sql<RoleSeen>('security.list_roles', `
  select name, title, built_in as "builtIn", permissions from security.role
   where ($1::text is null or name > $1) order by name limit $2`);

const CURSOR = 'roles:name';

/** Roles by name, with what they allow. */
@Injectable()
export class RolesView {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  async list(limit: number, cursor?: string): Promise<Page<RoleSeen>> {
    const after = cursor === undefined ? null : this.cursors.decode(CURSOR, cursor)[0];
    return pageOf(await this.database.query(LIST, [after, limit + 1]), limit, ({ name }) => this.cursors.encode(CURSOR, [name]));
  }
}
