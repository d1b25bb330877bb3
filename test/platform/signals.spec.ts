import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/id.js';
import { Channel } from '../../src/platform/database/channel.js';
import { Database, READ_POOL } from '../../src/platform/database/database.js';
import { Signals } from '../../src/platform/database/signals.js';
import { Operations } from '../../src/platform/jobs/operations.js';
import { RootLogger } from '../../src/platform/observability/logger.js';
import { startApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.close());

describe('signals', () => {
  it('reach another process with what they are about, and as "any" where that would be too much', async () => {
    const there = new Signals();
    const channel = new Channel(app.nest.get(READ_POOL), there, app.get(RootLogger));
    await channel.start();
    const heard: (string | undefined)[] = [];
    there.on('operations', (subject) => heard.push(subject));
    const [one, other] = [newId(), newId()];
    app.get(Signals).send('operations', one);
    app.get(Signals).send('operations', other);
    app.get(Signals).send('operations', one);
    await until('both', () => heard.length >= 2);
    expect(heard).toEqual([one, other]);
    heard.length = 0;
    for (let n = 0; n < 200; n += 1) app.get(Signals).send('operations', newId());
    await until('any', () => heard.length > 0);
    expect(heard).toEqual([undefined]);
    await channel.stop();
  });

  it('about one operation make nobody look who watches another', async () => {
    const operations = app.get(Operations);
    const id = newId();
    await app.asOwner(`insert into platform.operation (id, kind, status, parameters, created_by_kind, created_by_id, created_at, updated_at) values ($1, 'test.idle', 'queued', '{}', 'system', $2, now(), now())`, [id, SYSTEM.id]);
    const watching = new AbortController();
    const views = operations.watch(id, watching.signal)[Symbol.asyncIterator]();
    await views.next();
    const next = views.next();
    const query = jest.spyOn(app.get(Database), 'query');
    const looks = () => query.mock.calls.filter(([{ name }]) => name === 'operations.get').length;
    for (let n = 0; n < 50; n += 1) {
      app.get(Signals).send('operations', newId());
      await app.http.get('/health/live').expect(200);
    }
    // The slow sweep may have looked.
    expect(looks()).toBeLessThan(5);
    const before = looks();
    app.get(Signals).send('operations', id);
    await until('a look', () => looks() > before, 1);
    watching.abort();
    expect((await next).done).toBe(true);
    query.mockRestore();
  });
});
