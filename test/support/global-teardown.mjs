export default async function tearDown() {
  await globalThis.shukeTestServer?.stop();
}
