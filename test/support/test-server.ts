import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appRoleUrl } from '../../src/platform/database/app-role.js';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { migrate } from '../../src/platform/database/migrations.js';

/**
 * One throwaway PostgreSQL for the whole run, in memory where the machine has /dev/shm. Its database `shuke` is migrated
 * once and is the template of every test file's own (`test-database.ts` reads the variables set here).
 */
export async function startTestServer(): Promise<{ stop(): Promise<void> }> {
  const parent = await access('/dev/shm').then(() => '/dev/shm', () => tmpdir());
  const dataDir = await mkdtemp(path.join(parent, 'shuke-test-'));
  const server = await startEmbeddedPostgres({ dataDir, throwaway: true });
  await migrate(server.ownerUrl);
  process.env['SHUKE_TEST_OWNER_URL'] = server.ownerUrl;
  process.env['SHUKE_TEST_APP_URL'] = await appRoleUrl(server.ownerUrl, 'the app role of a throwaway server');
  return {
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
