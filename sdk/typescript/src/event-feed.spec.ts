import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, ScriptedServer, type Turn } from '../../../test/support/scripted-server.js';
import { createShuke, type EventPage, type FollowOptions } from './index.js';

let server: ScriptedServer;
beforeAll(async () => void (server = await ScriptedServer.start()));
afterAll(() => server.close());

const client = () => createShuke({ baseUrl: server.url, apiKey: 'key', retry: { tries: 2, firstPauseMillis: 1, longestPauseMillis: 2 } });

/** A log of so many events that is read as the server does it; every third request meets trouble. */
function logOf(length: () => number): Turn {
  let asked = 0;
  return (response, { url }) => {
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

async function positions(options: FollowOptions): Promise<number[]> {
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
