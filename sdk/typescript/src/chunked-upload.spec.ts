import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, ScriptedServer, type Turn } from '../../../test/support/scripted-server.js';
import { createShuke, type UploadOptions, type UploadSource } from './index.js';

let server: ScriptedServer;
beforeAll(async () => void (server = await ScriptedServer.start()));
afterAll(() => server.close());

const client = () => createShuke({ baseUrl: server.url, apiKey: 'key', retry: { tries: 2, firstPauseMillis: 1, longestPauseMillis: 2 } });
const TEXT = Array.from({ length: 500 }, (_, n) => `line ${n}\n`).join('');
const OPERATION = { id: 'o-1', kind: 'integration.look_into_file', progress: { done: 1, total: 1 }, result: null, error: null, finishedAt: '2026-01-15T08:01:00.000Z' };

/** Takes files in chunks as the server does. `trouble` may keep a part of a chunk and then break, or answer otherwise. */
class ChunkServer {
  kept = '';
  patches = 0;
  metadata = '';
  operation: object = { ...OPERATION, status: 'succeeded' };

  constructor(private readonly trouble: (patch: number) => 'cut' | 'cutAfter' | 'halfCut' | Turn | undefined = () => undefined) {}

  readonly turn: Turn = (response, { method, url, headers, body }) => {
    const answer = (status: number, json?: object) => void response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' }).end(json && JSON.stringify(json));
    const state = { id: 'u-1', receivedBytes: this.kept.length, operationId: 'o-1' };
    if (url.endsWith('/events')) return answer(404);
    if (url.startsWith('/v1/operations/')) return answer(200, this.operation);
    if (url.startsWith('/v1/uploads/')) return answer(200, { id: 'u-1', columns: ['a'] });
    if (headers['tus-resumable'] !== '1.0.0') return answer(412, { code: 'tus_version', detail: '' });
    if (method === 'POST') this.metadata = String(headers['upload-metadata']);
    if (method !== 'PATCH') return answer(method === 'POST' ? 201 : method === 'DELETE' ? 204 : 200, method === 'DELETE' ? undefined : state);
    this.patches += 1;
    if (Number(headers['upload-offset']) !== this.kept.length) return answer(409, { code: 'wrong_offset', detail: '', offset: this.kept.length });
    const trouble = this.trouble(this.patches);
    if (typeof trouble === 'object') return answer(trouble.status!, trouble.json as object);
    if (trouble !== 'cut') this.kept += trouble === 'halfCut' ? body.slice(0, body.length / 2) : body;
    if (trouble === undefined) return answer(204);
    response.destroy();
  };
}

async function sends(chunks: ChunkServer, source: UploadSource, options: UploadOptions = {}) {
  server.plays(chunks.turn);
  return client().upload(source, { name: '客户.csv', chunkBytes: 100, ...options });
}

const deletions = () => server.requests.filter(({ method }) => method === 'DELETE').length;

describe('an upload in chunks', () => {
  it.each([
    ['text', TEXT, {}],
    ['a Blob', new Blob([TEXT]), {}],
    ['a stream of known size', () => new Blob([TEXT]).stream(), { size: TEXT.length }],
  ])('of %s keeps every byte once, whatever happens to the connection', async (_, source, options) => {
    const troubles = [undefined, 'cut', 'halfCut', undefined, 'cutAfter', refusal(503, 'overloaded', { 'Retry-After': '0' })] as const;
    const chunks = new ChunkServer((patch) => troubles[patch % troubles.length]);
    const told: number[] = [];
    const { data } = await sends(chunks, source, { ...options, onProgress: ({ sentBytes }) => told.push(sentBytes) });
    expect(data).toEqual({ id: 'u-1', columns: ['a'] });
    expect(chunks.kept).toBe(TEXT);
    expect([told.at(-1), told]).toEqual([TEXT.length, told.toSorted((one, other) => one - other)]);
    expect(deletions()).toBe(0);
  });

  it('says what the file is called, and how it is to be read', async () => {
    const chunks = new ChunkServer();
    await sends(chunks, TEXT, { encoding: 'gb18030', delimiter: ';', type: 'text/csv; header=present' });
    const said = Object.fromEntries(chunks.metadata.split(',').map((pair) => pair.split(' ')).map(([name, value]) => [name, Buffer.from(value!, 'base64').toString()]));
    expect(said).toEqual({ filename: '客户.csv', filetype: 'text/csv', encoding: 'gb18030', delimiter: ';' });
  });

  it('goes on where another sender of the same came to', async () => {
    const chunks = new ChunkServer();
    server.plays((response, request) => {
      // Bytes of a broken connection that were on their way still.
      if (request.method === 'PATCH' && chunks.kept.length === 200) chunks.kept = TEXT.slice(0, 250);
      (chunks.turn as (given: typeof response, received: typeof request) => void)(response, request);
    });
    await client().upload(TEXT, { chunkBytes: 100 });
    expect(chunks.kept).toBe(TEXT);
  });

  it('a small file, and a stream of unknown size, go in one request', async () => {
    for (const source of ['a\n', () => new Blob([TEXT]).stream()]) {
      server.plays({ status: 201, json: { id: 'u-1' } });
      await client().upload(source, { chunkBytes: 100 });
      expect(server.requests.map(({ url }) => url)).toEqual(['/v1/uploads']);
    }
  });

  it('that is refused is told by the code that one request would be, and not left behind', async () => {
    const chunks = new ChunkServer();
    chunks.operation = { ...OPERATION, status: 'failed', error: { code: 'not_a_table', title: 'No table', detail: 'It is a PDF.' } };
    await expect(sends(chunks, TEXT)).rejects.toMatchObject({ name: 'ShukeProblem', status: 422, code: 'not_a_table', detail: 'It is a PDF.' });
    expect(deletions()).toBe(1);
    await expect(sends(new ChunkServer((patch) => (patch === 3 ? refusal(403, 'permission_missing') : undefined)), TEXT)).rejects.toMatchObject({ code: 'permission_missing' });
    expect(deletions()).toBe(1);
  });

  it('can be aborted, and is given up when the server is away for longer than it may', async () => {
    const controller = new AbortController();
    const aborted = sends(new ChunkServer(), TEXT, { signal: controller.signal, onProgress: ({ sentBytes }) => sentBytes >= 300 && controller.abort(new Error('enough')) });
    await expect(aborted).rejects.toThrow('enough');
    expect([deletions(), server.requests.filter(({ method }) => method === 'PATCH').length]).toEqual([1, 3]);
    await expect(sends(new ChunkServer((patch) => (patch > 2 ? 'cut' : undefined)), TEXT, { patienceMillis: 0 })).rejects.toMatchObject({ name: 'ShukeUnreachable' });
  });
});
