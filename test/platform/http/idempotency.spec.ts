import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../../support/app.js';
import { PROBE_TABLE, ProbeModule } from './probe.module.js';

let app: TestApp;
let admin: Http;

beforeAll(async () => {
  app = await startApp({ modules: [ProbeModule], now: '2026-03-01T08:00:00Z' });
  await app.asOwner(PROBE_TABLE);
  admin = await app.asAdmin();
});
afterAll(() => app.close());

async function made(name: string): Promise<number> {
  const [row] = await app.asOwner<{ count: string }>('select count(*) from public.probe where name = $1', [name]);
  return Number(row?.count);
}

function post(client: Http, key: string, body: object) {
  return client.post('/v1/probes').set('Idempotency-Key', key).send(body);
}

describe('an Idempotency-Key', () => {
  it('G6 gives the retry the first status, headers and body, once made', async () => {
    const key = randomUUID();
    const first = await post(admin, key, { name: 'retried' });
    const retry = await post(admin, key, { name: 'retried' });
    expect([retry.status, retry.text, retry.headers['etag'], retry.headers['location']]).toEqual([201, first.text, '"1"', first.headers['location']]);
    expect([first.headers['idempotent-replayed'], retry.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect(await made('retried')).toBe(1);
  });

  it('G5 makes one of sixteen twins, and the others replay it or are told to wait', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 16 }, () => post(admin, key, { name: 'twin', hold: 0.1 })));
    expect(answers.filter(({ status, headers }) => status === 201 && headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    for (const { status, body, headers } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, body.code, headers['retry-after']]).toEqual([409, 'idempotency_in_progress', '1']);
    }
    expect(await made('twin')).toBe(1);
    expect((await post(admin, key, { name: 'twin', hold: 0.1 })).headers['idempotent-replayed']).toBe('true');
  });

  it('G7 refuses another request under the same key, without effect', async () => {
    const key = randomUUID();
    await post(admin, key, { name: 'mine' });
    const other = await post(admin, key, { name: 'other' });
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await made('other')).toBe(0);
  });

  it('G8 belongs to its caller: another one under the same key gets nothing of the answer', async () => {
    const key = randomUUID();
    const manager = await app.as('manager');
    const [one, two] = [await post(admin, key, { name: 'shared key' }), await post(manager, key, { name: 'shared key' })];
    expect([one.status, two.status, two.headers['idempotent-replayed']]).toEqual([201, 201, undefined]);
    expect(two.body.id).not.toBe(one.body.id);
  });

  it('keeps nothing of a refusal, so that the mended request goes through', async () => {
    const key = randomUUID();
    expect((await post(admin, key, { name: '' })).status).toBe(400);
    expect((await post(admin, key, { name: 'mended' })).status).toBe(201);
  });

  it('is refused if it is none', async () => {
    expect((await post(admin, 'two words', { name: 'x' })).body).toMatchObject({ status: 400, code: 'invalid_idempotency_key' });
  });

  it('G6 survives a restart and is forgotten after 24 hours', async () => {
    const key = randomUUID();
    const first = await post(admin, key, { name: 'restarted' });
    app = await app.restart({ now: '2026-03-02T07:59:00Z' });
    admin = await app.asAdmin();
    expect((await post(admin, key, { name: 'restarted' })).text).toBe(first.text);
    app.clock.advance(2 * 60_000);
    const late = await post(admin, key, { name: 'restarted' });
    expect([late.status, late.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect(await made('restarted')).toBe(2);
  });
});
