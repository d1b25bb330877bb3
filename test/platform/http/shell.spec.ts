import { randomUUID } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { drain } from '../../../src/platform/http/drain.js';
import { Load } from '../../../src/platform/http/load.js';
import { startApp, type Http, type TestApp } from '../../support/app.js';
import { until } from '../../support/until.js';
import { ForgottenModule, PROBE_TABLE, ProbeModule } from './probe.module.js';

let app: TestApp;
let admin: Http;
const lines: string[] = [];

beforeAll(async () => {
  app = await startApp({ modules: [ProbeModule], log: { write: (line) => void lines.push(line) }, config: { STATEMENT_TIMEOUT_MS: '300' } });
  await app.asOwner(PROBE_TABLE);
  admin = await app.asAdmin();
});
afterAll(() => app.close());

function lastLine(message: string): Record<string, unknown> {
  const line = lines.map((text) => JSON.parse(text) as Record<string, unknown>).findLast(({ msg }) => msg === message);
  if (!line) throw new Error(`nothing logged "${message}"`);
  return line;
}

describe('problems', () => {
  it('are problem+json with a page, a code and the id of the request', async () => {
    const answer = await admin.get(`/v1/probes/${randomUUID()}`).set('X-Request-Id', 'order-import-7');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['x-request-id']).toBe('order-import-7');
    expect(answer.body).toMatchObject({ type: '/docs/problems#not_found', status: 404, code: 'not_found', title: 'Not found', requestId: 'order-import-7' });
  });

  it('come in Chinese to those who prefer it', async () => {
    const answer = await admin.get('/v1/probes/none').set('Accept-Language', 'en;q=0.5, zh-CN');
    expect(answer.headers['content-language']).toBe('zh');
    expect(answer.body).toMatchObject({ code: 'invalid_id', title: '无法理解该请求' });
  });

  it('list every wrong field by JSON pointer', async () => {
    const answer = await admin.post('/v1/probes').send({ count: 1001, inner: [{ word: 'fine' }, { word: 'far too long a word', colour: 'red' }], 'a/b': 1 });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('validation_failed');
    expect(answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`).sort()).toEqual([
      '/a~1b unknown_name',
      '/count max',
      '/inner/1/colour unknown_name',
      '/inner/1/word max_length',
      '/name required',
    ]);
  });

  it('refuse an unknown name of the query', async () => {
    const answer = await admin.get('/v1/probes?limit=5&colour=red');
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '?colour', code: 'unknown_name' }] });
  });

  it.each([
    ['sql', 500, 'internal'],
    ['unforeseen', 500, 'internal'],
    ['value', 422, 'value_refused'],
    ['timeout', 503, 'took_too_long'],
    ['away', 503, 'database_unavailable'],
    ['twin', 409, 'already_exists'],
  ])('tell nothing of what broke inside: %s', async (how, status, code) => {
    const answer = await app.http.get(`/v1/probes/broken?how=${how}`);
    expect(answer.body).toMatchObject({ status, code });
    expect(answer.text).not.toMatch(/secret|no_such_table|10\.1\.2\.3|a@b\.c|\bat \/|\.ts|\.js/);
    if (status === 503) expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });

  it('leave the stack of an unforeseen error in the log, under the same request id', async () => {
    const answer = await app.http.get('/v1/probes/broken?how=unforeseen');
    expect(lastLine('unforeseen error')).toMatchObject({ requestId: answer.body.requestId, err: { message: 'the secret is 42', stack: expect.stringContaining('probe.module') } });
  });

  it('tell a wrong method (405, with Allow) from a wrong address (404)', async () => {
    const wrongMethod = await admin.put('/v1/probes');
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers['allow']).toBe('GET, HEAD, POST');
    const nowhere = await admin.get('/v1/nowhere');
    expect(nowhere.body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('answer what is no HTTP in the same form', async () => {
    const text = await raw('BREW /coffee SPDY/9\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json.*"code":"malformed"/s);
  });

  it('answer a broken percent-encoding in the same form', async () => {
    const answer = await app.http.get('/v1/%E4%ZZ');
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' });
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_address' });
    expect((await app.http.get(`/v1/probes/${'x'.repeat(501)}`)).body).toMatchObject({ status: 414, code: 'invalid_address' });
  });
});

describe('the door', () => {
  it('asks who it is before it looks at the body (G23)', async () => {
    const answer = await app.http.post('/v1/probes').set('Content-Type', 'application/json').send('{ not json');
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['a NUL in a text', '{"name":"a\\u0000b"}', 400, 'invalid_text'],
    ['half of a surrogate pair', '{"name":"\\ud83d"}', 400, 'invalid_text'],
    ['a NUL in a name', '{"name":"x","a\\u0000":1}', 400, 'invalid_text'],
    ['__proto__', '{"name":"x","__proto__":{"admin":true}}', 400, 'invalid_name'],
    ['constructor', '{"name":"x","constructor":{"name":"Object"}}', 400, 'invalid_name'],
    ['a number beyond all numbers', '{"name":"x","count":1e400}', 400, 'invalid_number'],
    ['broken JSON', '{"name":', 400, 'invalid_json'],
    ['a list where an object belongs', '[]', 400, 'validation_failed'],
    ['null', 'null', 400, 'validation_failed'],
    ['51 levels', `{"name":"x","inner":${'['.repeat(51)}${']'.repeat(51)}}`, 413, 'too_deep'],
    ['100,000 levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 413, 'too_deep'],
    ['10,001 items', `{"name":"x","inner":[${Array(10_001).fill('1').join(',')}]}`, 413, 'too_deep'],
    ['more than 1 MB', JSON.stringify({ name: 'x'.repeat(1_100_000) }), 413, 'body_too_large'],
  ])('refuses %s', async (_, body, status, code) => {
    const answer = await admin.post('/v1/probes').set('Content-Type', 'application/json').send(body);
    expect(answer.body).toMatchObject({ status, code });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const answer = await admin.post('/v1/probes').set('Content-Type', 'application/json').serialize((body: unknown) => body as string).send(Buffer.from('{"name":"\xff"}', 'latin1') as unknown as object);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_json' });
  });

  it.each([
    ['/v1/probes?cursor=%00', 400],
    ['/v1/probes?limit=0', 400],
    ['/v1/probes?limit=201', 400],
    ['/v1/probes?limit=1e3', 400],
    ['/v1/probes?__proto__=1', 400],
  ])('refuses the query of %s', async (path, status) => {
    expect((await admin.get(path)).status).toBe(status);
  });

  it.each([['text/plain'], ['application/x-www-form-urlencoded'], ['application/json; charset=gbk'], ['multipart/form-data; boundary=x']])('refuses a body as %s', async (type) => {
    const answer = await admin.post('/v1/probes').set('Content-Type', type).send('name=x');
    expect(answer.body).toMatchObject({ status: 415, code: 'unsupported_content_type' });
  });

  it('refuses compressed JSON, which may unfold to anything', async () => {
    const answer = await admin.post('/v1/probes').set('Content-Type', 'application/json').set('Content-Encoding', 'gzip').send('{"name":"x"}');
    expect(answer.status).toBe(415);
  });

  it('streams an upload to its route, compressed or not, and refuses other types there', async () => {
    const csv = 'a,b\n'.repeat(500_000);
    expect((await admin.post('/v1/probes/upload').set('Content-Type', 'text/csv; charset=utf-8').send(csv)).body).toEqual({ bytes: 2_000_000, type: 'text/csv', encoding: null });
    expect((await admin.post('/v1/probes/upload').set('Content-Type', 'text/csv').set('Content-Encoding', 'gzip').send('abc')).body).toMatchObject({ encoding: 'gzip', bytes: 3 });
    expect((await admin.post('/v1/probes/upload').send({ a: 1 })).status).toBe(415);
  });

  it('refuses an upload of more than 50 MB before reading it', async () => {
    const answer = await raw(`POST /v1/probes/upload HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer()}\r\nContent-Type: text/csv\r\nContent-Length: 60000000\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*body_too_large/s);
  });

  it('says what it allows', async () => {
    expect((await admin.get('/v1/limits')).body).toMatchObject({ bodyBytes: 1_048_576, uploadBytes: 52_428_800, bodyDepth: 50, bodyMembers: 10_000, maxPageSize: 200, statementTimeout: 'PT0.3S' });
  });

  it('sends the protective headers with every answer, errors too', async () => {
    for (const path of ['/v1/limits', '/v1/nowhere', '/health/live']) {
      const { headers } = await app.http.get(path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-security-policy': expect.stringContaining("frame-ancestors 'none'") });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
    }
  });

  it('takes over a request id that is one, and makes its own otherwise', async () => {
    expect((await app.http.get('/health/live').set('X-Request-Id', 'my-request:12.3')).headers['x-request-id']).toBe('my-request:12.3');
    const made = (await app.http.get('/health/live').set('X-Request-Id', 'x" injected')).headers['x-request-id'];
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });
});

