import { Client } from 'pg';
import { DatabaseSetupError } from './app-role.js';

const REQUIRED = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

/**
 * Refuses a database that may lose acknowledged writes, or an app role that could read past its grants (QUALITY G4, B2).
 * @throws DatabaseSetupError naming each setting and its remedy.
 */
export async function verifyDatabase(appUrl: string, strict: boolean): Promise<string[]> {
  const client = new Client({ connectionString: appUrl });
  await client.connect();
  try {
    const warnings: string[] = [];
    for (const setting of REQUIRED) {
      const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [setting]);
      if (rows[0]?.value === 'off') warnings.push(`${setting} is off: a crash may lose acknowledged writes. Set ${setting} = on.`);
    }
    const { rows } = await client.query<{ superuser: boolean; owns: boolean }>(`
      select r.rolsuper as superuser, exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p')) as owns
        from pg_roles r where r.rolname = current_user`);
    if (rows[0]?.superuser) warnings.push('the app role is a superuser. Let Shuke make its own role, or use a lesser one in DATABASE_URL.');
    if (rows[0]?.owns) warnings.push('the app role owns tables. Put the owner into DATABASE_OWNER_URL and a member of shuke_app into DATABASE_URL.');
    if (strict && warnings.length > 0) throw new DatabaseSetupError(`The database is not safe to run on:\n${warnings.map((line) => `  - ${line}`).join('\n')}`);
    return warnings;
  } finally {
    await client.end();
  }
}
