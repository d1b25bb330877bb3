import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Proxy } from '../support/proxy.js';
import { until } from '../support/until.js';

let app: TestApp;
let proxy: Proxy;
beforeAll(async () => {
  proxy = await Proxy.open();
  app = await startApp({ workers: true, through: (url) => proxy.before(url) });
});
afterAll(async () => {
  await app.close();
  proxy.cut();
});

describe('health', () => {
  it('is alive and ready, and says how far the consumers are', async () => {
    expect((await app.http.get('/health/live')).body).toEqual({ status: 'alive' });
    const ready = await app.http.get('/health/ready');
    expect([ready.status, ready.body.status]).toEqual([200, 'ready']);
    expect(ready.body.checks).toEqual({ server: 'ok', database: 'ok', migrations: 'ok', workers: 'ok', queue: 'ok' });
    expect(ready.body.consumers).toContainEqual({ consumer: expect.stringMatching(/^\w+\.\w+$/), events: 0, parked: 0 });
  });

  it('says that a migration is missing', async () => {
    await app.asOwner(`update shuke_migration set name = 'other' where name like 'vault%'`);
    const answer = await app.http.get('/health/ready');
    expect([answer.status, answer.body.checks.migrations]).toEqual([503, 'not applied: vault1763700000100']);
    await app.asOwner(`update shuke_migration set name = 'vault1763700000100' where name = 'other'`);
  });

  it('G49 says that the database is away, stays alive, and comes back by itself', async () => {
    proxy.cut();
    const answer = await until('not ready', async () => {
      const look = await app.http.get('/health/ready');
      return look.status === 503 && look;
    });
    expect(answer.body.checks).toMatchObject({ server: 'ok', database: 'cannot be reached' });
    expect((await app.http.get('/health/live')).status).toBe(200);
    const refused = await app.http.post('/v1/sessions').send({ email: 'a@shop.example', password: 'whatever it is' });
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([503, 'database_unavailable', '2']);
    await proxy.mend();
    await until('ready again', async () => (await app.http.get('/health/ready')).status === 200);
  });
});

describe('metrics', () => {
  it('are for those who may scrape them', async () => {
    expect((await app.http.get('/metrics')).status).toBe(401);
    expect((await (await app.as('viewer')).get('/metrics')).status).toBe(403);
  });

  it('count requests by pattern, never by address, and tell lags, pool and event loop', async () => {
    const admin = await app.asAdmin();
    await admin.get('/v1/users?limit=3');
    const { text, headers } = await admin.get('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toMatch(/shuke_http_request_seconds_count\{method="GET",route="\/v1\/users",status="200"\} 1/);
    expect(text).not.toContain('limit=3');
    for (const name of ['shuke_consumer_lag_events{consumer=', 'shuke_relay_lag_seconds', 'shuke_job_oldest_waiting_seconds', 'shuke_database_pool_connections{pool="transactions",state="all"}', 'nodejs_eventloop_lag_seconds']) {
      expect(text).toContain(name);
    }
  });

  it('name jobs of a kind that this release does not do, waiting or handed over', async () => {
    const admin = await app.asAdmin();
    const jobs = async () => (await admin.get('/metrics')).text.split('\n').filter((line) => line.startsWith('shuke_jobs_without_handler{'));
    expect(await jobs()).toEqual([]);
    await app.asOwner(`
      insert into platform.job (id, name, payload, status, run_at, created_at)
      select gen_random_uuid(), name, '{}', status, now(), now()
        from (values ('aged.mail', 'waiting'), ('aged.mail', 'dispatched'), ('aged.sms', 'dispatched'), ('zeal.rescore', 'waiting'), ('aged.done', 'done')) as old (name, status)`);
    expect(await jobs()).toEqual(['shuke_jobs_without_handler{job="aged.mail"} 2', 'shuke_jobs_without_handler{job="aged.sms"} 1', 'shuke_jobs_without_handler{job="zeal.rescore"} 1']);
    await app.asOwner(`delete from platform.job where name ~ '^(aged|zeal)'`);
    expect(await jobs()).toEqual([]);
  });
});
