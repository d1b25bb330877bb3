import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, TestApp, type Http } from '../support/app.js';
import { aMember, bearing, sessionOf } from '../support/staff.js';
import { createTestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const DAY = 86_400_000;

interface Issued {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
}

/** Two processes on one database, whose clocks stand still. */
let app: TestApp;
let other: TestApp;
let admin: Http;
beforeAll(async () => {
  const place = await createTestDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'shuke-'));
  const options = { now: '2026-01-15T08:00:00Z' };
  app = await TestApp.start(place, folder, options);
  other = await TestApp.start(place, folder, options);
  admin = await app.asAdmin();
});
afterAll(async () => {
  await other?.nest.close();
  await app?.close();
});

async function issue(body: object = {}, by: Http = admin): Promise<Issued> {
  const answer = await by.post('/v1/api-keys').send({ name: 'Warehouse', scopes: ['audit:read'], ...body }).expect(201);
  return answer.body as Issued;
}

async function keyRow(id: string) {
  const { data } = (await admin.get('/v1/api-keys').expect(200)).body as { data: Record<string, unknown>[] };
  return data.find((key) => key['id'] === id);
}

describe('S153 API keys', () => {
  it('open what their scopes say and nothing else, in every process', async () => {
    const { id, key } = await issue();
    for (const process of [app, other]) {
      await bearing(process, key).get('/v1/audit-entries').expect(200);
      expect(await bearing(process, key).get('/v1/users')).toMatchObject({ status: 403, body: { permission: 'user:manage' } });
      const { body } = await bearing(process, key).get('/v1/me').expect(200);
      expect(body).toEqual({ kind: 'api_key', id, name: 'Warehouse', roles: [], permissions: ['audit:read'] });
    }
  });

  it('G46 show their secret once', async () => {
    const { id, key, prefix } = await issue();
    expect(key).toMatch(/^shuke_live_[0-9a-f]{32}_[\w-]{43}$/);
    const listed = await keyRow(id);
    expect(listed).toMatchObject({ prefix, revokedAt: null });
    expect(JSON.stringify(listed)).not.toContain(key.slice(prefix.length + 1));
  });

  it('answer a retried request with the same key, which is stored sealed', async () => {
    const send = () => admin.post('/v1/api-keys').set('Idempotency-Key', 'issue-once').send({ name: 'Once', scopes: ['audit:read'] }).expect(201);
    const first = (await send()).body as Issued;
    expect((await send()).body).toEqual(first);
    const [stored] = await app.asOwner<{ body: Buffer }>(`select body from platform.idempotency where key = 'issue-once'`);
    expect(stored!.body.toString('latin1')).not.toContain(first.key);
  });

  it('do not open with another secret, another id, or a part', async () => {
    const one = await issue();
    const two = await issue();
    const secret = (key: Issued) => key.key.slice(key.prefix.length + 1);
    const flipped = `${one.key.slice(0, -1)}${one.key.endsWith('A') ? 'B' : 'A'}`;
    for (const forged of [flipped, `${one.prefix}_${secret(two)}`, one.prefix, secret(one), `${one.key}x`, one.key.replace('live', 'test')]) {
      await bearing(app, forged).get('/v1/audit-entries').expect(401);
    }
  });

  it('G45 stop at once when revoked, in every process', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, key } = await issue();
      await bearing(other, key).get('/v1/me').expect(200);
      await admin.delete(`/v1/api-keys/${id}`).expect(204);
      const after = await Promise.all([bearing(app, key).get('/v1/me'), bearing(other, key).get('/v1/me')]);
      expect(after.map(({ status }) => status)).toEqual([401, 401]);
      expect(await keyRow(id)).toMatchObject({ revokedAt: expect.any(String) });
      await admin.delete(`/v1/api-keys/${id}`).expect(404);
    }
  });

  it('cannot be given what their issuer does not hold, nor give it on', async () => {
    await app.asOwner(`insert into security.role (name, title, built_in, permissions, updated_at) values ('key_desk', 'x', false, '{api_key:manage,order:read}', now())`);
    const desk = await aMember(app, 'key-desk', ['key_desk']);
    const asDesk = bearing(app, (await sessionOf(app, desk.id)).accessToken);
    const refused = await asDesk.post('/v1/api-keys').send({ name: 'Too much', scopes: ['order:read', 'user:manage'] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'scope_not_held', errors: [{ pointer: '/scopes/1' }] } });
    const key = await issue({ scopes: ['api_key:manage', 'order:read'] }, asDesk);
    await bearing(app, key.key).post('/v1/api-keys').send({ name: 'Further', scopes: ['customer:read'] }).expect(422);
    const child = await issue({ scopes: ['order:read'] }, bearing(app, key.key));
    expect(await keyRow(child.id)).toMatchObject({ issuedBy: desk.id });
  });

  it.each([
    ['no scope', { scopes: [] }, 400],
    ['a scope nobody declared', { scopes: ['moon:land'] }, 422],
    ['an end in the past', { expiresAt: '2026-01-15T07:59:59Z' }, 422],
    ['an end beyond five years', { expiresAt: '2031-01-15T08:00:00Z' }, 422],
    ['an end that is no instant', { expiresAt: 'next year' }, 400],
    ['no end at all', { expiresAt: null }, 400],
  ])('are not issued with %s', async (_, body, status) => {
    await admin.post('/v1/api-keys').send({ name: 'Wrong', scopes: ['audit:read'], ...body }).expect(status);
  });

  it('have no session and no password', async () => {
    const { key } = await issue();
    await bearing(app, key).delete('/v1/sessions/current').expect(403);
    await bearing(app, key).put('/v1/me/password').send({ currentPassword: 'whatever it is', newPassword: 'whatever it becomes' }).expect(403);
    expect((await bearing(app, key).get('/v1/sessions').expect(200)).body).toMatchObject({ data: [] });
  });

  it('note their last use once a minute, not with every request', async () => {
    const { id, key } = await issue();
    const lastUsed = async () => (await app.asOwner<{ at: Date | null; writes: string }>('select last_used_at as at, xmin::text as writes from security.api_key where id = $1', [id]))[0]!;
    for (let i = 0; i < 5; i += 1) await bearing(app, key).get('/v1/me').expect(200);
    await until('the use of the key noted', async () => (await lastUsed()).at !== null);
    const noted = await lastUsed();
    for (let i = 0; i < 5; i += 1) await bearing(i % 2 ? app : other, key).get('/v1/me').expect(200);
    expect(await lastUsed()).toEqual(noted);
  });

  it('expire', async () => {
    const one = await startApp({ now: '2026-01-15T08:00:00Z' });
    try {
      const { body } = await (await one.asAdmin()).post('/v1/api-keys').send({ name: 'Short', scopes: ['audit:read'], expiresAt: '2026-01-16T08:00:00Z' }).expect(201);
      const { key } = body as Issued;
      one.clock.advance(DAY - 1);
      await bearing(one, key).get('/v1/me').expect(200);
      one.clock.advance(1);
      await bearing(one, key).get('/v1/me').expect(401);
    } finally {
      await one.close();
    }
  });
});
