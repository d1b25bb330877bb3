import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { freePort, Program } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

const TRACE = 'ab'.repeat(16);
const spans: Span[] = [];
let collector: Server;
let place: TestDatabase;

beforeAll(async () => {
  place = await createTestDatabase();
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { resourceSpans = [] } = JSON.parse(Buffer.concat(chunks).toString()) as { resourceSpans?: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('Content-Type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  collector.close();
  await place.drop();
});

describe('OpenTelemetry, when an endpoint is set', () => {
  it('sends a span for the request, under the caller’s trace, and one for each of its statements', async () => {
    const port = String(await freePort());
    const program = Program.run('main', {
      DATABASE_URL: place.ownerUrl,
      MASTER_KEY: `a:${'0a'.repeat(32)},index:${'0b'.repeat(32)}`,
      PORT: port,
      LOG_LEVEL: 'warn',
      ADMIN_PASSWORD: 'a password for this test',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    await program.says(/Shuke runs at/);
    const http = supertest(`http://127.0.0.1:${port}`);
    await http.post('/v1/sessions?phone=13800138000').set('traceparent', `00-${TRACE}-${'cd'.repeat(8)}-01`).send({ email: 'nobody@shop.example', password: 'wrong password' });
    const request = await until('the span of the request', () => spans.find(({ traceId, parentSpanId }) => traceId === TRACE && parentSpanId === 'cd'.repeat(8)));
    const statements = await until('the spans of its statements', () => {
      const found = spans.filter(({ traceId, name }) => traceId === TRACE && name.startsWith('pg.query'));
      return found.length > 0 && found;
    });
    expect(await program.stop()).toBe(0);
    expect(program.complaint).toBe('');
    expect(request.name).toBe('POST /v1/sessions');
    expect(statements.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^pg\.query:security\.account /));
    expect(/13800138000|nobody@shop|wrong password/.exec(JSON.stringify(spans))).toBeNull();
  });
});
