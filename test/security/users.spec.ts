import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '../../src/kernel/actor.js';
import { ChangeUser } from '../../src/security/staff/use-cases/change-user.js';
import { ADMINISTRATOR, startApp, type Http, type TestApp } from '../support/app.js';
import { aMember, anAdministrator, bearing, sessionOf, signInAs } from '../support/staff.js';

let app: TestApp;
let admin: Http;
beforeAll(async () => {
  app = await startApp();
  admin = await app.asAdmin();
});
afterAll(() => app?.close());

const aUser = (name: string) => ({ email: `${name}@shop.example`, name, password: `the words of ${name} here`, roles: ['agent'] });

async function change(id: string, body: object, by: Http = admin) {
  const { headers } = await admin.get(`/v1/users/${id}`).expect(200);
  return by.patch(`/v1/users/${id}`).set('If-Match', String(headers['etag'])).send(body);
}

/** Lets a custom role exist, as a later release will by the API. */
async function aRole(name: string, permissions: readonly string[]): Promise<void> {
  await app.asOwner('insert into security.role (name, title, built_in, permissions, updated_at) values ($1, $1, false, $2, now())', [name, permissions]);
}

describe('S166 users', () => {
  it('are created, read, listed by status and role, and changed under If-Match', async () => {
    const made = await admin.post('/v1/users').send({ ...aUser('Ana.Silva'), roles: ['viewer', 'agent', 'viewer'] }).expect(201);
    const { id, email, roles, status } = made.body as Record<string, unknown>;
    expect({ email, roles, status }).toEqual({ email: 'ana.silva@shop.example', roles: ['agent', 'viewer'], status: 'active' });
    expect(made.headers).toMatchObject({ location: `/v1/users/${String(id)}`, etag: '"1"' });

    const changed = await change(String(id), { name: 'Ana', roles: ['manager'] });
    expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { name: 'Ana', roles: ['manager'], email } });
    const managers = await admin.get('/v1/users?role=manager&status=active').expect(200);
    expect((managers.body as { data: { id: string }[] }).data.map((user) => user.id)).toEqual([id]);
    expect(JSON.stringify(managers.body)).not.toContain('password_hash');
  });

  it('are listed newest first, page by page, none twice and none missing', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) await aMember(app, name);
    const all = (await admin.get('/v1/users').expect(200)).body as { data: { id: string }[] };
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const { data, page } = (await admin.get(`/v1/users?limit=2${cursor}`).expect(200)).body as { data: { id: string }[]; page: { nextCursor: string | null } };
      paged.push(...data.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(paged).toEqual(all.data.map(({ id }) => id));
    expect([...paged].sort().reverse()).toEqual(paged);
  });

  it.each([
    ['no role', { roles: [] }, 400],
    ['a role that is none', { roles: ['king'] }, 422],
    ['an address that is none', { email: 'not an address' }, 400],
    ['a short password', { password: 'short' }, 400],
    ['a password with the address in it', { password: 'x-weak@shop.example' }, 422],
    ['a password of two characters', { password: 'abababababab' }, 422],
    ['a status', { status: 'active' }, 400],
  ])('are not created with %s', async (_, wrong, status) => {
    await admin.post('/v1/users').send({ ...aUser('weak'), ...wrong }).expect(status);
  });

  it('have an address of their own, however it is written', async () => {
    const member = await aMember(app, 'unique');
    const answer = await admin.post('/v1/users').send({ ...aUser('other'), email: member.email.toUpperCase() });
    expect(answer).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    const other = await aMember(app, 'other-unique');
    expect(await change(other.id, { email: member.email })).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });

  it('G35 are changed by one of eight who read the same version', async () => {
    const { id } = await aMember(app, 'contested');
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => admin.patch(`/v1/users/${id}`).set('If-Match', '"1"').send({ name: `Name ${i}` })));
    expect(answers.map(({ status }) => String(status)).sort()).toEqual(['200', ...Array<string>(7).fill('412')]);
    await admin.patch(`/v1/users/${id}`).send({ name: 'No version' }).expect(428);
  });

  it('G5 are created once by a retried request, whose stored answer shows nothing of them in clear', async () => {
    const key = 'create-user-once';
    const answers = await Promise.all([1, 2, 3].map(() => admin.post('/v1/users').set('Idempotency-Key', key).send(aUser('retried'))));
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => (body as { id: string }).id));
    expect(ids.size).toBe(1);
    const [stored] = await app.asOwner<{ body: Buffer; person_id: string; fingerprint: Buffer }>('select body, person_id, fingerprint from platform.idempotency where key = $1', [key]);
    expect(stored?.person_id).toBe([...ids][0]);
    expect(stored?.body.toString('latin1')).not.toContain('retried');
    // Nor can the password in the request be tried out against what is kept to know the request by.
    const guessable = createHash('sha256').update(`POST /v1/users\n${JSON.stringify(aUser('retried'))}`).digest();
    expect(stored?.fingerprint.equals(guessable)).toBe(false);
  });
});

