import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { sql } from '../../src/platform/database/statement.js';
import { Passwords } from '../../src/security/sign-in/use-cases/passwords.js';
import { FirstAdministrator } from '../../src/security/staff/use-cases/first-administrator.js';
import { startApp, type TestApp } from '../support/app.js';

const REST = sql<never>('test.rest', 'select pg_sleep(0.1)');

/** Lets nobody go on before `count` have come: each has then found no user yet. */
function allArrive(count: number): () => Promise<void> {
  let arrived = 0;
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return gate;
  };
}

describe('the first administrator', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ config: { ADMIN_PASSWORD: '', ADMIN_EMAIL: 'Owner@Shop.Example' } });
  });
  afterAll(() => app?.close());

  it('is made once, though two processes start at the same moment, with a password told to one of them', async () => {
    const first = app.get(FirstAdministrator);
    // Connections are there already, or the first would be done before the others have theirs.
    await Promise.all([1, 2, 3, 4].map(() => app.database.transaction(SYSTEM, (tx) => tx.query(REST))));
    const meeting = allArrive(3);
    const passwords = app.get(Passwords);
    const hash = passwords.hash.bind(passwords);
    const hashing = jest.spyOn(passwords, 'hash').mockImplementation(async (password) => {
      const hashed = await hash(password);
      await meeting();
      return hashed;
    });
    const made = await Promise.all([first.ensure(), first.ensure(), first.ensure()]);
    hashing.mockRestore();
    const told = made.filter((one) => one !== undefined);
    expect(told).toEqual([{ email: 'owner@shop.example', password: expect.stringMatching(/^[\w-]{20}$/) }]);
    expect(await app.asOwner('select from security.staff_user')).toHaveLength(1);
    expect(await first.ensure()).toBeUndefined();

    const client = await app.signIn('owner@shop.example', told[0]!.password!);
    expect((await client.get('/v1/me').expect(200)).body).toMatchObject({ roles: ['administrator'] });
  });

  it('is not made again when the only user is no administrator, or disabled', async () => {
    await app.asOwner(`update security.staff_user set status = 'disabled'`);
    expect(await app.get(FirstAdministrator).ensure()).toBeUndefined();
  });
});

it('has the password from the configuration, which is not told', async () => {
  const app = await startApp({ config: { ADMIN_PASSWORD: 'chosen by the operator', ADMIN_EMAIL: 'owner@shop.example' } });
  try {
    expect(await app.get(FirstAdministrator).ensure()).toEqual({ email: 'owner@shop.example' });
    await app.signIn('owner@shop.example', 'chosen by the operator');
  } finally {
    await app.close();
  }
});
