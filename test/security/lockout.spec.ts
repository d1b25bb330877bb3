import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { PasswordGuesses } from '../../src/security/sign-in/persistence/password-guesses.js';
import { StaffUsers } from '../../src/security/staff/persistence/staff-users.js';
import { startApp, type TestApp } from '../support/app.js';
import { aMember, signInAs } from '../support/staff.js';

const MINUTE = 60_000;

let app: TestApp;
beforeAll(async () => {
  // Behind a proxy that is trusted, so that the forwarded address is the guesser's own to choose.
  app = await startApp({ now: '2026-01-15T08:00:00Z', config: { TRUSTED_PROXIES: '127.0.0.1' } });
});
afterAll(() => app?.close());

let guesser = 0;
function guess(email: string, password: string) {
  guesser += 1;
  return app.http.post('/v1/sessions').set('X-Forwarded-For', `203.0.113.${guesser % 250}`).send({ email, password });
}

async function statuses(guesses: readonly PromiseLike<{ status: number }>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of await Promise.all(guesses)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('G44 guessing passwords', () => {
  it('is stopped after ten wrong ones, though 50 come at once from changing addresses; the right one is refused too, others are not', async () => {
    const victim = await aMember(app, 'victim');
    const bystander = await aMember(app, 'bystander');
    expect(await statuses(Array.from({ length: 50 }, (_, i) => guess(victim.email, `wrong password ${i}`)))).toEqual({ 401: 10, 429: 40 });

    const refused = await guess(victim.email, victim.password);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'sign_in_locked' });
    expect(refused.headers['retry-after']).toBe('900');
    await signInAs(app, bystander);

    app.clock.advance(15 * MINUTE - 1);
    expect((await guess(victim.email, victim.password)).status).toBe(429);
    app.clock.advance(1);
    expect((await guess(victim.email, victim.password)).status).toBe(201);
  });

  it('locks an account that does not exist in the same way, so that a lock tells nothing', async () => {
    const member = await aMember(app, 'known');
    const ask = async (email: string) => {
      const answers = [];
      for (let i = 0; i < 11; i += 1) answers.push(await guess(email, 'wrong password'));
      return answers.map(({ status, body }) => ({ status, ...(body as object), requestId: '' }));
    };
    expect(await ask('nobody@shop.example')).toEqual(await ask(member.email));
  });

  it('counts wrong ones in a row: the right one forgets them, and so does a pause', async () => {
    const member = await aMember(app, 'clumsy');
    const nine = () => statuses(Array.from({ length: 9 }, () => guess(member.email, 'wrong password')));
    expect(await nine()).toEqual({ 401: 9 });
    await signInAs(app, member);
    expect(await nine()).toEqual({ 401: 9 });
    app.clock.advance(15 * MINUTE);
    expect(await nine()).toEqual({ 401: 9 });
    // No pause of 15 minutes in between: these go on from the nine.
    app.clock.advance(14 * MINUTE);
    expect(await statuses([guess(member.email, 'wrong password')])).toEqual({ 401: 1 });
    expect(await statuses([guess(member.email, member.password)])).toEqual({ 429: 1 });
  });

  it('counts the current password asked for at a password change as well', async () => {
    const member = await aMember(app, 'stolen');
    const thief = await app.signIn(member.email, member.password);
    const tries = Array.from({ length: 12 }, (_, i) => thief.put('/v1/me/password').send({ currentPassword: `wrong password ${i}`, newPassword: 'what the thief wants' }));
    expect(await statuses(tries)).toEqual({ 422: 10, 429: 2 });
  });

  it('B13 stops one network that tries many accounts, and no other network', async () => {
    const guesses = app.get(PasswordGuesses);
    const users = app.get(StaffUsers);
    const take = (account: number, address: string) =>
      app.database.transaction(SYSTEM, (tx) => guesses.take(tx, guesses.keysOf(users.indexOf(`someone-${account}@shop.example`), address)));
    const taken = [];
    for (let i = 0; i < 210; i += 1) taken.push(await take(i, `2001:db8:0:7::${i.toString(16)}`));
    expect(taken.filter(Boolean)).toHaveLength(200);
    expect(await take(1000, '2001:db8:0:7:aaaa::1')).toBe(false);
    expect(await take(1000, '2001:db8:0:8::1')).toBe(true);
  });
});
