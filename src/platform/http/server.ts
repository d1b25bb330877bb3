import type { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '../../kernel/id.js';
import { AppConfig } from '../config/config.js';
import { RequestLog } from '../observability/request-log.js';
import { noteRoute } from '../observability/route-of.js';
import { HttpAdapter } from './adapter.js';
import { MAX_BODY_BYTES, MAX_PATH_PART } from './limits.js';
import { Load } from './load.js';
import { Routes } from './routes.js';
import { securityHeaders } from './security-headers.js';
import { UnusedConnections } from './unused-connections.js';

const REQUEST_ID = /^[\w.:-]{8,128}$/;
/** Slow senders are cut off: headers within 15 s, the whole request (an upload) within 5 minutes. */
const HEADERS_MILLIS = 15_000;
const REQUEST_MILLIS = 300_000;
/** Longer than the idle time of the usual load balancer (60 s), so that it closes first and no request meets a closed door. */
const KEEP_ALIVE_MILLIS = 72_000;
const MAX_HEADER_BYTES = 16_384;
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

/** Probes and scrapes are answered however busy the server is. */
const ALWAYS_ANSWERED = /^\/(?:health|metrics)(?:[/?]|$)/;

export function createAdapter(config: AppConfig): HttpAdapter {
  const headers = securityHeaders(config);
  const adapter = new HttpAdapter({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: ({ headers }: IncomingMessage) => requestId(headers['x-request-id']),
    requestTimeout: REQUEST_MILLIS,
    keepAliveTimeout: KEEP_ALIVE_MILLIS,
    http: { headersTimeout: HEADERS_MILLIS, maxHeaderSize: MAX_HEADER_BYTES },
    routerOptions: { maxParamLength: MAX_PATH_PART },
    // A request that arrives while the server closes is answered by our own hook, as a problem.
    return503OnClosing: false,
    frameworkErrors: (error: { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) => {
      refuseAddress(error, request.id, reply.headers(headers));
    },
    clientErrorHandler: refuseNoise,
  });
  readBodies(adapter.getInstance() as unknown as FastifyInstance);
  return adapter;
}

/** What every request meets before its route. Call it before `app.init()`, so that routes and middleware come after it. */
export function guardDoor(app: NestFastifyApplication): void {
  const adapter = app.getHttpAdapter() as HttpAdapter;
  const config = app.get(AppConfig);
  const load = app.get(Load);
  const log = app.get(RequestLog);
  const headers = securityHeaders(config);
  app.get(UnusedConnections).listenTo(app.getHttpServer());
  app.get(Routes).listenTo(adapter.getInstance() as unknown as FastifyInstance);

  // Nest's own place for this comes before middleware; a hook added here would come after it, and miss /docs.
  adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    reply.headers(headers).header('X-Request-Id', request.id);
    if (config.otlpEndpoint !== undefined) noteRoute(request);
    load.began(request.raw);
    // Not Fastify's onResponse, which does not come for a client that went away.
    reply.raw.once('close', () => {
      load.ended(request.raw);
      log.answered(request, reply);
    });
    if (load.stopping) reply.header('Connection', 'close');
    if (!ALWAYS_ANSWERED.test(request.url)) load.assertRoom();
    done();
  });
  if (config.corsOrigins.length > 0) {
    app.enableCors({
      origin: config.corsOrigins,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['ETag', 'Location', 'Link', 'Event-Id', 'Idempotent-Replayed', 'Retry-After', 'X-Request-Id', 'Content-Language', 'Content-Disposition'],
      maxAge: 600,
    });
  }
}

/** JSON is buffered, everything else is left unread for the route to take or refuse. Both are read after the guards. */
function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.addContentTypeParser('*', (_request: FastifyRequest, body: Readable, done: (error: null, body: Readable) => void) => done(null, body));
}

function requestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : newId();
}

/** An address that cannot be decoded meets no route and no filter, so it is answered here. */
function refuseAddress(error: { statusCode?: number }, requestId: string, reply: FastifyReply): void {
  const status = error.statusCode === 414 ? 414 : 400;
  const detail = status === 414 ? `A part of the address is longer than ${MAX_PATH_PART} characters.` : 'The address is not one: check its percent-encoding.';
  void reply.code(status).header('X-Request-Id', requestId).type(PROBLEM_TYPE).send(problemText(status, 'invalid_address', 'The address cannot be understood', detail, requestId));
}

/** What is no HTTP never becomes a request; it gets the same kind of answer as everything else. */
function refuseNoise(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = NOISE[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = problemText(status, 'malformed', 'The request cannot be understood', 'This is not a request in HTTP/1.1 that this server takes.', newId());
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}

const NOISE: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

function problemText(status: number, code: string, title: string, detail: string, requestId: string): string {
  return JSON.stringify({ type: `/docs/problems#${code}`, title, status, detail, code, requestId });
}
