import { register } from 'node:module';

/** Jest does not transform what runs before the tests, so the same sources are loaded here by a loader of our own. */
export default async function setUp() {
  register('./typescript-loader.mjs', import.meta.url);
  const { startTestServer } = await import('./test-server.ts');
  globalThis.shukeTestServer = await startTestServer();
}
