import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, ScriptedServer, type Turn } from '../../../test/support/scripted-server.js';
import { createShuke, EventsForgotten, isProblem, type EventPage, type FollowOptions } from './index.js';

let server: ScriptedServer;
beforeAll(async () => void (server = await ScriptedServer.start()));
afterAll(() => server.close());

const client = () => createShuke({ baseUrl: server.url, apiKey: 'key', retry: { tries: 2, firstPauseMillis: 1, longestPauseMillis: 2 } });

/** A log of so many events that is read as the server does it; every third request meets trouble. It has no stream. */
function logOf(length: () => number): Turn {
  let asked = 0;
  return (response, { url }) => {
    if (url.startsWith('/v1/events/stream')) return void response.writeHead(404).end();
    asked += 1;
    if (asked % 3 === 0) return void response.destroy();
    if (asked % 7 === 0) return void response.writeHead(503, { 'Retry-After': '0' }).end();
    const query = new URL(url, server.url).searchParams;
    const [after, limit] = [Number(query.get('after')), Number(query.get('limit') ?? 50)];
    const positions = Array.from({ length: Math.min(limit, length() - after) }, (_, index) => after + index + 1);
    const wanted = positions.filter((position) => query.get('types') === null || position % 10 === 0);
    const nextAfter = positions.at(-1) ?? after;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ data: wanted.map((position) => ({ id: `e-${position}`, position, type: 't.v1' })), page: { nextAfter, hasMore: nextAfter < length() } }));
  };
}

async function positions(options: FollowOptions<string>): Promise<number[]> {
  const found: number[] = [];
  for await (const { position } of client().events(options)) found.push(position);
  return found;
}

