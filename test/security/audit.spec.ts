import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditSealer } from '../../src/platform/audit/audit-sealer.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { aMember, bearing, sessionOf, signInAs } from '../support/staff.js';

interface Entry {
  readonly position: number;
  readonly action: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly subjectType: string;
  readonly subjectIds: readonly string[];
  readonly address: string;
  readonly requestId: string;
  readonly details: Record<string, unknown>;
}

let app: TestApp;
let admin: Http;
beforeAll(async () => {
  app = await startApp();
  admin = await app.asAdmin();
});
afterAll(() => app?.close());

async function seal(): Promise<void> {
  while (await app.get(AuditSealer).step());
}

async function entries(query: string): Promise<Entry[]> {
  await seal();
  const { body } = await admin.get(`/v1/audit-entries?limit=200&${query}`).expect(200);
  return (body as { data: Entry[] }).data;
}

describe('S161 the audit trail', () => {
  it('has every sign-in: good, wrong, locked, and of whom', async () => {
    const member = await aMember(app, 'watched');
    const tokens = await signInAs(app, member);
    await app.http.post('/v1/sessions').send({ email: member.email, password: 'wrong password' }).set('X-Request-Id', 'wrong-one-here').expect(401);
    for (let i = 0; i < 10; i += 1) await app.http.post('/v1/sessions').send({ email: member.email, password: 'wrong password' });
    const [started] = await entries(`subjectId=${tokens.sessionId}`);
    expect(started).toMatchObject({ action: 'session.started', actorKind: 'user', actorId: member.id });
    const ofMember = await entries(`subjectId=${member.id}`);
    const count = (action: string) => ofMember.filter((entry) => entry.action === action).length;
    expect({ failed: count('sign_in.failed'), locked: count('sign_in.locked') }).toEqual({ failed: 10, locked: 1 });
    expect(ofMember).toContainEqual(expect.objectContaining({ action: 'sign_in.failed', requestId: 'wrong-one-here', address: expect.stringContaining('127.0.0.1') }));
  });

  it('has guesses at an address without an account, one pseudonym for each', async () => {
    const before = (await entries('action=sign_in.failed')).length;
    for (const email of ['ghost@shop.example', 'ghost@shop.example', 'spirit@shop.example']) await app.http.post('/v1/sessions').send({ email, password: 'wrong password' });
    const found = (await entries('action=sign_in.failed')).slice(0, -before || undefined);
    expect(found.map(({ subjectType }) => subjectType)).toEqual(Array(3).fill('unknown_account'));
    expect(new Set(found.map(({ subjectIds }) => subjectIds[0])).size).toBe(2);
  });

  it('has every refusal, with the permission and the route', async () => {
    const member = await aMember(app, 'curious', ['viewer']);
    const client = bearing(app, (await sessionOf(app, member.id)).accessToken);
    await client.get(`/v1/users/${member.id}`).expect(403);
    const [refused] = await entries(`actorId=${member.id}&action=access.refused`);
    expect(refused?.details).toEqual({ permission: 'user:manage', method: 'GET', route: '/v1/users/:id' });
  });

  it('G34 has every change and every look at somebody, by names of fields and never their content', async () => {
    const member = await aMember(app, 'changed');
    await admin.patch(`/v1/users/${member.id}`).set('If-Match', '"1"').send({ name: 'Secret Name', status: 'disabled' }).expect(200);
    await admin.get(`/v1/users/${member.id}`).expect(200);
    await admin.get('/v1/users').expect(200);
    const found = await entries(`subjectId=${member.id}`);
    expect(found.map(({ action }) => action)).toEqual(['user.listed', 'user.read', 'user.changed', 'user.created']);
    expect(found[2]?.details).toMatchObject({ fields: ['name', 'status'], status: 'disabled' });
    expect(JSON.stringify(found)).not.toContain('Secret');
  });

  it('is read page by page, newest first, and filtered by time', async () => {
    const all = await entries('');
    const first = (await admin.get('/v1/audit-entries?limit=3').expect(200)).body as { data: Entry[]; page: { nextCursor: string } };
    const second = (await admin.get(`/v1/audit-entries?limit=3&cursor=${first.page.nextCursor}`).expect(200)).body as { data: Entry[] };
    expect([...first.data, ...second.data].map(({ position }) => position)).toEqual(all.slice(0, 6).map(({ position }) => position));
    expect(await entries('atLt=2020-01-01T00:00:00Z')).toEqual([]);
    for (const wrong of ['action=a%20b', 'subjectId=x', 'atGte=yesterday', 'cursor=abc', 'unknown=1']) await admin.get(`/v1/audit-entries?${wrong}`).expect(400);
  });

  it('G33 verifies, and says where it was altered', async () => {
    await seal();
    const good = (await admin.post('/v1/audit/verify').expect(200)).body as { ok: boolean; checked: number; head: { position: number; hash: string } };
    expect(good).toMatchObject({ ok: true, checked: good.head.position, head: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    await app.asOwner(`update platform.audit_log set action = 'nothing.happened' where position = 3`);
    expect((await admin.post('/v1/audit/verify').expect(200)).body).toMatchObject({ ok: false, firstBad: { position: 3, kind: 'altered' } });
  });
});
