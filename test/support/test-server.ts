import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { migrate } from '../../src/platform/database/migrations.js';

export const TEMPLATE = 'shuke_template';
/** The owner's URL of the run's server, for the workers of the test runner. */
export const SERVER_VARIABLE = 'SHUKE_TEST_SERVER';

/** One throwaway PostgreSQL for the whole run, in memory where the machine has /dev/shm, with one migrated template. */
export async function startTestServer(): Promise<{ stop(): Promise<void> }> {
  const parent = await access('/dev/shm').then(() => '/dev/shm', () => tmpdir());
  const dataDir = await mkdtemp(path.join(parent, 'shuke-test-'));
  const server = await startEmbeddedPostgres({ dataDir, throwaway: true });
  await execute(server.ownerUrl, `create database ${TEMPLATE}`);
  await migrate(databaseUrl(server.ownerUrl, TEMPLATE));
  process.env[SERVER_VARIABLE] = server.ownerUrl;
  return {
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement as the owner, on a connection of its own. */
export async function execute(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
