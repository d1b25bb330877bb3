import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { refusal, ScriptedServer, type Turn } from '../../../test/support/scripted-server.js';
import { createShuke, isProblem, ShukeProblem, ShukeUnreachable, type ShukeOptions } from './index.js';

const CUSTOMER = { json: { id: 'c-1', name: '张三丰' }, headers: { ETag: '"1"', 'Event-Id': 'e-1', 'X-Request-Id': 'r-1' } };
const QUICK = { firstPauseMillis: 1, longestPauseMillis: 2 };

let server: ScriptedServer;
beforeAll(async () => void (server = await ScriptedServer.start()));
afterAll(() => server.close());

const client = (options: Partial<ShukeOptions> = {}) => createShuke({ baseUrl: `${server.url}/`, apiKey: 'key', retry: QUICK, ...options });
const keysSent = () => server.requests.map(({ headers }) => headers['idempotency-key']);
const asError = (promise: Promise<unknown>) => promise.then((value) => { throw new Error(`Not refused, but ${JSON.stringify(value)}`); }, (error: unknown) => error);

describe('a call', () => {
  it('gives the data with what the headers say', async () => {
    server.plays({ ...CUSTOMER, status: 201, headers: { ...CUSTOMER.headers, Location: '/v1/customers/c-1', 'Idempotent-Replayed': 'true' } });
    expect(await client({ language: 'zh', headers: { 'User-Agent': 'test/1' } }).call('createCustomer', { body: { name: '张三丰' } })).toEqual({
      data: CUSTOMER.json, status: 201, etag: '"1"', eventId: 'e-1', requestId: 'r-1', location: '/v1/customers/c-1', replayed: true,
    });
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/v1/customers', body: '{"name":"张三丰"}', headers: { authorization: 'Bearer key', 'accept-language': 'zh', 'user-agent': 'test/1' } });
  });

  it('gives nothing for 204', async () => {
    server.plays((response) => response.writeHead(204, { 'Event-Id': 'e-2' }).end());
    expect(await client().call('deleteUpload', { id: 'u-1' })).toMatchObject({ data: undefined, status: 204, eventId: 'e-2' });
  });

  it('throws what the server refuses as an error to narrow by its code', async () => {
    server.plays({ status: 422, json: { title: 'Invalid', status: 422, code: 'invalid_request', detail: 'The name is too long.', errors: [{ pointer: '/name', code: 'too_long', detail: 'At most 200.' }], requestId: 'r-9' } });
    const error = await asError(client().call('createCustomer', { body: {} }));
    expect(error).toBeInstanceOf(ShukeProblem);
    expect(error).toMatchObject({ status: 422, code: 'invalid_request', requestId: 'r-9', retryAfter: undefined, errors: [{ pointer: '/name' }], message: 'invalid_request (422): The name is too long.' });
    expect([isProblem(error), isProblem(error, 'invalid_request'), isProblem(error, 'other'), isProblem(new Error('invalid_request'))]).toEqual([true, true, false, false]);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Turn, number]>([
    ['a proxy in its own words', { status: 500, headers: { 'Content-Type': 'text/html' }, text: '<html><h1>Oops</h1> nginx</html>' }, 500],
    ['a web page where the API should be', { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, text: '<h1>Oops</h1>' }, 200],
  ])('says so when %s answers', async (_, turn, status) => {
    server.plays(turn);
    expect(await asError(client().call('getCustomer', { id: 'c-1' }))).toMatchObject({ code: 'unexpected_answer', status, detail: expect.stringContaining('It says: Oops') });
  });
});

describe('trying again', () => {
  it.each<[string, Turn]>([
    ['429', refusal(429, 'too_many_requests', { 'Retry-After': '0' })],
    ['503', refusal(503, 'unavailable', { 'Retry-After': '0' })],
    ['502 of a proxy', { status: 502, text: 'Bad gateway' }],
    ['504 of a proxy', { status: 504, text: 'Late' }],
    ['its own first request still at work', refusal(409, 'idempotency_in_progress', { 'Retry-After': '0' })],
    ['a connection that breaks', 'cut'],
    ['a connection that breaks in the middle of the answer', (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
      response.write('{"id":', () => response.destroy());
    }],
  ])('outlasts %s, under one and the same key', async (_, turn) => {
    server.plays(turn, turn, CUSTOMER);
    expect((await client().call('createCustomer', { body: {} })).data).toEqual(CUSTOMER.json);
    expect(server.requests).toHaveLength(3);
    expect(new Set(keysSent()).size).toBe(1);
    expect(keysSent()[0]).toBeDefined();
  });

  it('takes the caller\'s own key', async () => {
    server.plays('cut', CUSTOMER);
    await client().call('createCustomer', { idempotencyKey: 'mine', body: {} });
    expect(keysSent()).toEqual(['mine', 'mine']);
  });

  it.each<[string, Turn]>([['503', refusal(503, 'unavailable', { 'Retry-After': '0' })], ['a broken connection', 'cut']])(
    'is never done, after %s, for a POST that the server does not key', async (_, turn) => {
      server.plays(turn);
      await asError(client().call('verifyAudit'));
      await asError(client({ apiKey: undefined }).call('createSession', { body: { email: 'a@b.example', password: 'x' } }));
      expect(server.requests).toHaveLength(2);
      expect(keysSent()).toEqual([undefined, undefined]);
    },
  );

  it.each([400, 401, 403, 404, 409, 412, 422, 500])('is never done after %i', async (status) => {
    server.plays(refusal(status, 'no'));
    expect(await asError(client().call('getCustomer', { id: 'c-1' }))).toMatchObject({ status, code: 'no' });
    expect(server.requests).toHaveLength(1);
  });

  it('ends after the tries it may make, with what was said last', async () => {
    server.plays(refusal(503, 'starting'), refusal(503, 'overloaded'));
    expect(await asError(client({ retry: { ...QUICK, tries: 2 } }).call('getMe'))).toMatchObject({ code: 'overloaded' });
    expect(server.requests).toHaveLength(2);
  });

  it('is not even waited for where the server asks for more patience than the deadline leaves', async () => {
    server.plays(refusal(429, 'locked', { 'Retry-After': '900' }));
    expect(await asError(client().call('getMe'))).toMatchObject({ code: 'locked', retryAfter: 900 });
    expect(server.requests).toHaveLength(1);
  });

  it('a server that never answers is given up at the deadline, and the connection is closed', async () => {
    const closed = new Promise((resolve) => server.plays((response) => void response.once('close', resolve)));
    const error = await asError(client().call('getMe', {}, { deadlineMillis: 30 }));
    expect(error).toBeInstanceOf(ShukeUnreachable);
    expect(error).toMatchObject({ neverSent: false, message: 'GET /v1/me was not answered in time.' });
    await closed;
  });

  it('can be aborted: in a request, in a pause, and before', async () => {
    const enough = new Error('enough');
    const controller = new AbortController();
    server.plays(() => controller.abort(enough));
    expect(await asError(client().call('getMe', {}, { signal: controller.signal }))).toBe(enough);
    expect(await asError(client().call('getMe', {}, { signal: controller.signal }))).toBe(enough);
    expect(server.requests).toHaveLength(1);

    const later = new AbortController();
    server.plays((response) => {
      response.writeHead(503, { 'Retry-After': '50' }).end();
      response.once('close', () => later.abort(enough));
    });
    expect(await asError(client().call('getMe', {}, { signal: later.signal }))).toBe(enough);
  });

  it('nobody listening is told apart from an answer that was lost', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const error = await asError(client({ baseUrl: `http://127.0.0.1:${port}`, retry: { ...QUICK, tries: 2 } }).call('verifyAudit'));
    expect(error).toMatchObject({ name: 'ShukeUnreachable', neverSent: true, message: expect.stringContaining('ECONNREFUSED') });
    server.plays('cut');
    expect(await asError(client().call('verifyAudit'))).toMatchObject({ name: 'ShukeUnreachable', neverSent: false });
  });
});

