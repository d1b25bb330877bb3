import { Readable } from 'node:stream';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../../kernel/domain-error.js';
import { isId } from '../../kernel/id.js';
import { EventWait } from '../events/event-wait.js';
import { Load } from './load.js';
import { assertFitTexts, parseJson } from './request-text.js';
import { STAYS_OPEN } from './stays-open.js';
import { mediaType, UPLOAD_TYPES, uploadOf, type RequestWithUpload } from './upload.js';
import type { AuthenticatedRequest } from './call.js';
import { READS_VIEWS } from './wait-for-event.js';

/**
 * Reads what the request brought and refuses what is unfit. It is the last of the global guards, so who may not come in
 * learns nothing about the body (QUALITY G23), and no interceptor, because each of those costs every request as much as
 * routing it. The server has buffered JSON (up to 1 MB) and left every other body unread.
 */
@Injectable()
export class RequestGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly events: EventWait,
    private readonly load: Load,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestWithUpload>();
    assertFitTexts(request.query as Record<string, unknown>);
    assertFitTexts(request.params as Record<string, unknown>);
    if (request.body !== undefined && request.body !== null) this.readBody(request, context);
    if (this.reflector.get<true | undefined>(STAYS_OPEN, context.getHandler())) this.load.becomesStream(request.raw, callerOf(request));
    const eventId = request.headers['wait-for-event'];
    return eventId === undefined ? true : this.waitFor(eventId, context);
  }

  private readBody(request: RequestWithUpload, context: ExecutionContext): void {
    const { body } = request;
    const uploadTypes = this.reflector.get<readonly string[] | undefined>(UPLOAD_TYPES, context.getHandler());
    request.body = undefined;
    if (uploadTypes && Buffer.isBuffer(body)) request.upload = uploadOf(request, Readable.from(body), uploadTypes);
    else if (uploadTypes && body instanceof Readable) request.upload = uploadOf(request, body, uploadTypes);
    else if (Buffer.isBuffer(body) && takesJson(request)) request.body = parseJson(body);
    else throw unsupported(request);
  }

  /** Read your writes (API.md), for the routes that name the views they read. */
  private async waitFor(eventId: string | string[], context: ExecutionContext): Promise<boolean> {
    const consumers = this.reflector.get<readonly string[] | undefined>(READS_VIEWS, context.getHandler());
    if (consumers === undefined) return true;
    if (!isId(eventId)) {
      throw new DomainError('malformed', 'invalid_wait_for_event', 'Wait-For-Event must be one Event-Id, as a change answered it: a UUID in lower case.');
    }
    await this.events.until(eventId, consumers);
    return true;
  }
}

function callerOf({ actor, ip }: AuthenticatedRequest): string {
  return actor ? `${actor.kind}:${actor.id}` : ip;
}

function takesJson(request: RequestWithUpload): boolean {
  const charset = /charset\s*=\s*"?([\w-]{1,40})/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) return false;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return false;
  return mediaType(request) === 'application/json' || request.method === 'PATCH';
}

function unsupported(request: RequestWithUpload): DomainError {
  const taken = request.method === 'PATCH' ? 'application/merge-patch+json or application/json' : 'application/json';
  const { 'content-type': type = 'nothing', 'content-encoding': encoding } = request.headers;
  const got = `${type}${encoding === undefined ? '' : ` with Content-Encoding ${encoding}`}`;
  return new DomainError('unsupported', 'unsupported_content_type', `This route takes ${taken} in UTF-8, not compressed; got "${got.slice(0, 100)}".`);
}
