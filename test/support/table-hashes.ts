import type { TestApp } from './app.js';

/** What a refusal or a look may write: who knocked, and when. */
const TRACES = new Set([
  'platform.audit_inbox', 'platform.audit_log', 'platform.audit_head', 'security.password_guess',
]);

/** A hash over the rows of every table of every context, by table, to see that something changed nothing. */
export async function tableHashes(app: TestApp): Promise<Record<string, string>> {
  const tables = await app.asOwner<{ name: string }>(`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'bullmq', 'public') order by 1`);
  const hashes: Record<string, string> = {};
  for (const { name } of tables) {
    if (TRACES.has(name)) continue;
    const [row] = await app.asOwner<{ hash: string }>(`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from ${name} t`);
    hashes[name] = row?.hash ?? '';
  }
  return hashes;
}

/** Every row of every table as text, to look for what must not be there. `bytea` shows as hex. */
export async function everythingStored(app: TestApp): Promise<string> {
  const tables = await app.asOwner<{ name: string }>(`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') and schemaname not like 'pg\\_temp\\_%'`);
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await app.asOwner<{ text: string }>(`select t::text as text from ${name} t`);
    texts.push(...rows.map(({ text }) => `${name}: ${text}`));
  }
  return texts.join('\n');
}