describe('tokens', () => {
  let valid: string;
  let made: number;
  const tokens = () => {
    made += 1;
    valid = `access-${made}`;
    return { sessionId: 's', sessionExpiresAt: '', accessToken: valid, accessTokenExpiresAt: '', refreshToken: `refresh-${made}` };
  };
  const gate: Turn = (response, { url, headers, body }) => {
    const answer = (status: number, json: object) => response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' }).end(JSON.stringify(json));
    const refuse = (code: string) => answer(401, { code, detail: code, title: code, status: 401 });
    if (url === '/v1/sessions') return answer(201, tokens());
    if (url === '/v1/sessions/refresh') return body.includes(`"refresh-${made}"`) ? answer(200, tokens()) : refuse('invalid_refresh_token');
    return headers.authorization === `Bearer ${valid}` ? answer(200, { id: 'me' }) : refuse('invalid_token');
  };
  const asked = (url: string) => server.requests.filter((request) => request.url === url).length;

  beforeEach(() => {
    made = 0;
    valid = 'none yet';
    server.plays(gate);
  });

  it('are got by signing in when first needed, and renewed once for however many requests meet a refused one', async () => {
    const shuke = client({ apiKey: undefined, signIn: { email: 'mei@shop.example', password: 'secret' } });
    await shuke.call('getMe');
    valid = 'run out';
    await Promise.all(Array.from({ length: 20 }, () => shuke.call('getMe')));
    expect([asked('/v1/sessions'), asked('/v1/sessions/refresh')]).toEqual([1, 1]);
  });

  it('a session that has ended is begun again', async () => {
    const shuke = client({ apiKey: undefined, signIn: { email: 'mei@shop.example', password: 'secret' } });
    await shuke.call('getMe');
    made += 5;
    valid = 'run out';
    await shuke.call('getMe');
    expect([asked('/v1/sessions'), asked('/v1/sessions/refresh')]).toEqual([2, 1]);
  });

  it('a session from before goes on, and its new tokens are kept before they are used', async () => {
    made = 7;
    valid = 'run out';
    const kept: string[] = [];
    const shuke = client({ apiKey: undefined, session: { accessToken: 'old', refreshToken: 'refresh-7', onTokens: ({ refreshToken }) => void kept.push(`${refreshToken} after ${asked('/v1/me')}`) } });
    await shuke.call('getMe');
    expect(kept).toEqual(['refresh-8 after 1']);
  });

  it('a session that cannot be renewed says so', async () => {
    const shuke = client({ apiKey: undefined, session: { accessToken: 'old', refreshToken: 'spent', onTokens: () => undefined } });
    expect(await asError(shuke.call('getMe'))).toMatchObject({ status: 401, code: 'invalid_refresh_token' });
    expect(asked('/v1/sessions/refresh')).toBe(1);
  });

  it('a refused API key is not sent twice', async () => {
    expect(await asError(client().call('getMe'))).toMatchObject({ code: 'invalid_token' });
    expect(asked('/v1/me')).toBe(1);
  });

  it('a stream, which can be sent once only, is not begun with a token that has run out', async () => {
    const shuke = client({ apiKey: undefined, signIn: { email: 'mei@shop.example', password: 'secret' } });
    await shuke.call('getMe');
    valid = 'run out';
    await shuke.upload(new Blob(['a,b\n']).stream(), { name: 'a.csv' });
    expect(server.requests.filter(({ url }) => url.startsWith('/v1/uploads')).map(({ body }) => body)).toEqual(['a,b\n']);
  });

  it('two ways to sign in are one too many', () => {
    expect(() => client({ signIn: { email: '', password: '' } })).toThrow('Give one of');
  });
});