describe('nobody gains more than they have', () => {
  it('by giving roles, by changing an account that may do more, or by its password', async () => {
    await aRole('people_desk', ['user:manage', 'order:read']);
    const desk = await aMember(app, 'desk', ['people_desk']);
    const asDesk = bearing(app, (await sessionOf(app, desk.id)).accessToken);
    const administrator = ((await admin.get('/v1/me')).body as { id: string }).id;

    expect(await asDesk.post('/v1/users').send({ ...aUser('puppet'), roles: ['administrator'] })).toMatchObject({ status: 403, body: { code: 'beyond_own_rights' } });
    expect((await change(desk.id, { roles: ['administrator'] }, asDesk)).status).toBe(403);
    expect((await change(administrator, { password: 'the words of the desk' }, asDesk)).status).toBe(403);
    expect((await change(administrator, { email: 'desk2@shop.example' }, asDesk)).status).toBe(403);
    await signInAs(app, ADMINISTRATOR);
    await aRole('order_reader', ['order:read']);
    await asDesk.post('/v1/users').send({ ...aUser('helper'), roles: ['order_reader'] }).expect(201);
  });
});

describe('the last administrator', () => {
  it('stays one, and active', async () => {
    const { id } = (await admin.get('/v1/me')).body as { id: string };
    for (const body of [{ roles: ['agent'] }, { status: 'disabled' }]) {
      expect(await change(id, body)).toMatchObject({ status: 409, body: { code: 'last_administrator' } });
    }
    await admin.get('/v1/me').expect(200);
  });

  it('is left over when two administrators remove each other at the same moment', async () => {
    const one = await startApp();
    try {
      await anAdministrator(one);
      const [all] = await one.asOwner<{ permissions: string[] }>(`select permissions from security.role where name = 'administrator'`);
      const demote = async (by: string, whom: string) => {
        const [user] = await one.asOwner<{ version: number }>('select version from security.staff_user where id = $1', [whom]);
        const actor: Actor = { kind: 'user', id: by, permissions: new Set(all?.permissions) };
        return one.database.transaction(actor, (tx) => one.get(ChangeUser).run(tx, whom, user?.version ?? 0, { roles: ['agent'] }));
      };
      for (let round = 0; round < 10; round += 1) {
        const [first] = await one.asOwner<{ user_id: string }>(`select user_id from security.user_role where role = 'administrator'`);
        const rival = await aMember(one, `rival-${round}`, ['administrator']);
        const outcomes = await Promise.allSettled([demote(rival.id, first!.user_id), demote(first!.user_id, rival.id)]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'last_administrator' } });
        expect(await one.asOwner(`select from security.user_role where role = 'administrator'`)).toHaveLength(1);
      }
    } finally {
      await one.close();
    }
  });
});
