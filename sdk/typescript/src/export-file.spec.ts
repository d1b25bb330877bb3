import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, ScriptedServer, type Turn } from '../../../test/support/scripted-server.js';
import { createShuke } from './index.js';

let server: ScriptedServer;
beforeAll(async () => void (server = await ScriptedServer.start()));
afterAll(() => server.close());

const client = () => createShuke({ baseUrl: server.url, apiKey: 'key', retry: { tries: 2, firstPauseMillis: 1, longestPauseMillis: 2 } });
const TEXT = Array.from({ length: 2000 }, (_, n) => `${n}\n`).join('');

/** The file as the server gives it, by Range; each answer ends `after` so many bytes, as a connection that breaks does. */
function fileServer(after: (request: number) => number, isDeaf = false): Turn {
  let asked = 0;
  return (response, { url, headers }) => {
    if (!url.endsWith('/file')) return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ fileName: 'customers.csv', bytes: TEXT.length }));
    asked += 1;
    const from = isDeaf ? 0 : Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const rest = TEXT.slice(from);
    const given = rest.slice(0, after(asked));
    response.writeHead(from > 0 ? 206 : 200, { 'Content-Type': 'text/csv', 'Content-Length': rest.length });
    response.write(given, () => (given === rest ? response.end() : response.destroy()));
  };
}

const asked = () => server.requests.filter(({ url }) => url.endsWith('/file')).map(({ headers }) => headers.range);

describe('the file of an export', () => {
  it('is whole, each byte once, over connections that break anywhere', async () => {
    server.plays(fileServer((request) => request * 500));
    const { stream, bytes, fileName, contentType } = await client().exportFile('x-1');
    expect(await new Response(stream).text()).toBe(TEXT);
    expect([bytes, fileName, contentType]).toEqual([TEXT.length, 'customers.csv', 'text/csv']);
    expect(asked().length).toBeGreaterThan(3);
    expect(asked()[0]).toBeUndefined();
  });

  it('is gone on with from any byte, to its end', async () => {
    for (const from of [1, 4000, TEXT.length]) {
      server.plays(fileServer(() => 3000));
      const { stream } = await client().exportFile('x-1', { from });
      expect(await new Response(stream).text()).toBe(TEXT.slice(from));
    }
  });

  it('is not put together wrongly where something between gives no parts', async () => {
    server.plays(fileServer(() => 3000, true));
    const { stream } = await client().exportFile('x-1');
    await expect(new Response(stream).text()).rejects.toThrow();
    await expect(client().exportFile('x-1', { from: 10 })).rejects.toThrow('the bytes from 10 on were asked for');
  });

  it('ends with what does not pass, with an end before its end, with the signal, and closes its connection when nobody reads on', async () => {
    server.plays({ json: { bytes: 10 } }, refusal(409, 'export_not_ready'));
    await expect(client().exportFile('x-1')).rejects.toMatchObject({ code: 'export_not_ready' });

    const controller = new AbortController();
    server.plays(fileServer((request) => (request === 1 ? 500 : 0)));
    const { stream } = await client().exportFile('x-1', { signal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    controller.abort(new Error('enough'));
    await expect(reader.read()).rejects.toThrow('enough');

    server.plays({ json: { bytes: 10 } }, { text: 'abc' }, { status: 206, text: '' });
    const short = await client().exportFile('x-1', { patienceMillis: 20 });
    await expect(new Response(short.stream).text()).rejects.toThrow('broke off at byte 3');

    const closed = new Promise((resolve) => server.plays({ json: { bytes: TEXT.length } }, (response) => void response.once('close', resolve).writeHead(200).write(TEXT.slice(0, 10))));
    const left = await client().exportFile('x-1');
    await left.stream.cancel();
    await closed;
  });

  it('is made, waited for and opened in one', async () => {
    const operation = { id: 'x-1', status: 'succeeded', progress: { done: 9, total: 9 }, finishedAt: '2026-01-15T08:01:00.000Z' };
    const file = fileServer(() => TEXT.length) as (...given: unknown[]) => void;
    server.plays((response, request) => {
      const { method, url } = request;
      if (method === 'POST') response.writeHead(202, { 'Content-Type': 'application/json' }).end(JSON.stringify({ ...operation, finishedAt: null }));
      else if (url.endsWith('/events')) response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(`event: end\ndata: ${JSON.stringify(operation)}\n\n`);
      else file(response, request);
    });
    const told: number[] = [];
    const { id, stream } = await client().export({ resource: 'customers', format: 'csv' }, { onProgress: ({ progress }) => told.push(progress.done) });
    expect([id, told, await new Response(stream).text()]).toEqual(['x-1', [9], TEXT]);
    expect(JSON.parse(server.requests[0]!.body)).toEqual({ resource: 'customers', format: 'csv' });
  });
});