describe('a list', () => {
  const page = (data: number[], nextCursor: string | null) => ({ json: { data, page: { nextCursor, hasMore: nextCursor !== null } } });

  it('is read to its end, page by page as they are needed, with an empty one among them', async () => {
    server.plays(page([1, 2], 'c1'), page([], 'c2'), page([3], null));
    const found: unknown[] = [];
    for await (const item of client().each('listCustomers', { tagsAny: ['vip'] })) found.push(item);
    expect(found).toEqual([1, 2, 3]);
    expect(server.requests.map(({ url }) => url)).toEqual(['/v1/customers?tagsAny=vip', '/v1/customers?cursor=c1&tagsAny=vip', '/v1/customers?cursor=c2&tagsAny=vip']);
  });

  it('is not read further than the loop goes', async () => {
    server.plays(page([1, 2], 'c1'));
    for await (const item of client().each('listCustomers')) if (item) break;
    expect(server.requests).toHaveLength(1);
  });

  it('a page that fails for a moment is asked for again', async () => {
    server.plays(page([1], 'c1'), refusal(503, 'overloaded', { 'Retry-After': '0' }), 'cut', page([2], null));
    const pages: unknown[] = [];
    for await (const { data } of client().pages('listOrders')) pages.push(data);
    expect(pages).toEqual([[1], [2]]);
  });
});

