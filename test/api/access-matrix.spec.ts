import { request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/kernel/id.js';
import { SIGNED_IN } from '../../src/platform/http/access.js';
import { AccessTokens } from '../../src/security/access/use-cases/access-tokens.js';
import { startApp, type Role, type TestApp } from '../support/app.js';
import { fill, routeTable, type RouteUnderTest } from '../support/route-table.js';
import { aMember, forgedToken, payloadOf, sessionOf, signInAs } from '../support/staff.js';
import { tableHashes } from '../support/table-hashes.js';

/** The whole list of what is open to the world (QUALITY B12). A route that joins it is looked at twice. */
const OPEN = ['GET /health/live', 'GET /health/ready', 'POST /v1/sessions', 'POST /v1/sessions/refresh'];
const ROLES: readonly Role[] = ['administrator', 'manager', 'agent', 'viewer', 'integration'];
/** Neither JSON nor fit for any route: whoever is refused before validation never hears of it. */
const BROKEN_BODY = '{"broken';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

let app: TestApp;
let routes: RouteUnderTest[];
let closed: RouteUnderTest[];
beforeAll(async () => {
  app = await startApp();
  await app.asAdmin();
  routes = routeTable(app);
  closed = routes.filter(({ rule }) => rule?.kind === 'needs');
});
afterAll(() => app?.close());

/** Over node:http, which sends a path as it is given. A stream is left at its first words: it has no end. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = send(`${app.url}/`, { method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      const told = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (!response.headers['content-type']?.startsWith('text/event-stream')) return;
        told();
        response.destroy();
      });
      response.on('end', told);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function bodyFor(method: string): [Record<string, string>, string | undefined] {
  return method === 'GET' || method === 'DELETE' ? [{}, undefined] : [{ 'Content-Type': 'application/json' }, BROKEN_BODY];
}

async function knock({ method, path }: RouteUnderTest, authorization: string | undefined, id = 'no-uuid'): Promise<Answer> {
  const [headers, body] = bodyFor(method);
  return ask(method, fill(path, id), { ...headers, ...(authorization === undefined ? {} : { Authorization: authorization }) }, body);
}

const nameOf = ({ method, path }: RouteUnderTest) => `${method} ${path}`;

describe('the route table', () => {
  it('is found, and every route says who may call it', () => {
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter(({ rule }) => rule === undefined).map(nameOf)).toEqual([]);
  });

  it('B12 has exactly these routes open to the world', () => {
    expect(routes.filter(({ rule }) => rule?.kind === 'public').map(nameOf)).toEqual(OPEN);
  });
});

describe('G23 whoever has no valid credentials', () => {
  it('gets 401 from every operation, before anything else is looked at', async () => {
    const member = await aMember(app, 'forged');
    const genuine = await signInAs(app, member);
    const ended = await sessionOf(app, member.id);
    await app.http.delete('/v1/sessions/current').set('Authorization', `Bearer ${ended.accessToken}`).expect(204);
    const key = (await (await app.asAdmin()).post('/v1/api-keys').send({ name: 'K', scopes: ['audit:read'] }).expect(201)).body as { key: string; prefix: string };

    const [header = '', payload = '', signature = ''] = genuine.accessToken.split('.');
    const claims = payloadOf(genuine.accessToken);
    const hs256 = { alg: 'HS256', typ: 'JWT' };
    const ours = app.get(AccessTokens).key;
    const past = Math.floor(Date.now() / 1000) - 1;
    const forgeries: Record<string, string | undefined> = {
      nothing: undefined,
      'an empty token': 'Bearer ',
      garbage: 'Bearer garbage',
      'another scheme': `Basic ${Buffer.from(`${member.email}:${member.password}`).toString('base64')}`,
      'the token without its scheme': genuine.accessToken,
      'an altered signature': `Bearer ${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      'a cut signature': `Bearer ${header}.${payload}.`,
      'an altered payload': `Bearer ${header}.${Buffer.from(JSON.stringify({ ...claims, exp: past + 9999 })).toString('base64url')}.${signature}`,
      'alg none': `Bearer ${forgedToken({ alg: 'none', typ: 'JWT' }, claims)}`,
      'alg none with a signature': `Bearer ${forgedToken({ alg: 'none' }, claims, ours)}`,
      'another algorithm with our own key': `Bearer ${forgedToken({ alg: 'HS512', typ: 'JWT' }, claims, ours, 'sha512')}`,
      're-signed with another key': `Bearer ${forgedToken(hs256, claims, 'another key')}`,
      're-signed with an empty key': `Bearer ${forgedToken(hs256, claims, '')}`,
      expired: `Bearer ${forgedToken(hs256, { ...claims, exp: past }, ours)}`,
      'without an end': `Bearer ${forgedToken(hs256, { ...claims, exp: undefined }, ours)}`,
      'without a session': `Bearer ${forgedToken(hs256, { ...claims, sid: undefined }, ours)}`,
      'for a session that never was': `Bearer ${forgedToken(hs256, { ...claims, sid: newId() }, ours)}`,
      'of another issuer': `Bearer ${forgedToken(hs256, { ...claims, iss: 'somebody' }, ours)}`,
      'of a session that ended': `Bearer ${ended.accessToken}`,
      'a refresh token': `Bearer ${genuine.refreshToken}`,
      'a key without its secret': `Bearer ${key.prefix}`,
      'a key with another secret': `Bearer ${key.key.slice(0, -1)}${key.key.endsWith('A') ? 'B' : 'A'}`,
    };
    const before = await tableHashes(app);
    const open: string[] = [];
    for (const route of closed) {
      for (const [what, authorization] of Object.entries(forgeries)) {
        const { status, headers, text } = await knock(route, authorization);
        const refused = status === 401 && headers['www-authenticate'] === 'Bearer' && (JSON.parse(text) as { code: string }).code === 'unauthenticated';
        if (!refused) open.push(`${nameOf(route)} with ${what}: ${status} ${text.slice(0, 100)}`);
      }
    }
    expect(open).toEqual([]);
    expect(await tableHashes(app)).toEqual(before);
    // The genuine ones do work, so the forgeries were refused for what they are.
    for (const token of [genuine.accessToken, key.key]) expect((await ask('GET', '/v1/me', { Authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('gets nothing by tricks with the path or the method', async () => {
    const tricks: readonly ((path: string) => string)[] = [
      (path) => `${path}/`,
      (path) => `/${path}`,
      (path) => `/.${path}`,
      (path) => `/x/..${path}`,
      (path) => `${path}/.`,
      (path) => `${path}%2f`,
      (path) => `${path};x=1`,
      (path) => `${path}%00`,
      (path) => `${path}.json`,
      (path) => `${path}?Authorization=Bearer`,
      (path) => path.toUpperCase(),
      (path) => path.replace('/v1/', '/v1//'),
      (path) => path.replace('/v1', '/%76%31'),
    ];
    const open: string[] = [];
    for (const route of closed.filter(({ method }) => method === 'GET')) {
      const path = fill(route.path, newId());
      for (const trick of tricks) {
        const { status } = await ask('GET', trick(path));
        if (status < 400) open.push(`GET ${trick(path)}: ${status}`);
      }
      for (const method of ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const { status } = await ask(method, path);
        if (status < 400) open.push(`${method} ${path}: ${status}`);
      }
    }
    expect(open).toEqual([]);
  });
});

describe('G24 a role', () => {
  it.each(ROLES)('of %s reaches exactly the operations its permissions name, and a refusal changes nothing', async (role) => {
    const member = await aMember(app, `matrix-${role}`, [role]);
    const [row] = await app.asOwner<{ permissions: string[] }>('select permissions from security.role where name = $1', [role]);
    const held = new Set([...(row?.permissions ?? []), SIGNED_IN]);
    const allowed = closed.filter(({ rule }) => rule?.kind === 'needs' && held.has(rule.permission));
    const forbidden = closed.filter((route) => !allowed.includes(route));
    const wrong: string[] = [];

    const { accessToken } = await sessionOf(app, member.id);
    const before = await tableHashes(app);
    for (const route of forbidden) {
      const { status, text } = await knock(route, `Bearer ${accessToken}`, newId());
      const { code, permission } = JSON.parse(text) as { code?: string; permission?: string };
      const named = route.rule?.kind === 'needs' && permission === route.rule.permission;
      if (status !== 403 || code !== 'forbidden' || !named) wrong.push(`${nameOf(route)} is not refused: ${status} ${text.slice(0, 100)}`);
    }
    expect(await tableHashes(app)).toEqual(before);

    for (const route of allowed) {
      // A session each, since one of the routes ends it.
      const { accessToken: fresh } = await sessionOf(app, member.id);
      const { status, text } = await knock(route, `Bearer ${fresh}`, newId());
      if (status === 401 || status === 403 || status >= 500) wrong.push(`${nameOf(route)} is not reached: ${status} ${text.slice(0, 100)}`);
    }
    expect(wrong).toEqual([]);
  });
});
