import { createHmac } from 'node:crypto';
import { SYSTEM } from '../../src/kernel/actor.js';
import type { Id } from '../../src/kernel/id.js';
import { StartSession, type Tokens } from '../../src/security/sign-in/use-cases/start-session.js';
import { visitor } from '../../src/security/sign-in/use-cases/visitor.js';
import { FirstAdministrator } from '../../src/security/staff/use-cases/first-administrator.js';
import { ADMINISTRATOR, type Http, type TestApp } from './app.js';

export interface Member {
  readonly id: Id;
  readonly email: string;
  readonly password: string;
}

/** A member of staff made by the administrator. */
export async function aMember(app: TestApp, name: string, roles: readonly string[] = ['agent']): Promise<Member> {
  const email = `${name}@shop.example`;
  const password = `the words of ${name} here`;
  const { body } = await (await anAdministrator(app)).post('/v1/users').send({ email, password, name: `Member ${name}`, roles }).expect(201);
  return { id: (body as { id: Id }).id, email, password };
}

/** The first administrator in a session of its own, whatever became of other sessions and of the clock. */
export async function anAdministrator(app: TestApp): Promise<Http> {
  await app.get(FirstAdministrator).ensure();
  const [first] = await app.asOwner<{ user_id: Id }>(`select user_id from security.user_role where role = 'administrator' order by user_id limit 1`);
  return bearing(app, (await sessionOf(app, first?.user_id ?? '')).accessToken);
}

export async function signInAs(app: TestApp, { email, password }: { email: string; password: string } = ADMINISTRATOR): Promise<Tokens> {
  const { body } = await app.http.post('/v1/sessions').send({ email, password }).expect(201);
  return body as Tokens;
}

/** What a member sends to sign in. */
export function credentialsOf({ email, password }: Member): { email: string; password: string } {
  return { email, password };
}

/** A session without the cost of hashing a password, for tests that need hundreds. */
export async function sessionOf(app: TestApp, userId: Id): Promise<Tokens> {
  const [user] = await app.asOwner<{ password_hash: string }>('select password_hash from security.staff_user where id = $1', [userId]);
  const from = visitor({ id: 'a-test-request', ip: '127.0.0.1', headers: {} });
  const tokens = await app.database.transaction(SYSTEM, (tx) => app.get(StartSession).run(tx, userId, user?.password_hash ?? '', from));
  if (!tokens) throw new Error(`There is no active user ${userId}.`);
  return tokens;
}

/** Requests that carry this token or API key. */
export function bearing(app: TestApp, token: string): Http {
  return app.http.set('Authorization', `Bearer ${token}`);
}

/** A JWT as an attacker would make one: any header, any key. */
export function forgedToken(header: object, payload: object, key?: Buffer | string, hash = 'sha256'): string {
  const body = `${encode(header)}.${encode(payload)}`;
  return `${body}.${key === undefined ? '' : createHmac(hash, key).update(body).digest('base64url')}`;
}

export function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
