import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { needs } from '../support/needs.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

needs('a Chromium browser at /usr/bin/chromium', CHROMIUM !== undefined)('the documentation page', () => {
  let app: TestApp;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const foreign: string[] = [];

  beforeAll(async () => {
    app = await startApp();
    // Makes the administrator whose password is typed below.
    await app.asAdmin();
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: FLAGS });
    page = await browser.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => !/^(data|blob):/.test(request.url()) && !request.url().startsWith(app.url) && foreign.push(request.url()));
    await page.goto(`${app.url}/docs`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  /** Opens an operation, fills its body if it has one, runs it, and gives status and body of the answer. */
  async function tryOut(tag: string, operationId: string, body?: object): Promise<{ status: string; text: string }> {
    const operation = page.locator(`#operations-${tag}-${operationId}`);
    await operation.locator('.opblock-summary-control').click();
    if (body) await operation.locator('textarea.body-param__text').fill(JSON.stringify(body));
    await operation.locator('button.execute').click();
    const live = operation.locator('.live-responses-table .response').first();
    await live.waitFor();
    return { status: (await live.locator('.response-col_status').innerText()).trim(), text: await live.locator('.highlight-code').first().innerText() };
  }

  it('S152 signs in and runs a request in a real browser, with nothing loaded from elsewhere', async () => {
    const session = await tryOut('security', 'createSession', ADMINISTRATOR);
    expect(session.status).toContain('201');
    const token = /"accessToken": "([^"]+)"/.exec(session.text)?.[1];
    expect(token).toBeDefined();

    await page.locator('.scheme-container button.authorize').click();
    await page.locator('.auth-container input').fill(token!);
    await page.locator('.auth-container button.authorize').click();
    await page.locator('.auth-container button.btn-done').click();

    const me = await tryOut('security', 'getMe');
    expect(me.status).toContain('200');
    expect(me.text).toContain(ADMINISTRATOR.email);
    expect(complaints).toEqual([]);
    expect(foreign).toEqual([]);
  }, 60_000);
});

describe('documents beside the page', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('S152 serves the contract itself, and what each problem code means', async () => {
    const yaml = await app.http.get('/docs/openapi.yaml').expect(200);
    expect(yaml.text ?? String(yaml.body)).toContain('openapi: 3.1.0');
    const json = await app.http.get('/docs/openapi.json').expect(200).expect('Content-Type', /^application\/json/);
    const text = yaml.text ?? String(yaml.body);
    expect(Object.keys(json.body.paths as object)).toEqual([...text.matchAll(/^ {2}(\/\S*):$/gm)].map(([, path]) => path));
  });

  it('S174 serves the pages of its version, and names the versions it has', async () => {
    const { version } = (await app.http.get('/docs/openapi.json').expect(200)).body.info as { version: string };
    const versions = await app.http.get('/docs/versions').expect(200);
    expect(versions.text).toContain(`href="./${version}/openapi.yaml"`);
    await app.http.get(`/docs/${version}`).expect(301).expect('Location', `/docs/${version}/`);
    expect((await app.http.get(`/docs/${version}/`).expect(200)).text).toContain('swagger-ui');
    await app.http.get(`/docs/${version}/openapi.yaml`).expect(200);
    await app.http.get('/docs/0.0.0/').expect(404);
    expect((await app.http.get('/docs/deprecations').expect(200)).text).toContain('Nothing is deprecated.');
  });

  it('S174 says of each problem code what it is, how to mend it, and which operations answer it', async () => {
    const { text } = await app.http.get('/docs/problems').expect(200);
    const row = /<tr id="idempotency_key_reused">.*?<\/tr>/.exec(text)![0];
    expect(row).toContain('<td>422</td>');
    expect(row).toContain('Use a new key for a new request.');
    expect(/<tr id="unknown_event_type">.*?<\/tr>/.exec(text)![0]).toContain('<td>listEvents, followEvents</td>');
    const rows = [...text.matchAll(/<tr id="(\w+)"><td><code>\w+<\/code><\/td><td>([\d, ]*)<\/td><td>(.*?)<\/td>/g)];
    expect(rows.length).toBeGreaterThan(120);
    // Said by the server itself, not by a refusal in the code.
    expect(rows.filter(([, , statuses, said]) => statuses === '' || said === '').map(([, code]) => code)).toEqual(['internal', 'method_not_allowed']);
  });
});
