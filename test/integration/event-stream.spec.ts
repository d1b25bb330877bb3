import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/id.js';
import { CustomerChanged, CustomerDeleted } from '../../src/customer/contract/events.js';
import { EventStream } from '../../src/integration/feed/views/event-stream.js';
import { EventFeed } from '../../src/platform/events/event-feed.js';
import { Relay } from '../../src/platform/events/relay.js';
import { Load, MAX_STREAMS_PER_CALLER } from '../../src/platform/http/load.js';
import { Streams } from '../../src/platform/http/streams.js';
import { accessToken } from '../support/access-token.js';
import { startApp, type TestApp } from '../support/app.js';
import { framesOf, openStream, type Frame } from '../support/server-sent-events.js';
import { until } from '../support/until.js';

const PATH = '/v1/events/stream';

interface EventFrame extends Frame {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly id: string; readonly position: number; readonly type: string; readonly aggregateId: string; readonly data: { readonly version: number } };
}

let app: TestApp;
let authorization: string;
beforeAll(async () => {
  app = await startApp();
  authorization = await accessToken(app);
});
afterAll(() => app?.close());

function open(query = '', headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return openStream(app, PATH + query, { Authorization: authorization, ...headers });
}

async function take(frames: AsyncGenerator<Frame>, count: number): Promise<EventFrame[]> {
  const taken: EventFrame[] = [];
  while (taken.length < count) taken.push((await frames.next()).value as EventFrame);
  return taken;
}

/** Lets the relay move what was committed, without consumers. */
async function relay(): Promise<void> {
  while (await app.get(Relay).step());
}

/** Records the changes `from` … of one customer in one transaction, as a context does. */
async function change(customerId: string, from: number, count = 1): Promise<void> {
  await app.database.transaction(SYSTEM, async (tx) => {
    for (let version = from; version < from + count; version += 1) tx.record(CustomerChanged.of(customerId, { customerId, version, fields: ['tags'] }));
  });
}

async function head(): Promise<number> {
  return app.get(EventFeed).head();
}

async function log(): Promise<string[]> {
  return (await app.asOwner<{ id: string }>('select id from platform.event_log order by position')).map(({ id }) => id);
}

/** The end of a stream that the server ends, or false if it was cut. */
function ends(answer: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    answer.once('close', () => resolve(answer.complete)).once('error', () => undefined).resume();
  });
}

describe('S154 the event stream', () => {
  it('S154 tells what was, then what happens, each event as the feed has it', async () => {
    const customerId = newId();
    await change(customerId, 1, 3);
    await relay();
    const answer = await open();
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([200, 'text/event-stream; charset=utf-8', 'no-store']);
    const frames = framesOf(answer);
    const before = await take(frames, 3);
    await change(customerId, 4, 2);
    await relay();
    const told = [...before, ...(await take(frames, 2))];
    const { body } = await (await app.asAdmin()).get('/v1/events').expect(200);
    expect(told.map(({ data }) => data)).toEqual(body.data);
    expect(told.map(({ id, event }) => [id, event])).toEqual(body.data.map(({ position, type }: { position: number; type: string }) => [String(position), type]));
    answer.destroy();
  });

  it('S154 goes on behind Last-Event-ID, which goes before after', async () => {
    await change(newId(), 1, 5);
    await relay();
    const end = await head();
    for (const [query, headers] of [[`?after=${end - 2}`, {}], ['?after=0', { 'Last-Event-ID': String(end - 2) }]] as const) {
      const answer = await open(query, headers);
      expect((await take(framesOf(answer), 2)).map(({ id }) => Number(id))).toEqual([end - 1, end]);
      answer.destroy();
    }
  });

  it('S154 tells only the types asked for, of what was and of what comes', async () => {
    const from = await head();
    const customerId = newId();
    const remove = () => app.database.transaction(SYSTEM, async (tx) => tx.record(CustomerDeleted.of(customerId, { customerId })));
    await change(customerId, 1, 2);
    await remove();
    await relay();
    const answer = await open(`?after=${from}&types=customer.deleted.v1`);
    const frames = framesOf(answer);
    await take(frames, 1);
    await change(customerId, 3, 2);
    await remove();
    await relay();
    expect((await take(frames, 1)).map(({ event, id }) => [event, Number(id)])).toEqual([['customer.deleted.v1', from + 6]]);
    answer.destroy();
  });

  it('says after a silence how far it looked, so that nobody looks through the same events twice', async () => {
    await change(newId(), 1, 2);
    await relay();
    const telling = await app.get(EventStream).from(0, ['customer.erased.v1']);
    const end = await head();
    const texts: string[] = [];
    for await (const text of app.get(Streams).readable({ mayStill: () => Promise.resolve(true) }, telling, 20)) {
      texts.push(String(text));
      if (String(text).includes(`id: ${end}\n`)) break;
    }
    expect(texts.at(-1)).toBe(`: still here\nid: ${end}\n\n`);
  });

  it('S154 refuses a place in the log that is none, and a type nobody publishes', async () => {
    const admin = await app.asAdmin();
    await admin.get(PATH).set('Last-Event-ID', 'yesterday').expect(400).expect(({ body }) => expect(body.code).toBe('invalid_last_event_id'));
    await admin.get(`${PATH}?types=customer.sneezed.v1`).expect(400).expect(({ body }) => expect(body.code).toBe('unknown_event_type'));
    await admin.get(`${PATH}?after=-1`).expect(400);
    await admin.get(`${PATH}?limit=1`).expect(400);
    await (await app.as('viewer')).get(PATH).expect(403);
    expect(app.get(Load).streamsOpen).toBe(0);
  });
});

