import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Passwords } from '../../src/security/sign-in/use-cases/passwords.js';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { aMember, bearing, signInAs } from '../support/staff.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await app.asAdmin();
});
afterAll(() => app?.close());

describe('signing in', () => {
  it('gives an access token that opens what the roles allow, and says who one is', async () => {
    const member = await aMember(app, 'lin', ['agent']);
    const tokens = await signInAs(app, member);
    const { body } = await bearing(app, tokens.accessToken).get('/v1/me').expect(200);
    expect(body).toMatchObject({ kind: 'user', id: member.id, email: member.email, name: 'Member lin', roles: ['agent'] });
    const { permissions } = body as { permissions: string[] };
    expect(permissions).toContain('order:write');
    expect(permissions).not.toContain('user:manage');
  });

  it('finds the account however the address is written', async () => {
    await signInAs(app, { ...ADMINISTRATOR, email: '  Admin@Shop.Example ' });
  });

  it('tells the time each token lives: 15 minutes, and 30 days in all', async () => {
    const before = Date.now();
    const tokens = await signInAs(app);
    const minutes = (instant: unknown) => (new Date(String(instant)).getTime() - before) / 60_000;
    expect(minutes(tokens.accessTokenExpiresAt)).toBeCloseTo(15, 0);
    expect(minutes(tokens.sessionExpiresAt)).toBeCloseTo(30 * 24 * 60, 0);
  });

  it.each([
    ['no body', undefined],
    ['no password', { email: ADMINISTRATOR.email }],
    ['an object as password', { email: ADMINISTRATOR.email, password: { $ne: '' } }],
    ['a list as address', { email: [ADMINISTRATOR.email], password: 'x' }],
    ['an unknown name', { ...ADMINISTRATOR, role: 'administrator' }],
    ['a password longer than any', { email: ADMINISTRATOR.email, password: 'x'.repeat(201) }],
  ])('refuses %s with 400, and hashes nothing for it', async (_, body) => {
    const hashing = jest.spyOn(app.get(Passwords), 'matches');
    const answer = await app.http.post('/v1/sessions').send(body);
    expect(answer.status).toBe(400);
    expect(hashing).not.toHaveBeenCalled();
    hashing.mockRestore();
  });

  it('B15 answers alike for a wrong password, an unknown account and a disabled one, after the same work', async () => {
    const gone = await aMember(app, 'gone');
    await app.asOwner(`update security.staff_user set status = 'disabled' where id = $1`, [gone.id]);
    const hashing = jest.spyOn(app.get(Passwords), 'matches');
    const answers = [];
    for (const credentials of [
      { email: ADMINISTRATOR.email, password: 'not the right words' },
      { email: 'nobody@shop.example', password: 'not the right words' },
      { email: gone.email, password: gone.password },
    ]) {
      answers.push(await app.http.post('/v1/sessions').send(credentials));
    }
    expect(hashing).toHaveBeenCalledTimes(3);
    hashing.mockRestore();
    const bare = answers.map(({ status, headers, body }) => ({
      status,
      body: { ...(body as object), requestId: '' },
      headers: { ...headers, date: '', 'x-request-id': '' },
    }));
    expect(bare[0]).toMatchObject({ status: 401, body: { code: 'wrong_credentials' }, headers: { 'www-authenticate': 'Bearer' } });
    expect(bare[1]).toEqual(bare[0]);
    expect(bare[2]).toEqual(bare[0]);
  });

  it('lists where one is signed in, without showing anybody else', async () => {
    const member = await aMember(app, 'wang');
    const first = await signInAs(app, member);
    const second = await signInAs(app, member);
    const { body } = await bearing(app, second.accessToken).get('/v1/sessions').set('User-Agent', 'front/1').expect(200);
    const { data, page } = body as { data: { id: string; current: boolean; address: string }[]; page: object };
    expect(data.map(({ id, current }) => ({ id, current }))).toEqual([
      { id: second.sessionId, current: true },
      { id: first.sessionId, current: false },
    ]);
    expect(data[0]?.address).toContain('127.0.0.1');
    expect(page).toEqual({ nextCursor: null, hasMore: false });
    const next = await bearing(app, second.accessToken).get('/v1/sessions?limit=1').expect(200);
    const rest = await bearing(app, second.accessToken).get(`/v1/sessions?limit=1&cursor=${(next.body as { page: { nextCursor: string } }).page.nextCursor}`).expect(200);
    expect((rest.body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([first.sessionId]);
  });
});
