import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { Role } from '../domain/roles.js';

/** Touches only what differs, so that starting the same release again changes nobody's rights. */
const SYNCHRONISE = sql<{ name: string }>('security.synchronise_roles', `
  insert into security.role (name, title, built_in, permissions, updated_at)
  select name, title, true, permissions, $2
    from jsonb_to_recordset($1::jsonb) as declared (name text, title text, permissions text[])
   order by name
  on conflict (name) do update
    set title = excluded.title, built_in = true, permissions = excluded.permissions, updated_at = excluded.updated_at
  where (role.title, role.built_in, role.permissions) is distinct from (excluded.title, true, excluded.permissions)
  returning name`);

const NAMED = sql<{ name: string; permissions: string[] }>('security.roles_named', `
  select name, permissions from security.role where name = any($1::text[])`);

@Injectable()
export class Roles {
  /** @returns the names of those that were not so already. */
  async synchronise(tx: Tx, roles: readonly Role[]): Promise<string[]> {
    const changed = await tx.query(SYNCHRONISE, [JSON.stringify(roles), tx.startedAt]);
    return changed.map(({ name }) => name);
  }

  /** Everything these roles allow together. @throws DomainError rule/unknown_role */
  async permissionsOf(from: Sql, names: readonly string[]): Promise<Set<string>> {
    const found = await from.query(NAMED, [names]);
    const unknown = names.filter((name) => !found.some((role) => role.name === name));
    if (unknown.length > 0) {
      throw new DomainError('rule', 'unknown_role', `There is no role ${unknown.map((name) => `"${name}"`).join(', ')}. GET /v1/roles lists them.`, {
        errors: unknown.map((name) => ({ pointer: `/roles/${names.indexOf(name)}`, code: 'unknown_role', detail: 'no such role' })),
      });
    }
    return new Set(found.flatMap(({ permissions }) => permissions));
  }
}