describe('S154 followers who come and go', () => {
  const EVENTS = 100_000;
  const AGGREGATES = 1_000;

  /** Reads on until `count` events, over connections that break off at random places. */
  async function follower(from: number, count: number, cutAfter: () => number): Promise<EventFrame[]> {
    const got: EventFrame[] = [];
    while (got.length < count) {
      const answer = await open('', { 'Last-Event-ID': String(got.at(-1)?.id ?? from) });
      let left = Math.min(cutAfter(), count - got.length);
      for await (const frame of framesOf(answer)) {
        got.push(frame as EventFrame);
        left -= 1;
        if (left === 0) break;
      }
      answer.destroy();
    }
    return got;
  }

  /** Numbers up to `most` that are the same at every run (Lehmer, modulus 2^31 - 1). */
  function dice(seed: number, most: number): () => number {
    let state = seed;
    return () => {
      state = (state * 48_271) % 2_147_483_647;
      return 1 + (state % most);
    };
  }

  it('S154 lose nothing, get nothing twice, and have each aggregate in order: 100,000 events, writers going on, two followers cut off at random', async () => {
    const from = await head();
    await app.asOwner(
      `insert into platform.outbox (id, name, version, aggregate_id, partition_key, payload, occurred_at)
       select gen_random_uuid(), 'customer.changed', 1, a, a, jsonb_build_object('customerId', a, 'version', n / $2, 'fields', '["tags"]'::jsonb), now()
         from generate_series(0, $1 - 1) as n, lateral (select ('00000000-0000-7000-8000-' || lpad(to_hex(n % $2), 12, '0'))::uuid as a) as one`,
      [EVENTS, AGGREGATES],
    );
    const written = { writers: 2, each: 250 };
    const count = EVENTS + written.writers * written.each;
    let writing = true;
    const relaying = (async () => {
      for (;;) {
        const last = !writing;
        await relay();
        if (last) return;
      }
    })();
    const writers = Array.from({ length: written.writers }, async () => {
      const customerId = newId();
      for (let version = 1; version <= written.each; version += 1) await change(customerId, version);
    });
    const followers = [follower(from, count, dice(7, 15_000)), follower(from, count, dice(11, 3_000))];
    await Promise.all(writers);
    writing = false;
    await relaying;
    const expected = (await log()).slice(from);
    expect(expected.length).toBe(count);
    for (const got of await Promise.all(followers)) {
      expect(got.map(({ data }) => data.id)).toEqual(expected);
      const latest = new Map<string, number>();
      const outOfOrder = got.filter(({ data: { aggregateId, data: { version } } }) => {
        const before = latest.get(aggregateId) ?? -1;
        latest.set(aggregateId, version);
        return version <= before;
      });
      expect(outOfOrder).toEqual([]);
    }
  }, 180_000);

  it('S154 catch up exactly after months away, over every partition of the log, by stream and by feed', async () => {
    const from = await head();
    const months = ['2026-01', '2026-02', '2026-03', '2026-04'];
    for (const [n, month] of months.entries()) {
      const part = `platform.event_log_${month.replace('-', '')}`;
      await app.asOwner(`create table if not exists ${part} partition of platform.event_log for values from ('${month}-01') to (date '${month}-01' + interval '1 month')`);
      await app.asOwner(`grant select, insert on ${part} to shuke_app`);
      await app.asOwner(
        `insert into platform.event_log (position, id, name, version, aggregate_id, partition_key, lane_key, payload, occurred_at, recorded_at)
         select $1::bigint + n, gen_random_uuid(), 'customer.changed', 1, a, a, 0, jsonb_build_object('customerId', a, 'version', n, 'fields', '[]'::jsonb), $2, $2
           from generate_series(1, 500) as n, lateral (select gen_random_uuid() as a) as one`,
        [from + n * 500, `${month}-15T00:00:00Z`],
      );
    }
    await app.asOwner('update platform.log_head set position = position + $1', [500 * months.length]);
    expect((await app.asOwner<{ parts: number }>('select count(distinct tableoid)::int as parts from platform.event_log'))[0]!.parts).toBeGreaterThanOrEqual(5);
    const missed = (await log()).slice(from);
    const answer = await open(`?after=${from}`);
    expect((await take(framesOf(answer), missed.length)).map(({ data }) => data.id)).toEqual(missed);
    answer.destroy();
    const admin = await app.asAdmin();
    const read: string[] = [];
    for (let after = from, more = true; more; ) {
      const { body } = await admin.get(`/v1/events?after=${after}&limit=200`).expect(200);
      read.push(...body.data.map(({ id }: { id: string }) => id));
      ({ nextAfter: after, hasMore: more } = body.page);
    }
    expect(read).toEqual(missed);
  });
});

