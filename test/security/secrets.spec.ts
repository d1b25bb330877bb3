import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { aMember, bearing, signInAs } from '../support/staff.js';
import { everythingStored } from '../support/table-hashes.js';

const log: string[] = [];
let app: TestApp;
beforeAll(async () => {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString('utf8'));
      done();
    },
  });
  app = await startApp({ log: sink });
});
afterAll(() => app?.close());

/** How bytes may show: as they are, and in the encodings PostgreSQL and JSON use. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), Buffer.from(secret, 'utf16le').toString('hex')];
}

describe('G46 G27 G47 what nobody may find', () => {
  it('no token, key, password, name or address of staff lies in any table or in the log', async () => {
    const member = await aMember(app, 'canary-person');
    const first = await signInAs(app, member);
    const refreshed = (await app.http.post('/v1/sessions/refresh').send({ refreshToken: first.refreshToken }).expect(200)).body as typeof first;
    const admin = await app.asAdmin();
    const key = (await admin.post('/v1/api-keys').set('Idempotency-Key', 'canary-key').send({ name: 'K', scopes: ['audit:read'] }).expect(201)).body as { key: string };
    await bearing(app, key.key).get('/v1/me').expect(200);
    await bearing(app, refreshed.accessToken).get('/v1/users').expect(403);
    await bearing(app, refreshed.accessToken).put('/v1/me/password').set('Idempotency-Key', 'canary-change').send({ currentPassword: member.password, newPassword: 'canary words come after' }).expect(204);
    await app.http.post('/v1/sessions').send({ email: 'canary-unknown@shop.example', password: 'canary guess of somebody' }).expect(401);
    await app.http.post('/v1/sessions/refresh').send({ refreshToken: first.refreshToken }).expect(401);

    const stored = await everythingStored(app);
    const logged = log.join('');
    expect(stored.length).toBeGreaterThan(1000);
    expect(logged).toContain('/v1/sessions');
    const secrets = {
      password: member.password,
      newPassword: 'canary words come after',
      guess: 'canary guess of somebody',
      refreshToken: first.refreshToken,
      nextRefreshToken: refreshed.refreshToken,
      accessToken: refreshed.accessToken,
      key: key.key,
      secretOfKey: key.key.slice(-43),
      email: member.email,
      unknownEmail: 'canary-unknown',
      name: 'Member canary-person',
    };
    for (const [what, secret] of Object.entries(secrets)) {
      for (const form of forms(secret)) {
        expect({ what, inTable: stored.includes(form), inLog: logged.includes(form) }).toEqual({ what, inTable: false, inLog: false });
      }
    }
  });

  it('a password hash is Argon2id with a pepper, so that the table alone cannot be guessed against', async () => {
    const member = await aMember(app, 'peppered');
    const [row] = await app.asOwner<{ password_hash: string }>('select password_hash from security.staff_user where id = $1', [member.id]);
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const { verify } = await import('@node-rs/argon2');
    expect(await verify(row!.password_hash, member.password)).toBe(false);
  });
});
