import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { ForgetOldSignIns } from '../../src/security/sign-in/use-cases/forget-old-sign-ins.js';
import { StartSession } from '../../src/security/sign-in/use-cases/start-session.js';
import { visitor } from '../../src/security/sign-in/use-cases/visitor.js';
import { TestApp, startApp } from '../support/app.js';
import { aMember, bearing, credentialsOf, signInAs, type Member } from '../support/staff.js';
import { createTestDatabase } from '../support/test-database.js';

const ROUNDS = 8;

/** Two processes on one database: what one is told must hold in the other. */
let here: TestApp;
let there: TestApp;
beforeAll(async () => {
  const place = await createTestDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'shuke-'));
  here = await TestApp.start(place, folder, {});
  there = await TestApp.start(place, folder, {});
  await here.asAdmin();
});
afterAll(async () => {
  await there?.nest.close();
  await here?.close();
});

/** Keeps both processes asking, so that their memories are as warm as they get, while `change` is made. */
async function underTraffic(token: string, change: () => Promise<unknown>): Promise<void> {
  let over = false;
  const ask = async (app: TestApp) => {
    while (!over) await bearing(app, token).get('/v1/limits');
  };
  const traffic = [ask(here), ask(there)];
  await change();
  const after = await Promise.all([bearing(here, token).get('/v1/limits'), bearing(there, token).get('/v1/limits')]);
  over = true;
  await Promise.all(traffic);
  expect(after.map(({ status }) => status)).toEqual([401, 401]);
}

async function edit(member: Member, change: object) {
  const admin = await here.asAdmin();
  const { headers } = await admin.get(`/v1/users/${member.id}`).expect(200);
  return admin.patch(`/v1/users/${member.id}`).set('If-Match', String(headers['etag'])).send(change).expect(200);
}

describe('G45 takes effect on the very next request, in every process', () => {
  it('signing out', async () => {
    const member = await aMember(here, 'leaver');
    for (let round = 0; round < ROUNDS; round += 1) {
      const { accessToken, refreshToken } = await signInAs(here, member);
      await underTraffic(accessToken, () => bearing(here, accessToken).delete('/v1/sessions/current').expect(204));
      await there.http.post('/v1/sessions/refresh').send({ refreshToken }).expect(401);
    }
  });

  it('signing out another of one\'s sessions, but nobody else\'s', async () => {
    const member = await aMember(here, 'two-places');
    const home = await signInAs(here, member);
    const office = await signInAs(there, member);
    const other = await signInAs(here);
    await bearing(here, home.accessToken).delete(`/v1/sessions/${other.sessionId}`).expect(404);
    await underTraffic(office.accessToken, () => bearing(there, home.accessToken).delete(`/v1/sessions/${office.sessionId}`).expect(204));
    await bearing(there, home.accessToken).get('/v1/me').expect(200);
    await bearing(there, other.accessToken).get('/v1/me').expect(200);
    await bearing(here, home.accessToken).delete(`/v1/sessions/${office.sessionId}`).expect(404);
  });

  it('a password change: every other session ends, this one stays', async () => {
    const member = await aMember(here, 'careful');
    const own = await signInAs(here, member);
    const other = await signInAs(there, member);
    const newPassword = 'a new set of words';
    await underTraffic(other.accessToken, () =>
      bearing(here, own.accessToken).put('/v1/me/password').send({ currentPassword: member.password, newPassword }).expect(204));
    await there.http.post('/v1/sessions/refresh').send({ refreshToken: other.refreshToken }).expect(401);
    await bearing(there, own.accessToken).get('/v1/me').expect(200);
    await here.http.post('/v1/sessions').send(credentialsOf(member)).expect(401);
    await signInAs(here, { ...member, password: newPassword });
  });

  it('a role change, and the new roles hold after signing in again', async () => {
    const member = await aMember(here, 'promoted', ['viewer']);
    const { accessToken } = await signInAs(there, member);
    await underTraffic(accessToken, () => edit(member, { roles: ['manager'] }));
    const { body } = await bearing(there, (await signInAs(there, member)).accessToken).get('/v1/me').expect(200);
    expect(body).toMatchObject({ roles: ['manager'] });
  });

  it('disabling a user, who cannot refresh or sign in either', async () => {
    const member = await aMember(here, 'dismissed');
    const { accessToken, refreshToken } = await signInAs(there, member);
    await underTraffic(accessToken, () => edit(member, { status: 'disabled' }));
    await there.http.post('/v1/sessions/refresh').send({ refreshToken }).expect(401);
    await there.http.post('/v1/sessions').send(credentialsOf(member)).expect(401);
    await edit(member, { status: 'active' });
    await bearing(there, accessToken).get('/v1/me').expect(401);
  });

  it('a password set by an administrator', async () => {
    const member = await aMember(here, 'forgetful');
    const { accessToken } = await signInAs(there, member);
    await underTraffic(accessToken, () => edit(member, { password: 'words from the administrator' }));
    await signInAs(there, { ...member, password: 'words from the administrator' });
  });
});