describe('S154 a peer that was away longer than events are kept', () => {
  it('S154 is told so, by feed and by stream, instead of missing some in silence', async () => {
    const [oldest] = await app.asOwner<{ last: number }>("select max(position)::int as last from platform.event_log where recorded_at < '2026-03-01'");
    const away = oldest!.last - 700;
    await app.asOwner('select platform.drop_log_partitions(1)');
    const [dropped] = await app.asOwner<{ forgotten: number }>('select forgotten::int from platform.log_head');
    expect(dropped!.forgotten).toBeGreaterThanOrEqual(oldest!.last);
    const admin = await app.asAdmin();
    for (const url of [`/v1/events?after=${away}`, `${PATH}?after=${away}`]) {
      const { body } = await admin.get(url).expect(410);
      expect(body).toMatchObject({ code: 'events_forgotten', beginsAfter: dropped!.forgotten });
    }
    await admin.get(`/v1/events?after=${dropped!.forgotten}`).expect(200);
    await admin.get('/v1/events').expect(200);
  });
});

describe('the event stream and the server', () => {
  it('reads the log once for all who follow it', async () => {
    const end = await head();
    const answers: IncomingMessage[] = [];
    while (answers.length < 40) answers.push(await open(`?after=${end}`));
    const readers = answers.map(framesOf);
    await change(newId(), 1);
    await relay();
    await Promise.all(readers.map((reader) => take(reader, 1)));
    const page = jest.spyOn(app.get(EventFeed), 'page');
    for (let n = 2; n <= 6; n += 1) {
      await change(newId(), n);
      await relay();
      await Promise.all(readers.map((reader) => take(reader, 1)));
    }
    // One for each event, and the sweep's.
    expect(page.mock.calls.length).toBeLessThanOrEqual(10);
    page.mockRestore();
    for (const answer of answers) answer.destroy();
    await until('no stream left', () => app.get(Load).streamsOpen === 0);
  });

  it('G41 holds a page for a reader that does not read, and goes on where it was when it does', async () => {
    const from = await head();
    await change(newId(), 1, 60_000);
    await relay();
    const page = jest.spyOn(app.get(EventFeed), 'page');
    const answer = await open(`?after=${from}`);
    let [reads, still] = [0, 0];
    await until('nothing more being read', () => {
      still = reads === page.mock.calls.length ? still + 1 : 0;
      reads = page.mock.calls.length;
      return reads > 0 && still === 10;
    });
    // 60,000 events are 300 pages; what the two sockets take is some of them.
    expect(reads).toBeLessThan(100);
    expect((await take(framesOf(answer), 60_000)).map(({ id }) => Number(id))).toEqual(Array.from({ length: 60_000 }, (_, n) => from + 1 + n));
    answer.destroy();
    page.mockRestore();
  });

  it('takes so many streams of one caller and no more, and leaves the others theirs', async () => {
    const end = await head();
    const answers: IncomingMessage[] = [];
    while (answers.length < MAX_STREAMS_PER_CALLER) answers.push(await open(`?after=${end}`));
    const admin = await app.asAdmin();
    const refused = await admin.get(PATH).expect(429);
    expect([refused.body.code, refused.headers['retry-after']]).toEqual(['too_many_own_streams', '10']);
    await admin.get('/v1/limits').expect(200);
    const { body: key } = await admin.post('/v1/api-keys').send({ name: 'another', scopes: ['event:read'] }).expect(201);
    const other = await openStream(app, `${PATH}?after=${end}`, { Authorization: `Bearer ${key.key}` });
    expect(other.statusCode).toBe(200);
    answers.push(other);
    for (const answer of answers) answer.destroy();
    await until('no stream left', () => app.get(Load).streamsOpen === 0);
    const again = await open(`?after=${end}`);
    expect(again.statusCode).toBe(200);
    again.destroy();
  });
});

