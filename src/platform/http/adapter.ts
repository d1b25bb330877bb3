import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { RawJson, Reply } from './reply.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Turns what a controller answers into HTTP: status, headers, 304, and JSON text that PostgreSQL made as it is. */
export class HttpAdapter extends FastifyAdapter {
  override reply(response: FastifyReply, answer: unknown, statusCode?: number): FastifyReply {
    if (!(answer instanceof Reply)) return super.reply(response, bodyOf(answer, response), statusCode) as FastifyReply;
    response.headers(answer.headers);
    if (isUnchanged(answer, response)) return super.reply(response, undefined, 304) as FastifyReply;
    return super.reply(response, bodyOf(answer.body, response), answer.status) as FastifyReply;
  }
}

function bodyOf(body: unknown, response: FastifyReply): unknown {
  if (!(body instanceof RawJson)) return body;
  response.type(JSON_TYPE);
  return body.text;
}

/** RFC 9110 §13.1.2: a weak comparison against each tag of the list. */
function isUnchanged({ status, headers }: Reply, { request }: FastifyReply): boolean {
  const asked = request.headers['if-none-match'];
  const etag = headers['ETag'];
  if (asked === undefined || etag === undefined || status !== 200) return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return asked.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