describe('an update', () => {
  const version = (number: number) => ({ json: { id: 'p-1', version: number, category: `of ${number}` }, headers: { ETag: `"${number}"` } });

  it('changes just the version it read, and reads again when somebody else was faster', async () => {
    server.plays(version(3), refusal(412, 'version_conflict'), version(4), version(5));
    const seen: number[] = [];
    const { data } = await client().update('Product', 'p-1', (product) => (seen.push(product.version), { category: 'tea' }));
    expect(data.version).toBe(5);
    expect(seen).toEqual([3, 4]);
    expect(server.requests.map(({ method, headers }) => [method, headers['if-match']])).toEqual([['GET', undefined], ['PATCH', '"3"'], ['GET', undefined], ['PATCH', '"4"']]);
  });

  it('leaves what need not change', async () => {
    server.plays(version(3));
    expect((await client().update('Product', 'p-1', () => undefined)).data.version).toBe(3);
    expect(server.requests).toHaveLength(1);
  });

  it('gives up when others are always faster', async () => {
    server.plays((response, { method }) => {
      if (method === 'GET') response.writeHead(200, { 'Content-Type': 'application/json', ETag: '"3"' }).end('{}');
      else response.writeHead(412, { 'Content-Type': 'application/problem+json' }).end('{"code":"version_conflict","detail":"."}');
    });
    expect(await asError(client().update('Product', 'p-1', () => ({ category: 'tea' })))).toMatchObject({ status: 412 });
    expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(5);
  });
});

describe('a file', () => {
  it('is read as it comes', async () => {
    server.plays({ text: 'a,b\n', headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="problems.csv"' } });
    const { stream, contentType, fileName } = await client().download('getMonths', { format: 'csv' });
    expect([await new Response(stream).text(), contentType, fileName]).toEqual(['a,b\n', 'text/csv; charset=utf-8', 'problems.csv']);
  });

  it('that never ends is cut by the signal', async () => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => server.plays((response) => {
      response.once('close', resolve).writeHead(200, { 'Content-Type': 'text/csv' }).write('a');
    }));
    const { stream } = await client().download('downloadImportProblems', { id: 'i-1' }, { signal: controller.signal });
    const reading = new Response(stream).text();
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await closed;
  });
});

describe('an upload', () => {
  const UPLOADED = { status: 201, json: { id: 'u-1' } };

  it('tells how far it is, and is sent again from the start under its key', async () => {
    server.plays('cut', UPLOADED);
    const told: [number, number | undefined][] = [];
    const { data } = await client().upload(new Blob(['名,b\n1,2\n']), { name: '客户 1.csv', onProgress: ({ sentBytes, totalBytes }) => told.push([sentBytes, totalBytes]) });
    expect(data.id).toBe('u-1');
    expect(told).toEqual([[10, 10], [10, 10]]);
    expect(server.requests.map(({ url, body, headers }) => [url, body, headers['content-type']])).toEqual(Array(2).fill(['/v1/uploads?name=%E5%AE%A2%E6%88%B7%201.csv', '名,b\n1,2\n', 'text/csv']));
    expect(new Set(keysSent()).size).toBe(1);
  });

  it.each([
    ['text', 'a\n', 'x.tsv', 'text/tab-separated-values'],
    ['bytes', new TextEncoder().encode('a\n'), 'x.csv.gz', 'application/gzip'],
    ['a function that opens a stream', () => new Blob(['a\n']).stream(), 'x.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['a stream', new Blob(['a\n']).stream(), 'X.NDJSON', 'application/x-ndjson'],
    ['a File, under its own name', new File(['a\n'], 'y.txt'), undefined, 'text/plain'],
  ])('takes %s', async (_, source, name, type) => {
    server.plays(UPLOADED);
    await client().upload(source, { name });
    expect(server.requests.at(-1)).toMatchObject({ body: 'a\n', headers: { 'content-type': type } });
  });

  it('a stream that was sent in part is not sent again', async () => {
    server.plays({ json: { id: 'me' } }, 'cut');
    expect(await asError(client().upload(new Blob(['a\n']).stream()))).toBeInstanceOf(ShukeUnreachable);
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