describe('the event feed', () => {
  it('gives every event once and in order, whatever happens to the connection', async () => {
    server.plays(logOf(() => 1000));
    expect(await positions({ follow: false, limit: 7 })).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  });

  it('goes on from the cursor of a reader that stopped anywhere', async () => {
    server.plays(logOf(() => 100));
    const found: number[] = [];
    for (let after = 0, stop = 1; after < 100; stop += 3) {
      const feed = client().events({ after, follow: false, limit: 5 });
      for await (const { position } of feed) {
        found.push(position);
        if (found.length % stop === 0) break;
      }
      after = feed.cursor;
    }
    expect(found).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('waits at the end for what comes', async () => {
    let length = 3;
    server.plays(logOf(() => length));
    const controller = new AbortController();
    const found: number[] = [];
    const following = (async () => {
      for await (const { position } of client().events({ pollMillis: 1, signal: controller.signal })) {
        found.push(position);
        if (position === length) length += 2;
        if (position === 9) controller.abort(new Error('enough'));
      }
    })();
    await expect(following).rejects.toThrow('enough');
    expect(found).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('moves its cursor over events that were not asked for', async () => {
    server.plays(logOf(() => 25));
    const feed = client().events({ types: ['a', 'b'], follow: false, limit: 10 });
    const found: [number, number][] = [];
    for await (const { position } of feed) found.push([position, feed.cursor]);
    expect([found, feed.cursor]).toEqual([[[10, 10], [20, 20]], 25]);
    expect(server.requests[0]!.url).toBe('/v1/events?after=0&types=a,b&limit=10');
  });

  it('can be read by the page', async () => {
    server.plays(logOf(() => 5));
    const pages: EventPage[] = [];
    for await (const page of client().events({ follow: false, limit: 2 }).pages()) pages.push(page);
    expect(pages.map(({ events, cursor }) => [events.map(({ position }) => position), cursor])).toEqual([[[1, 2], 2], [[3, 4], 4], [[5], 5]]);
  });

  it('ends with what does not pass, and with a server that is away for longer than it may', async () => {
    server.plays(refusal(403, 'forbidden'));
    await expect(positions({})).rejects.toMatchObject({ code: 'forbidden' });
    server.plays('cut');
    await expect(positions({ patienceMillis: 20 })).rejects.toMatchObject({ name: 'ShukeUnreachable' });
  });
});

describe('the stream of events', () => {
  const event = (position: number) => ({ id: `e-${position}`, position, type: 't.v1' });
  const frame = (position: number) => `id: ${position}\nevent: t.v1\ndata: ${JSON.stringify(event(position))}\n\n`;
  const page = (positions: number[], nextAfter: number): Turn => ({ json: { data: positions.map(event), page: { nextAfter, hasMore: false } } });
  /** Tells this, then ends as the server does, or breaks, or stays open. */
  const tells = (text: string, then: 'ends' | 'breaks' | 'stays' = 'ends'): Turn => (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`retry: 3000\n${text}`, () => void (then === 'ends' ? response.end() : then === 'breaks' && response.destroy()));
  };
  const streams = () => server.requests.filter(({ url }) => url.startsWith('/v1/events/stream'));

  /** Follows until `count` events were given. */
  async function heard(count: number, ...turns: Turn[]): Promise<{ readonly found: number[]; readonly cursor: number }> {
    server.plays(...turns);
    const found: number[] = [];
    const feed = client().events<string>({ pollMillis: 1 });
    for await (const { position } of feed) {
      found.push(position);
      if (found.length === count) break;
    }
    return { found, cursor: feed.cursor };
  }

  it('S154 tells what comes after what was, and is come back to by Last-Event-ID', async () => {
    const { found } = await heard(6, page([1, 2], 2), tells(frame(3) + frame(4), 'breaks'), page([], 4), tells(frame(5)), page([6], 6));
    expect(found).toEqual([1, 2, 3, 4, 5, 6]);
    expect(streams().map(({ headers }) => headers['last-event-id'])).toEqual(['2', '4']);
  });

  it('S154 gives nothing twice that is told twice, nor half of what broke off', async () => {
    const { found } = await heard(4, page([1, 2], 2), tells(frame(2) + frame(3) + frame(4).slice(0, 20), 'breaks'), page([4], 4), tells(frame(4) + frame(5)));
    expect(found).toEqual([1, 2, 3, 4]);
  });

  it('moves the cursor over what it was told was looked through', async () => {
    const { found } = await heard(1, page([], 0), tells(': still here\nid: 900\n\n', 'breaks'), page([], 900), tells(frame(901)));
    expect(found).toEqual([901]);
    expect([streams()[1]!.headers['last-event-id'], server.requests[2]!.url]).toEqual(['900', '/v1/events?after=900&limit=200']);
  });

  it('is done without where it cannot be had', async () => {
    for (const none of [refusal(404, 'no_streams_here'), refusal(429, 'too_many_streams'), 'cut' as const, { text: 'a page of a proxy' }]) {
      const { found } = await heard(2, page([1], 1), none, page([2], 2));
      expect(found).toEqual([1, 2]);
      expect(streams()).toHaveLength(1);
    }
    server.plays(page([1], 1), page([], 1), page([2], 2));
    const found: number[] = [];
    for await (const { position } of client().events({ stream: false, pollMillis: 1 })) if (found.push(position) === 2) break;
    expect([found, streams()]).toEqual([[1, 2], []]);
  });

  it.each(['abort', 'break'] as const)('closes its connection by %s', async (leave) => {
    const stays = tells(frame(2), 'stays') as (response: ServerResponse) => void;
    const closed = new Promise((resolve) => server.plays(page([1], 1), (response) => {
      response.once('close', resolve);
      stays(response);
    }));
    const controller = new AbortController();
    const following = (async () => {
      for await (const { position } of client().events({ signal: controller.signal })) {
        if (position < 2) continue;
        if (leave === 'break') break;
        // When nothing more comes.
        setImmediate(() => controller.abort(new Error('enough')));
      }
    })();
    if (leave === 'break') await following;
    else await expect(following).rejects.toThrow('enough');
    await closed;
  });

  it('S154 ends with a typed error where events are not kept any more', async () => {
    server.plays(page([1], 1), tells(''), { status: 410, json: { title: 'Gone', status: 410, code: 'events_forgotten', detail: 'Not kept.', beginsAfter: 4711, requestId: 'r' } });
    const error: unknown = await positions({ pollMillis: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EventsForgotten);
    expect([(error as EventsForgotten).beginsAfter, isProblem(error, 'events_forgotten')]).toEqual([4711, true]);
  });
});