describe('G45 the event stream ends', () => {
  it('when the key is revoked', async () => {
    const admin = await app.asAdmin();
    const { body: key } = await admin.post('/v1/api-keys').send({ name: 'short', scopes: ['event:read'] }).expect(201);
    const answer = await openStream(app, `${PATH}?after=${await head()}`, { Authorization: `Bearer ${key.key}` });
    const ended = ends(answer);
    await admin.delete(`/v1/api-keys/${key.id}`).expect(204);
    expect(await ended).toBe(true);
    const after = await openStream(app, PATH, { Authorization: `Bearer ${key.key}` });
    expect(after.statusCode).toBe(401);
    after.destroy();
  });

  it('when its reader signs out', async () => {
    const mine = await accessToken(app);
    const ended = ends(await openStream(app, `${PATH}?after=${await head()}`, { Authorization: mine }));
    await app.http.delete('/v1/sessions/current').set('Authorization', mine).expect(204);
    expect(await ended).toBe(true);
  });

  it('when its reader loses the permission', async () => {
    const admin = await app.asAdmin();
    const password = 'the reader of the feed';
    const { body: user, headers } = await admin.post('/v1/users').send({ email: 'reader@shop.example', password, name: 'Reader', roles: ['integration'] }).expect(201);
    const session = await app.http.post('/v1/sessions').send({ email: 'reader@shop.example', password }).expect(201);
    const ended = ends(await openStream(app, `${PATH}?after=${await head()}`, { Authorization: `Bearer ${String(session.body.accessToken)}` }));
    await admin.patch(`/v1/users/${user.id}`).set('If-Match', headers['etag']!).send({ roles: ['viewer'] }).expect(200);
    expect(await ended).toBe(true);
  });

  it('when the access token expires', async () => {
    const timed = await startApp({ now: '2026-03-01T08:00:00.000Z' });
    const ended = ends(await openStream(timed, PATH, { Authorization: await accessToken(timed) }));
    timed.clock.set(new Date('2026-03-01T20:00:00.000Z'));
    expect(await ended).toBe(true);
    await timed.close();
  });

  it('G3 when the server stops, without keeping it waiting, whether its reader reads or not', async () => {
    const stopping = await startApp();
    const headers = { Authorization: await accessToken(stopping) };
    const [reads, reads2] = [ends(await openStream(stopping, PATH, headers)), openStream(stopping, PATH, headers)];
    const idle = (await reads2).on('error', () => undefined);
    const began = performance.now();
    await stopping.close();
    expect(await reads).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    idle.destroy();
  });
});
