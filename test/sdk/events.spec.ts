import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createShuke, EventsForgotten, type ShukeEvent } from '@shuke/client';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { BreakingProxy } from '../support/breaking-proxy.js';
import { until } from '../support/until.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ workers: true });
  await app.asAdmin();
});
afterAll(() => app.close());

/** Longer than any test: what comes sooner was told, and not found by a look. */
const NEVER_MILLIS = 600_000;

async function customers(count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, n) => ({ name: `Heard ${n}` }));
  await (await app.asAdmin()).post('/v1/customers/batch').send({ items }).expect(207);
}

describe('S154 the event feed of the client', () => {
  it('S154 two readers whose connections break at any place have every event once and in order', async () => {
    await customers(150);
    const breakAfter = (number: number) => 500 + ((number * 7_919) % 30_000);
    const proxy = await BreakingProxy.before(app.url, ({ url }, number) => (url!.startsWith('/v1/events') ? { ofAnswer: breakAfter(number) } : undefined));
    const controller = new AbortController();
    const follows = (baseUrl: string, heard: ShukeEvent[]) => (async () => {
      const shuke = createShuke({ baseUrl, signIn: ADMINISTRATOR, retry: { firstPauseMillis: 1, longestPauseMillis: 20 } });
      for await (const event of shuke.events({ pollMillis: 20, limit: 20, signal: controller.signal })) heard.push(event);
    })().catch((reason: unknown) => reason);
    const [near, far]: [ShukeEvent[], ShukeEvent[]] = [[], []];
    const following = [follows(app.url, near), follows(proxy.url, far)];
    for (let turn = 0; turn < 8; turn += 1) await customers(50);

    const head = async () => Number((await app.asOwner<{ position: string }>('select position from platform.log_head'))[0]!.position);
    await until('the log to hold all', async () => (await head()) >= 550);
    const last = await head();
    await until('both to have heard the last', () => [near, far].every((heard) => heard.at(-1)?.position === last));
    controller.abort('enough');
    expect(await Promise.all(following)).toEqual(['enough', 'enough']);
    const ids = await app.asOwner<{ id: string }>('select id from platform.event_log order by position');
    for (const heard of [near, far]) expect(heard.map(({ id }) => id)).toEqual(ids.map(({ id }) => id));
    expect(proxy.seen.filter((line) => line.startsWith('GET /v1/events/stream')).length).toBeGreaterThan(3);
    await proxy.close();
  });

  it('S154 is told at once what happens, with the data of its type', async () => {
    const shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
    const [{ position: after }] = await app.asOwner<{ position: number }>('select position::int from platform.log_head') as [{ position: number }];
    const feed = shuke.events({ after, types: ['customer.registered.v1'], pollMillis: NEVER_MILLIS });
    // The first look at the log finds nothing, and is followed by the stream.
    const pages = feed.pages();
    expect((await pages.next()).value).toEqual({ events: [], cursor: after });
    const coming = pages.next();
    const { data: customer } = await shuke.call('createCustomer', { body: { name: '听' } });
    const { value } = await coming;
    expect(value!.events.map(({ type, data }) => [type, data.customerId])).toEqual([['customer.registered.v1', customer.id]]);
    await pages.return();
  });

  it('S154 where events are not kept any more it ends with where the log begins', async () => {
    const [{ position }] = await app.asOwner<{ position: number }>('update platform.log_head set forgotten = 100 returning position::int') as [{ position: number }];
    const shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
    const error: unknown = await shuke.events({ after: 5, follow: false }).pages().next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EventsForgotten);
    expect(error).toMatchObject({ status: 410, code: 'events_forgotten', beginsAfter: 100 });
    let heard = 0;
    for await (const page of shuke.events({ after: (error as EventsForgotten).beginsAfter, follow: false }).pages()) heard += page.events.length;
    expect(heard).toBe(position - 100);
    await app.asOwner('update platform.log_head set forgotten = 0');
  });
});
