import type { IncomingMessage } from 'node:http';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/kernel/domain-error.js';
import { Load } from '../../src/platform/http/load.js';
import { Streams } from '../../src/platform/http/streams.js';
import type { OperationRun } from '../../src/platform/jobs/operation.js';
import { Operations } from '../../src/platform/jobs/operations.js';
import { OperationStream } from '../../src/integration/operations/views/operation-stream.js';
import { SYSTEM } from '../../src/kernel/actor.js';
import { accessToken } from '../support/access-token.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { everyPage } from '../support/every-page.js';
import { framesOf, openStream } from '../support/server-sent-events.js';
import { until } from '../support/until.js';

/** Counts to five; waits before each step until let go. */
class Counting {
  permission = 'import:run';
  private go: () => void = () => undefined;
  private gate = Promise.resolve();

  hold(): () => void {
    this.gate = new Promise((resolve) => (this.go = resolve));
    return () => this.go();
  }

  async run(operation: OperationRun<{ readonly refuseAt?: number }, { readonly at: number }>): Promise<void> {
    for (let at = (operation.state.at ?? 0) + 1; at <= 5; at += 1) {
      await this.gate;
      await operation.step(async () => {
        if (at === operation.parameters.refuseAt) throw new DomainError('rule', 'unlucky_number', `${at} is not counted. Count without it.`);
        return { done: at, total: 5, state: { at } };
      });
    }
    await operation.finish({ counted: 5 });
  }
}

const counting = new Counting();

@Module({})
class CountingModule {
  constructor(operations: Operations) {
    operations.register('test.counting', counting);
  }
}

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true, modules: [CountingModule] });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

async function start(parameters: object = {}): Promise<string> {
  return (await app.database.transaction(SYSTEM, (tx) => app.get(Operations).start(tx, 'test.counting', parameters, 5))).id;
}

function ended(id: string) {
  return until(`the end of ${id}`, async () => {
    const { body } = await http.get(`/v1/operations/${id}`).expect(200);
    return body.finishedAt !== null && body;
  });
}

interface OperationFrame {
  readonly event: string;
  readonly data: { readonly status: string; readonly progress: { readonly done: number } };
}

async function follow(id: string, headers: Record<string, string> = {}): Promise<{ type: string | undefined; frames: AsyncGenerator<OperationFrame> }> {
  const answer = await openStream(app, `/v1/operations/${id}/events`, { Authorization: await accessToken(app), ...headers });
  return { type: answer.headers['content-type'], frames: framesOf(answer) as AsyncGenerator<OperationFrame> };
}

describe('operations', () => {
  it('are streamed from the present state to the end, and then the stream closes', async () => {
    const go = counting.hold();
    const id = await start();
    const { type, frames } = await follow(id, { 'Last-Event-ID': '12345' });
    expect(type).toBe('text/event-stream; charset=utf-8');
    const first = (await frames.next()).value as OperationFrame;
    expect(first).toMatchObject({ event: 'progress', data: { id, progress: { done: 0, total: 5 } } });
    go();
    const rest: OperationFrame[] = [];
    for await (const frame of frames) rest.push(frame);
    expect(rest.at(-1)).toMatchObject({ event: 'end', data: { status: 'succeeded', progress: { done: 5 }, result: { counted: 5 } } });
    const done = rest.map(({ data }) => data.progress.done);
    expect(done).toEqual([...done].sort((one, other) => one - other));
  });

  it('say now and then that they are still there while nothing moves', async () => {
    const go = counting.hold();
    const id = await start();
    const anybody = { mayStill: () => Promise.resolve(true) };
    const texts: string[] = [];
    for await (const text of app.get(Streams).readable(anybody, await app.get(OperationStream).of(id), 20)) {
      texts.push(String(text));
      if (texts.filter((one) => one === ': still here\n\n').length === 3) go();
    }
    expect(texts.at(-1)).toContain('event: end');
  });

  it('answer at once with the end to who comes late, and 404 for what is not there', async () => {
    const id = await start();
    await ended(id);
    const { frames } = await follow(id);
    expect(await frames.next()).toMatchObject({ value: { event: 'end', data: { status: 'succeeded' } } });
    expect((await frames.next()).done).toBe(true);
    await http.get('/v1/operations/0192f0c1-2b3c-7def-8abc-1234567890ab/events').expect(404);
  });

  it('may be watched by many without keeping others from their work', async () => {
    const small = await startApp({ modules: [CountingModule], config: { MAX_CONCURRENT_REQUESTS: '8' } });
    const load = small.get(Load);
    const { id } = await small.database.transaction(SYSTEM, (tx) => small.get(Operations).start(tx, 'test.counting', {}, 5));
    const headers = { Authorization: await accessToken(small) };
    const watchers: IncomingMessage[] = [];
    while (watchers.length < 20) watchers.push(await openStream(small, `/v1/operations/${id}/events`, headers));
    expect(watchers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
    expect([load.requestsInWork, load.streamsOpen]).toEqual([0, 20]);
    expect((await small.http.get('/v1/limits').set(headers)).status).toBe(200);
    for (const watcher of watchers) watcher.on('error', () => undefined).destroy();
    await until('no stream left', () => load.streamsOpen === 0, 2);
    await small.close();
  });

  it('that are refused say why and can be resumed; those that succeeded cannot', async () => {
    const id = await start({ refuseAt: 3 });
    expect(await ended(id)).toMatchObject({ status: 'failed', progress: { done: 2 }, error: { code: 'unlucky_number', detail: '3 is not counted. Count without it.' } });
    await http.post(`/v1/operations/${id}/cancel`).expect(409);
    await http.post(`/v1/operations/${id}/resume`).expect(200).expect(({ body }) => expect(body.status).toBe('queued'));
    expect(await ended(id)).toMatchObject({ status: 'failed' });
    const well = await start();
    await ended(well);
    await http.post(`/v1/operations/${well}/resume`).expect(409);
  });

  it('are listed latest first, by kind and status, without gaps', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await start());
    for (const id of ids) await ended(id);
    const listed = await everyPage<{ id: string }>(http, '/v1/operations?kind=test.counting&status=succeeded&limit=2');
    expect(listed.slice(0, 5).map(({ id }) => id)).toEqual([...ids].reverse());
    await http.get('/v1/operations?status=dreaming').expect(400);
  });

  it('G24 are read by a viewer, and stopped only by who may also start their kind', async () => {
    const go = counting.hold();
    const id = await start();
    const [viewer, agent, integration] = await Promise.all([app.as('viewer'), app.as('agent'), app.as('integration')]);
    await viewer.get(`/v1/operations/${id}`).expect(200);
    await viewer.post(`/v1/operations/${id}/cancel`).expect(403);
    await agent.post(`/v1/operations/${id}/resume`).expect(403);
    await integration.post(`/v1/operations/${id}/cancel`).expect(200);
    go();
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
  });

  it('G3 do not keep a stopping server waiting for who follows them', async () => {
    const go = counting.hold();
    const id = await start();
    const { frames } = await follow(id);
    await frames.next();
    const began = performance.now();
    const closing = app.close();
    for await (const _ of frames);
    go();
    await closing;
    expect(performance.now() - began).toBeLessThan(10_000);
    app = await startApp({ workers: true, modules: [CountingModule] });
    http = await app.asAdmin();
  });
});
