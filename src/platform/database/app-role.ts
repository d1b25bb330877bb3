import { Client } from 'pg';
import { LOCKS } from './locks.js';
import { APP_ROLE } from './migrations.js';

export class DatabaseSetupError extends Error {}

/**
 * Makes the login role the app runs as, a member of `shuke_app`, which owns nothing and is no superuser, and gives its
 * URL. The password is derived from the key ring, so every process of the installation knows it and nobody stores it.
 * @throws DatabaseSetupError if the owner may not create roles.
 */
export async function appRoleUrl(ownerUrl: string, password: string): Promise<string> {
  const url = new URL(ownerUrl);
  const role = `shuke_${decodeURIComponent(url.pathname.slice(1)).replace(/[^A-Za-z0-9_]/g, '_')}`.slice(0, 60);
  url.username = role;
  url.password = password;
  if (await canLogIn(url.href)) return url.href;

  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    // Processes that start together take turns: two that alter one role at once fail.
    await owner.query('select pg_advisory_lock($1)', [LOCKS.migrations]);
    if (await canLogIn(url.href)) return url.href;
    await owner.query(`do $$ begin
      if not exists (select from pg_roles where rolname = ${owner.escapeLiteral(role)}) then create role ${owner.escapeIdentifier(role)} login; end if;
    exception when duplicate_object or unique_violation then null; end $$`);
    await owner.query(`grant ${APP_ROLE} to ${owner.escapeIdentifier(role)}`);
    // The password comes last: who can log in has its rights.
    await owner.query(`alter role ${owner.escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole password ${owner.escapeLiteral(password)}`);
  } catch (error) {
    throw new DatabaseSetupError(
      `The role in DATABASE_URL may not create the lesser role "${role}" that Shuke runs as (${(error as Error).message}). ` +
        `Give it CREATEROLE, or create a role that is a member of ${APP_ROLE} yourself, put it into DATABASE_URL and the owner into DATABASE_OWNER_URL.`,
    );
  } finally {
    await owner.end();
  }
  return url.href;
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