describe('the log', () => {
  it('has one line a request: pattern, status, time, actor, trace, and nothing the caller sent', async () => {
    const id = randomUUID();
    const before = lines.length;
    await admin.get(`/v1/probes/${id}?secret=13800138000`).set('traceparent', `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`);
    const added = lines.slice(before);
    expect(added).toHaveLength(1);
    expect(lastLine('request')).toMatchObject({ method: 'GET', route: '/v1/probes/:id', status: 404, ms: expect.any(Number), actor: expect.any(String), trace: 'ab'.repeat(16) });
    expect(added[0]).not.toMatch(/13800138000|Bearer/);
    expect(added[0]).not.toContain(id);
  });
});

describe('the count of requests in work', () => {
  it('comes back to nothing after answers, refusals and clients that went away', async () => {
    const gone = Array.from({ length: 10 }, async () => {
      const request = http.get(`${app.url}/v1/probes/slow?ms=300`).on('error', () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      request.destroy();
    });
    await Promise.all([...gone, app.http.get('/v1/%E4%ZZ'), app.http.get('/v1/nowhere'), raw('NOISE\r\n\r\n')]);
    await until('no request in work', () => app.get(Load).requestsInWork === 0, 2);
    expect(lines.filter((line) => line.includes('"status":499'))).toHaveLength(10);
  });
});

describe('the documentation page', () => {
  it('serves the contract from this server alone, under its own policy', async () => {
    expect((await app.http.get('/docs')).headers['location']).toBe('/docs/');
    const page = await app.http.get('/docs/');
    expect([page.status, page.headers['content-type'], page.headers['x-content-type-options']]).toEqual([200, 'text/html; charset=utf-8', 'nosniff']);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect((await app.http.get('/docs/openapi.yaml')).text).toMatch(/^openapi: 3\.1\.0\n/);
    expect((await app.http.get('/docs/swagger-ui-init.js')).text).toContain('"./openapi.yaml"');
    expect((await app.http.get('/docs/problems')).text).toContain('id="version_conflict"');
  });

  it('is not there in production unless asked for (G50)', async () => {
    const closed = await startApp({ config: { DOCS: 'false' } });
    for (const path of ['/docs', '/docs/', '/docs/openapi.yaml']) expect((await closed.http.get(path)).status).toBe(404);
    await closed.close();
  });
});

describe('versions', () => {
  it('are demanded, compared and counted on (G35)', async () => {
    const made = await admin.post('/v1/probes').send({ name: 'first' });
    expect(made.status).toBe(201);
    expect(made.headers).toMatchObject({ etag: '"1"', location: `/v1/probes/${made.body.id}` });
    const path = made.headers['location']!;

    expect((await admin.patch(path).send({ name: 'second' })).body).toMatchObject({ status: 428, code: 'if_match_required' });
    expect((await admin.patch(path).set('If-Match', 'W/"1"').send({ name: 'second' })).body).toMatchObject({ status: 400, code: 'invalid_if_match' });
    const changed = await admin.patch(path).set('If-Match', '"1"').set('Content-Type', 'application/merge-patch+json').send('{"name":"second"}');
    expect([changed.status, changed.headers['etag']]).toEqual([200, '"2"']);
    expect((await admin.patch(path).set('If-Match', '"1"').send({ name: 'third' })).body).toMatchObject({ status: 412, code: 'version_conflict' });

    const read = await admin.get(path);
    expect([read.body.name, read.headers['etag'], read.headers['content-type']]).toEqual(['second', '"2"', 'application/json; charset=utf-8']);
    const again = await admin.get(path).set('If-None-Match', '"1", W/"2"');
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', '"2"']);
  });

  it('let one of eight writers win', async () => {
    const { headers } = await admin.post('/v1/probes').send({ name: 'contested' });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => admin.patch(headers['location']!).set('If-Match', '"1"').send({ name: `writer ${i}` })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(7);
  });
});

describe('pages', () => {
  it('follow each other without gap or double, and know a cursor of another list', async () => {
    for (let i = 0; i < 5; i += 1) await admin.post('/v1/probes').send({ name: `listed ${i}` });
    const all = (await admin.get('/v1/probes?limit=200')).body.data.map(({ id }: { id: string }) => id);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await admin.get(`/v1/probes?limit=2${cursor}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      if (!body.page.hasMore) break;
      cursor = `&cursor=${body.page.nextCursor}`;
    }
    expect(seen).toEqual(all);
    const users = await admin.get('/v1/users?limit=1');
    const foreign = users.body.page.nextCursor ?? 'AAAA';
    expect((await admin.get(`/v1/probes?cursor=${foreign}`)).body).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });
});

describe('what start-up refuses', () => {
  it('a route that does not say who may call it', async () => {
    await expect(startApp({ modules: [ForgottenModule] })).rejects.toThrow(/ForgottenController\.get says nothing\. Add @RequirePermission/);
  });
});

describe('too much at once', () => {
  let small: TestApp;
  beforeAll(async () => {
    small = await startApp({ modules: [ProbeModule], config: { MAX_CONCURRENT_REQUESTS: '8' } });
  });
  afterAll(() => small.close());

  it('is told to come back, while probes are still answered (G48)', async () => {
    const held = Array.from({ length: 8 }, () => small.http.get('/v1/probes/slow?ms=400').then(({ status }) => status));
    await new Promise((resolve) => setTimeout(resolve, 150));
    const refused = await small.http.get('/v1/probes/slow?ms=0');
    expect(refused.body).toMatchObject({ status: 503, code: 'busy' });
    expect(refused.headers['retry-after']).toBe('1');
    expect((await small.http.get('/health/live')).status).toBe(200);
    expect(await Promise.all(held)).toEqual(Array(8).fill(200));
    expect((await small.http.get('/v1/probes/slow?ms=0')).status).toBe(200);
  });
});

describe('behind a proxy, for a front end elsewhere', () => {
  let placed: TestApp;
  const address = async () => (await placed.asOwner<{ address: string }>('select address from platform.audit_inbox order by id desc limit 1'))[0]?.address;
  const fail = (http: Http, from: string) => http.post('/v1/sessions').set('X-Forwarded-For', from).send({ email: 'nobody@shop.example', password: 'not the password' });
  afterAll(() => placed.close());

  it('believes the address only of proxies it was told of, lets in the origins it was told of, and insists on https', async () => {
    placed = await startApp();
    await fail(placed.http, '203.0.113.9');
    expect(await address()).toBe('127.0.0.1');
    expect((await placed.http.get('/health/live').set('Origin', 'https://shop.example')).headers).not.toHaveProperty('access-control-allow-origin');

    placed = await placed.restart({ config: { TRUSTED_PROXIES: '127.0.0.1', CORS_ORIGINS: 'https://shop.example', PUBLIC_URL: 'https://crm.shop.example' } });
    await fail(placed.http, '203.0.113.9');
    expect(await address()).toBe('203.0.113.9');
    const preflight = await placed.http.options('/v1/users').set('Origin', 'https://shop.example').set('Access-Control-Request-Method', 'PATCH');
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, 'https://shop.example']);
    const foreign = await placed.http.get('/v1/users').set('Origin', 'https://evil.example');
    expect(foreign.headers['access-control-allow-origin']).not.toBe('https://evil.example');
    expect(foreign.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
    expect(foreign.body.type).toBe('https://crm.shop.example/docs/problems#unauthenticated');
  });
});

describe('stopping', () => {
  it('finishes what is under way, refuses what comes, and does not wait for idle connections', async () => {
    const leaving = await startApp({ modules: [ProbeModule] });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    const get = (path: string) => new Promise<number>((resolve, reject) => {
      http.get(leaving.url + path, { agent }, (response) => response.resume().once('end', () => resolve(response.statusCode ?? 0))).once('error', reject);
    });
    await get('/v1/probes/slow?ms=0');
    const underWay = get('/v1/probes/slow?ms=600');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    const drained = drain(leaving.nest);
    const late = get('/v1/probes/slow?ms=0').catch(() => 503);
    expect(await late).toBe(503);
    expect(await underWay).toBe(200);
    await drained;
    expect(performance.now() - began).toBeLessThan(3_000);
    agent.destroy();
    await leaving.close();
  });

  it('does not wait for connections that were opened ahead of need', async () => {
    const leaving = await startApp();
    const server = leaving.nest.getHttpServer() as http.Server;
    const cut = jest.spyOn(server, 'closeAllConnections');
    const ahead = net.connect(Number(new URL(leaving.url).port), '127.0.0.1');
    const closed = new Promise((resolve) => ahead.once('close', resolve).once('error', () => undefined));
    await new Promise((resolve) => server.once('connection', resolve));
    await leaving.close();
    await closed;
    expect(cut).not.toHaveBeenCalled();
  });
});

function bearer(): string {
  return (admin as unknown as { _defaults: { fn: string; args: string[] }[] })._defaults.flatMap(({ args }) => args).find((text) => String(text).startsWith('Bearer')) ?? '';
}

/** Exactly these bytes, and all that comes back. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(app.url);
    let answer = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk)).once('error', reject);
    socket.once('close', () => resolve(answer));
    setTimeout(() => socket.end(), 1000).unref();
  });
}
