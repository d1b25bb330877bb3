import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import type { RecordedEvent } from '../../src/kernel/event.js';
import { newId } from '../../src/kernel/id.js';
import { CustomerDeleted } from '../../src/customer/contract/events.js';
import { Consumers, type EventHandler } from '../../src/platform/events/consumers.js';
import { JobType } from '../../src/platform/jobs/job.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { everyPage } from '../support/every-page.js';
import { startApp, type Http, type TestApp } from '../support/app.js';

class Squeamish implements EventHandler {
  readonly sick = new Set<string>();
  heard: string[] = [];

  apply(_: Tx, events: readonly RecordedEvent[]): Promise<void> {
    const bad = events.find((event) => this.sick.has(event.aggregateId));
    if (bad) return Promise.reject(new Error(`cannot stomach ${bad.position}`));
    this.heard.push(...events.map((event) => event.id));
    return Promise.resolve();
  }
}

const squeamish = new Squeamish();
const mails: EventHandler = { apply: () => Promise.resolve() };
const Doomed = new JobType('test.doomed', class {}, { tries: 1, backoffSeconds: 1, concurrency: 1 });

@Module({})
class StuckModule {
  constructor(consumers: Consumers, jobs: Jobs) {
    consumers.hear({ name: 'test.squeamish', hears: [CustomerDeleted], handler: squeamish, lanes: 2 });
    consumers.hear({ name: 'test.mails', hears: [CustomerDeleted], handler: mails, replayable: false });
    jobs.handle(Doomed, { run: () => Promise.reject(new Error('doomed')) });
  }
}

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ now: '2026-03-01T08:00:00.000Z', modules: [StuckModule] });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

async function happen(customerId: string): Promise<void> {
  await app.database.transaction(SYSTEM, async (tx) => tx.record(CustomerDeleted.of(customerId, { customerId })));
}

async function stateOf(name: string) {
  const { body } = await http.get('/v1/consumers').expect(200);
  return body.data.find((consumer: { name: string }) => consumer.name === name);
}

describe('consumers', () => {
  it('G15 show how far they are, list what they cannot apply, and take it when retried', async () => {
    const [ill, well] = [newId(), newId()];
    squeamish.sick.add(ill);
    await happen(well);
    await happen(ill);
    await happen(ill);
    await app.drainEvents();
    expect(await stateOf('test.squeamish')).toEqual({ name: 'test.squeamish', hears: ['customer.deleted.v1'], lanes: 2, replayable: true, position: 3, lag: 0, parked: 1, retrying: 1 });

    const { body } = await http.get('/v1/parked-events?consumer=test.squeamish').expect(200);
    expect(body.data).toMatchObject([
      { consumer: 'test.squeamish', position: 2, event: 'customer.deleted', aggregateId: ill, status: 'retrying', attempts: 1, error: 'cannot stomach 2' },
      { consumer: 'test.squeamish', position: 3, status: 'behind', error: null },
    ]);
    const failed = await http.post('/v1/parked-events/test.squeamish/2/retry').expect(200);
    expect(failed.body).toMatchObject({ applied: false, parked: { position: 2, attempts: 2, error: 'cannot stomach 2' } });
    squeamish.sick.clear();
    const applied = await http.post('/v1/parked-events/test.squeamish/2/retry').expect(200);
    expect(applied.body).toEqual({ applied: true, parked: null });
    expect((await http.get('/v1/parked-events').expect(200)).body).toEqual({ data: [], page: { nextCursor: null, hasMore: false } });
    expect(squeamish.heard).toHaveLength(3);
    await http.post('/v1/parked-events/test.squeamish/2/retry').expect(404);
  });

  it('G15 give up an event when told, but none out of turn, and page what is parked without gaps', async () => {
    const people = [newId(), newId(), newId()];
    for (const id of people) squeamish.sick.add(id);
    for (const id of people) await happen(id);
    await happen(people[0]!);
    await app.drainEvents();
    const parked = await everyPage<{ position: number }>(http, '/v1/parked-events?limit=1');
    expect(parked.map(({ position }) => position)).toEqual([4, 5, 6, 7]);
    await http.post('/v1/parked-events/test.squeamish/7/discard').expect(409).expect(({ body }) => expect(body.code).toBe('not_first_in_line'));
    for (const position of [4, 5, 6, 7]) await http.post(`/v1/parked-events/test.squeamish/${position}/discard`).expect(204);
    const [audited] = await app.asOwner<{ count: number }>("select count(*)::int from (select action from platform.audit_inbox union all select action from platform.audit_log) a where action = 'event.discarded'");
    expect(audited!.count).toBe(4);
  });

  it('are set back to hear everything again, unless their effects must not be repeated', async () => {
    squeamish.heard = [];
    await http.post('/v1/consumers/test.squeamish/replay').send({ from: 0 }).expect(204);
    expect(await stateOf('test.squeamish')).toMatchObject({ position: 0, lag: 7 });
    squeamish.sick.clear();
    await app.drainEvents();
    expect(squeamish.heard).toHaveLength(7);
    await http.post('/v1/consumers/test.mails/replay').send({ from: 0 }).expect(422);
    await http.post('/v1/consumers/test.nobody/replay').send({ from: 0 }).expect(404);
    await http.post('/v1/consumers/test.squeamish/replay').send({ from: -1 }).expect(400);
    await http.post('/v1/parked-events/test.squeamish/1e3/retry').expect(400);
  });

  it('G24 are seen by a manager and managed by an administrator only', async () => {
    const [manager, agent] = await Promise.all([app.as('manager'), app.as('agent')]);
    await manager.get('/v1/consumers').expect(200);
    await agent.get('/v1/consumers').expect(403);
    for (const path of ['consumers/test.squeamish/replay', 'parked-events/test.squeamish/1/retry', 'parked-events/test.squeamish/1/discard', `failed-jobs/${newId()}/retry`]) {
      await manager.post(`/v1/${path}`).send(path.startsWith('consumers') ? { from: 0 } : undefined).expect(403);
    }
  });

  it('G15 list jobs that were given up and have them tried again', async () => {
    const id = await app.database.transaction(SYSTEM, (tx) => app.get(Jobs).enqueue(tx, Doomed, {}));
    await app.asOwner("update platform.job set status = 'failed', attempts = 1, error = 'doomed', finished_at = now() where id = $1", [id]);
    const { body } = await http.get('/v1/failed-jobs?name=test.doomed').expect(200);
    expect(body.data).toMatchObject([{ id, name: 'test.doomed', attempts: 1, error: 'doomed' }]);
    await http.post(`/v1/failed-jobs/${id}/retry`).expect(204);
    expect((await http.get('/v1/failed-jobs').expect(200)).body.data).toEqual([]);
    await http.post(`/v1/failed-jobs/${id}/retry`).expect(409);
    await http.post(`/v1/failed-jobs/${newId()}/retry`).expect(404);
  });
});
