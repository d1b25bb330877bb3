import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import type { Permission } from '../../src/kernel/permission.js';
import { PERMISSIONS } from '../../src/platform/http/access.js';
import { RightsEpoch } from '../../src/security/access/views/rights-epoch.js';
import { SynchroniseRoles } from '../../src/security/staff/use-cases/synchronise-roles.js';
import { startApp, type TestApp } from '../support/app.js';
import { aMember, anAdministrator, bearing, sessionOf } from '../support/staff.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.close());

const synchronise = () => app.database.transaction(SYSTEM, (tx) => app.get(SynchroniseRoles).run(tx));
const epoch = async () => (await app.asOwner<{ epoch: string }>('select epoch from security.rights_epoch'))[0]!.epoch;

describe('the built-in roles', () => {
  it('hold after start what every context declares, and the administrator all of it', async () => {
    const declared = app.nest.get<readonly Permission[]>(PERMISSIONS, { strict: false });
    const { data } = (await (await app.asAdmin()).get('/v1/roles').expect(200)).body as { data: { name: string; builtIn: boolean; permissions: string[] }[] };
    expect(data.map(({ name }) => name)).toEqual(['administrator', 'agent', 'integration', 'manager', 'viewer']);
    for (const { name, builtIn, permissions } of data) {
      expect(builtIn).toBe(true);
      const expected = declared.filter(({ roles }) => name === 'administrator' || roles.some((role) => role === name));
      expect(permissions).toEqual([...new Set(expected.map((permission) => permission.name))].sort());
    }
  });

  it('are not touched by a second start of the same release', async () => {
    const before = [await epoch(), await app.asOwner('select *, xmin::text from security.role order by name')];
    await Promise.all([synchronise(), synchronise(), synchronise()]);
    expect([await epoch(), await app.asOwner('select *, xmin::text from security.role order by name')]).toEqual(before);
  });

  it('take effect for those signed in as soon as another release or an administrator changes them', async () => {
    const member = await aMember(app, 'auditor', ['viewer']);
    const client = bearing(app, (await sessionOf(app, member.id)).accessToken);
    await client.get('/v1/audit-entries').expect(403);
    await app.asOwner(`update security.role set permissions = permissions || '{audit:read}' where name = 'viewer'`);
    await app.get(RightsEpoch).settled();
    await client.get('/v1/audit-entries').expect(200);
    await synchronise();
    await app.get(RightsEpoch).settled();
    await client.get('/v1/audit-entries').expect(403);
  });
});

describe('the number that tells of changed rights', () => {
  const changes: [string, string][] = [
    ['a session that ends', `update security.session set ended_at = now(), ended_by = 'sign_out' where id = (select id from security.session where ended_at is null limit 1)`],
    ['a session that is deleted', `delete from security.session where id = (select id from security.session limit 1)`],
    ['a user who is disabled', `update security.staff_user set status = 'disabled' where id = (select id from security.staff_user order by id desc limit 1)`],
    ['a role given', `insert into security.user_role select id, 'integration' from security.staff_user order by id desc limit 1`],
    ['a role taken', `delete from security.user_role where role = 'integration'`],
    ['a role that allows less', `update security.role set permissions = '{}' where name = 'integration'`],
    ['a key revoked', `update security.api_key set revoked_at = now()`],
    ['a key that ends sooner', `update security.api_key set expires_at = now()`],
  ];

  it.each(changes)('grows with %s, whoever writes it', async (what, sql) => {
    await aMember(app, `for-${what.replaceAll(' ', '-')}`);
    await (await anAdministrator(app)).post('/v1/api-keys').send({ name: 'K', scopes: ['audit:read'] }).expect(201);
    const before = await epoch();
    await app.asOwner(sql);
    expect(Number(await epoch())).toBeGreaterThan(Number(before));
  });

  it('stands still while people sign in, refresh and work', async () => {
    await app.asOwner(`update security.role set permissions = (select permissions from security.role where name = 'administrator') where name = 'integration'`);
    const member = await aMember(app, 'quiet', ['viewer']);
    const before = await epoch();
    const { refreshToken } = await sessionOf(app, member.id);
    const { body } = await app.http.post('/v1/sessions/refresh').send({ refreshToken }).expect(200);
    await bearing(app, (body as { accessToken: string }).accessToken).get('/v1/me').expect(200);
    expect(await epoch()).toBe(before);
  });
});