describe('G45 refresh tokens', () => {
  it('work once; one that comes again ends the whole session', async () => {
    const member = await aMember(here, 'refresher');
    const first = await signInAs(here, member);
    const second = await there.http.post('/v1/sessions/refresh').send({ refreshToken: first.refreshToken }).expect(200);
    const { accessToken, refreshToken, sessionId } = second.body as typeof first;
    expect(sessionId).toBe(first.sessionId);
    await bearing(here, accessToken).get('/v1/me').expect(200);

    await underTraffic(accessToken, () => here.http.post('/v1/sessions/refresh').send({ refreshToken: first.refreshToken }).expect(401));
    await here.http.post('/v1/sessions/refresh').send({ refreshToken }).expect(401);
    await bearing(here, first.accessToken).get('/v1/me').expect(401);
  });

  it('give one answer to ten that bring the same one at once, and then to nobody', async () => {
    const { refreshToken } = await signInAs(here, await aMember(here, 'double'));
    const apps = [here, there];
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => apps[i % 2]!.http.post('/v1/sessions/refresh').send({ refreshToken })));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9);
    await here.http.post('/v1/sessions/refresh').send({ refreshToken: (won[0]!.body as { refreshToken: string }).refreshToken }).expect(401);
  });

  it.each(['shuke_refresh_unknown', 'x', '../../etc/passwd'])('refuse "%s"', async (refreshToken) => {
    const { body } = await here.http.post('/v1/sessions/refresh').send({ refreshToken }).expect(401);
    expect(body).toMatchObject({ code: 'invalid_refresh_token' });
  });
});

describe('races with signing in', () => {
  it('starts no session for a password that was changed after it was checked', async () => {
    const member = await aMember(here, 'racer');
    const [before] = await here.asOwner<{ password_hash: string }>('select password_hash from security.staff_user where id = $1', [member.id]);
    await edit(member, { password: 'the words after the change' });
    const from = visitor({ id: 'late', ip: '127.0.0.1', headers: {} });
    const tokens = await here.database.transaction(SYSTEM, (tx) => here.get(StartSession).run(tx, member.id, before!.password_hash, from));
    expect(tokens).toBeUndefined();
  });

  it('leaves no session alive that began while its password was changed', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const member = await aMember(here, `between-${round}`);
      const signingIn = Array.from({ length: 4 }, () => there.http.post('/v1/sessions').send(credentialsOf(member)));
      const [answers] = await Promise.all([Promise.all(signingIn), edit(member, { password: `words after the change ${round}` })]);
      for (const { status, body } of answers) {
        if (status === 201) await bearing(there, (body as { accessToken: string }).accessToken).get('/v1/me').expect(401);
        else expect(status).toBe(401);
      }
    }
  });
});

describe('time', () => {
  it('ends an access token after 15 minutes and a session after 30 days, refreshed or not; then all of it is forgotten', async () => {
    const app = await startApp({ now: '2026-01-15T08:00:00Z' });
    try {
      await app.asAdmin();
      let tokens = await signInAs(app);
      app.clock.advance(15 * 60_000 - 1000);
      await bearing(app, tokens.accessToken).get('/v1/me').expect(200);
      app.clock.advance(1000);
      await bearing(app, tokens.accessToken).get('/v1/me').expect(401);

      for (let day = 0; day < 29; day += 1) {
        app.clock.advance(24 * 3_600_000);
        tokens = (await app.http.post('/v1/sessions/refresh').send({ refreshToken: tokens.refreshToken }).expect(200)).body as typeof tokens;
      }
      app.clock.advance(24 * 3_600_000);
      await app.http.post('/v1/sessions/refresh').send({ refreshToken: tokens.refreshToken }).expect(401);

      await app.http.post('/v1/sessions').send({ email: 'nobody@shop.example', password: 'wrong password' }).expect(401);
      app.clock.advance(31 * 24 * 3_600_000);
      const { sessionId } = await signInAs(app);
      await app.get(ForgetOldSignIns).run({ signal: new AbortController().signal });
      expect(await app.asOwner('select id from security.session')).toEqual([{ id: sessionId }]);
      expect(await app.asOwner('select from security.refresh_token')).toHaveLength(1);
      expect(await app.asOwner('select wrong from security.password_guess')).toEqual([{ wrong: 0 }]);
    } finally {
      await app.close();
    }
  });
});
