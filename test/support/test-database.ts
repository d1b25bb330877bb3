import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of a test file's own, copied from the migrated template. */
export interface TestDatabase {
  readonly ownerUrl: string;
  /** Of the lesser role the app runs as. */
  readonly appUrl: string;
  /** Runs SQL as the owner, for what the app role may not do: extra tables, tampering. */
  asOwner(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** `test-server.ts` starts the server and migrates this database before the first test. */
const TEMPLATE = 'shuke';

export async function createTestDatabase(): Promise<TestDatabase> {
  const server = withDatabase(requireUrl('SHUKE_TEST_OWNER_URL'), 'postgres');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await run(server, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  const ownerUrl = withDatabase(server, name);
  return {
    ownerUrl,
    appUrl: withDatabase(requireUrl('SHUKE_TEST_APP_URL'), name),
    asOwner: (sql, params) => run(ownerUrl, sql, params),
    async drop() {
      await run(server, `drop database ${name} with (force)`);
    },
  };
}

function requireUrl(variable: string): string {
  const url = process.env[variable];
  if (!url) throw new Error(`${variable} is not set: run system tests through "npm test", whose global set-up starts the database.`);
  return url;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function run(url: string, sql: string, params?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql, params);
    return (result.rows ?? []) as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
