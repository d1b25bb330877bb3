import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/id.js';
import { CustomerDeleted, CustomerRegistered } from '../../src/customer/contract/events.js';
import { startApp, type Http, type TestApp } from '../support/app.js';

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ now: '2026-03-01T08:00:00.000Z' });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

/** Records events as a context does; every third one deletes. @returns their ids in order */
async function happen(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const customerId = newId();
    await app.database.transaction(SYSTEM, async (tx) => {
      tx.record(n % 3 === 2 ? CustomerDeleted.of(customerId, { customerId }) : CustomerRegistered.of(customerId, { customerId, registeredAt: '2026-03-01T08:00:00.000Z', source: 'api' }));
      ids.push(tx.lastEventId!);
    });
  }
  return ids;
}

interface Page {
  readonly data: readonly { readonly id: string; readonly position: number; readonly type: string }[];
  readonly page: { readonly nextAfter: number; readonly hasMore: boolean };
}

/** Everything after a position, page by page, by the Link header. */
async function catchUp(after: number, query = ''): Promise<{ ids: string[]; nextAfter: number }> {
  const ids: string[] = [];
  for (let url = `/v1/events?after=${after}&limit=7${query}`; ; ) {
    const { body, headers } = await http.get(url).expect(200);
    const { data, page } = body as Page;
    ids.push(...data.map(({ id }) => id));
    if (!page.hasMore) return { ids, nextAfter: page.nextAfter };
    url = /<(.+)>; rel="next"/.exec(headers['link'] ?? '')![1]!;
  }
}

describe('S154 the event feed', () => {
  it('S154 lets a peer catch up exactly: every event once, in order, also after days away', async () => {
    const first = await happen(25);
    await app.drainEvents();
    const seen = await catchUp(0);
    expect(seen.ids).toEqual(first);
    expect(await catchUp(seen.nextAfter)).toEqual({ ids: [], nextAfter: seen.nextAfter });
    const later = await happen(30);
    await app.drainEvents();
    expect((await catchUp(seen.nextAfter)).ids).toEqual(later);
  });

  it('S154 gives each event with its type, time and facts', async () => {
    const { body } = await http.get('/v1/events?limit=1').expect(200);
    expect(body.data[0]).toEqual({
      id: expect.any(String), position: 1, type: 'customer.registered.v1', aggregateId: expect.any(String), occurredAt: '2026-03-01T08:00:00.000Z',
      data: { customerId: expect.any(String), registeredAt: '2026-03-01T08:00:00.000Z', source: 'api' },
    });
    expect(body.page).toEqual({ nextAfter: 1, hasMore: true });
  });

  it('S154 by type skips the others, and moves on past them', async () => {
    const all = await catchUp(0);
    const deleted = await catchUp(0, '&types=customer.deleted.v1');
    const registered = await catchUp(0, '&types=customer.registered.v1,sales.order_placed.v1');
    expect(deleted.ids.length + registered.ids.length).toBe(all.ids.length);
    expect(deleted.nextAfter).toBe(all.nextAfter);
    expect(new Set([...deleted.ids, ...registered.ids])).toEqual(new Set(all.ids));
  });

  it('S154 refuses a type nobody publishes and lists those there are', async () => {
    const { body } = await http.get('/v1/events?types=customer.registered.v1,customer.sneezed.v1').expect(400);
    expect(body).toMatchObject({ code: 'unknown_event_type', detail: expect.stringContaining('sales.order_placed.v1'), errors: [{ pointer: '?types' }] });
    await http.get('/v1/events?after=-1').expect(400);
    await http.get('/v1/events?limit=201').expect(400);
    await http.get('/v1/events?since=1').expect(400);
  });

  it('G24 is for who may follow it', async () => {
    await (await app.as('integration')).get('/v1/events').expect(200);
    await (await app.as('viewer')).get('/v1/events').expect(403);
  });
});
