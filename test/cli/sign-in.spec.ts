import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { needs } from '../support/needs.js';
import { HAS_TERMINALS, ShukeUser } from '../support/shuke.js';

let app: TestApp;
let user: ShukeUser;
const profile = () => user.at('.config/shuke/profiles/default.json');
const signIn = () => user.runs(['sign-in', app.url, '--email', ADMINISTRATOR.email, '--password-stdin'], { input: `${ADMINISTRATOR.password}\n` });

beforeAll(async () => {
  app = await startApp();
  await app.asAdmin();
});
afterAll(() => app.close());
beforeEach(async () => void (user = await ShukeUser.create()));
afterEach(() => user.remove());

describe('signing in', () => {
  it('keeps the session, and not the password, where only its owner can read it', async () => {
    expect(await signIn()).toMatchObject({ code: 0, stdout: `Signed in at ${app.url} as Administrator.\n` });
    expect((await stat(profile())).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(profile()))).mode & 0o777).toBe(0o700);
    expect(await readFile(profile(), 'utf8')).not.toContain(ADMINISTRATOR.password);
    expect(JSON.parse((await user.runs(['whoami', '--json'])).stdout)).toMatchObject({ kind: 'user', email: ADMINISTRATOR.email });
  });

  it('takes the password from the environment, another home from XDG, and keeps several sign-ins apart', async () => {
    const environment = { SHUKE_PASSWORD: ADMINISTRATOR.password, XDG_CONFIG_HOME: user.at('xdg') };
    expect((await user.runs(['sign-in', app.url, '-e', ADMINISTRATOR.email, '--profile', 'shop.test'], { environment })).code).toBe(0);
    expect(await readdir(user.at('xdg/shuke/profiles'))).toEqual(['shop.test.json']);
    expect((await user.runs(['whoami', '--profile', 'shop.test'], { environment })).code).toBe(0);
    expect(await user.runs(['whoami'], { environment })).toMatchObject({ code: 3, stderr: expect.stringContaining('shuke sign-in http://localhost:3000') });
    expect(await user.runs(['whoami', '--profile', '../etc'], { environment })).toMatchObject({ code: 64 });
  });

  it('is refused with what the server says, and leaves nothing', async () => {
    const said = await user.runs(['sign-in', app.url, '-e', ADMINISTRATOR.email, '--password-stdin'], { input: 'wrong' });
    expect(said).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('(wrong_credentials, 401)') });
    expect(existsSync(profile())).toBe(false);
  });

  it('asks nobody where nobody can answer', async () => {
    expect(await user.runs(['sign-in', app.url, '-e', ADMINISTRATOR.email])).toMatchObject({ code: 64, stderr: expect.stringContaining('--password-stdin or SHUKE_PASSWORD') });
    expect(await user.runs(['sign-in', app.url])).toMatchObject({ code: 64, stderr: expect.stringContaining('Use --email') });
    expect(await user.runs(['sign-in', 'nowhere', '-e', 'a@b.example', '--password-stdin'])).toMatchObject({ code: 64, stderr: expect.stringContaining('is no address') });
  });

  it('an API key does in place of a session, from a file or from the environment', async () => {
    const { body } = await (await app.asAdmin()).post('/v1/api-keys').send({ name: 'ERP', scopes: ['customer:read'] }).expect(201);
    const { key } = body as { key: string };
    expect((await user.runs(['sign-in', app.url, '--api-key-stdin'], { input: `${key}\n` })).stdout).toBe(`Signed in at ${app.url} as ERP.\n`);
    expect(JSON.parse((await user.runs(['whoami', '--json'])).stdout)).toMatchObject({ kind: 'api_key', permissions: ['customer:read'] });

    const other = await ShukeUser.create();
    expect(JSON.parse((await other.runs(['whoami', '--json'], { environment: { SHUKE_URL: app.url, SHUKE_API_KEY: key } })).stdout)).toMatchObject({ name: 'ERP' });
    expect(await other.runs(['orders', 'list'], { environment: { SHUKE_URL: app.url, SHUKE_API_KEY: key } })).toMatchObject({ code: 3, stderr: expect.stringContaining('403') });
    await other.remove();
  });

  it('a token is never sent to another server than the one that gave it', async () => {
    await signIn();
    expect(await user.runs(['whoami', '--url', 'http://localhost:9'])).toMatchObject({ code: 3, stderr: expect.stringContaining('not signed in at http://localhost:9') });
  });
});

describe('a session', () => {
  it('is renewed once by however many processes find its token run out', async () => {
    await signIn();
    const kept = JSON.parse(await readFile(profile(), 'utf8')) as { session: { accessToken: string; refreshToken: string } };
    await writeFile(profile(), JSON.stringify({ ...kept, session: { ...kept.session, accessToken: 'run-out' } }));
    const codes = (await Promise.all([1, 2, 3, 4].map(() => user.runs(['whoami'])))).map(({ code }) => code);
    expect(codes).toEqual([0, 0, 0, 0]);
    // A refresh token sent twice would have ended the session.
    expect((await user.runs(['whoami'])).code).toBe(0);
    const now = JSON.parse(await readFile(profile(), 'utf8')) as typeof kept;
    expect(now.session.refreshToken).not.toBe(kept.session.refreshToken);
    expect(await readdir(path.dirname(profile()))).toEqual(['default.json']);
  });

  it('that was ended elsewhere says how to sign in again', async () => {
    await signIn();
    const { session } = JSON.parse(await readFile(profile(), 'utf8')) as { session: { accessToken: string } };
    await app.http.delete('/v1/sessions/current').set('Authorization', `Bearer ${session.accessToken}`).expect(204);
    expect(await user.runs(['whoami'])).toMatchObject({ code: 3, stdout: '', stderr: `shuke: Your session at ${app.url} has ended. Sign in again: shuke sign-in ${app.url}\n` });
  });

  it('is ended, here and at the server, by signing out', async () => {
    await signIn();
    const { session } = JSON.parse(await readFile(profile(), 'utf8')) as { session: { accessToken: string } };
    expect(await user.runs(['sign-out'])).toMatchObject({ code: 0, stdout: `Signed out of ${app.url}.\n` });
    expect(existsSync(profile())).toBe(false);
    await app.http.get('/v1/me').set('Authorization', `Bearer ${session.accessToken}`).expect(401);
    expect(await user.runs(['sign-out', '--json'])).toMatchObject({ code: 0, stdout: '{"signedOut":false}\n' });
  });
});

needs('script(1) of Linux', HAS_TERMINALS)('at a terminal', () => {
  it('asks for address and password, and shows nothing of the password', async () => {
    const shown = await user.atTerminal(['sign-in', app.url], [['E-mail: ', `${ADMINISTRATOR.email}\r`], [`Password of ${ADMINISTRATOR.email}: `, `wrong\x7f\x7f\x7f\x7f\x7f${ADMINISTRATOR.password}\r`]]);
    expect(shown).toContain(`Signed in at ${app.url} as Administrator.`);
    expect(shown).not.toMatch(/horse|wrong/);
  });

  it('Ctrl-C at a question ends it', async () => {
    const shown = await user.atTerminal(['sign-in', app.url, '-e', ADMINISTRATOR.email], [['Password', '\u0003']]);
    expect(shown).not.toContain('Signed in');
    expect(existsSync(profile())).toBe(false);
  });
});
