import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Actor } from '../../kernel/actor.js';
import { RootLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { patternOf } from './route-of.js';

/** No answer left whole; the number nginx made known for it. */
const CLIENT_GONE = 499;
const TRACE = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** One line and one measurement for each request, when its answer has left: facts of ours only, nothing the caller sent. */
@Injectable()
export class RequestLog {
  private readonly logger: Logger;

  constructor(
    root: RootLogger,
    private readonly metrics: Metrics,
  ) {
    // Every field below is an id, a number or a pattern from the code, so the search for personal data is spared here.
    this.logger = root.pino.child({}, { formatters: { log: (line) => line } });
  }

  answered(request: FastifyRequest & { actor?: Actor }, reply: FastifyReply): void {
    const route = patternOf(request);
    const status = reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_GONE;
    const millis = reply.elapsedTime;
    this.metrics.request(request.method, route, status, millis);
    this.logger.info(
      {
        requestId: request.id,
        trace: TRACE.exec(String(request.headers['traceparent'] ?? ''))?.[1],
        method: request.method,
        route,
        status,
        ms: Math.round(millis * 10) / 10,
        actor: request.actor?.id,
      },
      'request',
    );
  }
}
