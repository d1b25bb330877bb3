import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/domain-error.js';
import { Idempotent, MayHaveIfMatch, NeedsIfMatch } from './answers.js';

/** What the guard leaves on the request for the building blocks below. */
export interface AuthenticatedRequest extends FastifyRequest {
  actor?: Actor;
  /** Asks again, for an answer that stays open: false once the session or key has ended or has lost the permission. */
  mayStill?: () => Promise<boolean>;
}

/** One request that changes something: who calls, and the key under which its answer is kept. */
export interface Call {
  readonly actor: Actor;
  readonly idempotencyKey?: string;
  /** SHA-256 over method, path and body, to tell a retry from another request under the same key. */
  readonly fingerprint: Buffer;
}

const MAX_KEY = 255;

/** The signed-in caller of this request. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => actorOf(context));

/** The caller of a changing route, with the Idempotency-Key; documents the header. */
export const CurrentCall = createParamDecorator(
  (_: unknown, context: ExecutionContext): Call => {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    return { actor: actorOf(context), idempotencyKey: idempotencyKey(request), fingerprint: fingerprint(request) };
  },
  [documents(Idempotent())],
);

/**
 * The version in If-Match; documents the header and its problems.
 * @throws DomainError precondition_required (428) without it, malformed (400) if it is no ETag of ours.
 */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number => {
  const version = versionIn(context);
  if (version === undefined) {
    throw new DomainError('precondition_required', 'if_match_required', 'Send If-Match with the ETag of the version you read, so that nobody else\'s change is overwritten.');
  }
  return version;
}, [documents(NeedsIfMatch())]);

/** As `IfMatch`, for routes that record a fact and are safe without it: undefined if it was not sent. */
export const IfMatchIfSent = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => versionIn(context), [documents(MayHaveIfMatch())]);

function versionIn(context: ExecutionContext): number | undefined {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined) return undefined;
  const version = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) {
    throw new DomainError('malformed', 'invalid_if_match', `If-Match must be one ETag as this API gives them, such as "3" in quotes; got ${header.slice(0, 60)}.`);
  }
  return Number(version);
}

/** Lets a parameter decorator say something about its method in the contract. */
function documents(decorator: MethodDecorator): ParameterDecorator {
  return (target, method) => {
    if (method !== undefined) decorator(target, method, Object.getOwnPropertyDescriptor(target, method)!);
  };
}

function actorOf(context: ExecutionContext): Actor {
  const { actor } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!actor) throw new DomainError('unauthenticated', 'unauthenticated', 'Sign in first: send an access token or API key as Authorization: Bearer.');
  return actor;
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !/^[\x21-\x7e]+$/.test(header) || header.length > MAX_KEY) {
    throw new DomainError('malformed', 'invalid_idempotency_key', `Idempotency-Key must be 1 to ${MAX_KEY} printable ASCII characters without spaces; a UUID is best.`);
  }
  return header;
}

function fingerprint(request: FastifyRequest): Buffer {
  const hash = createHash('sha256').update(request.method).update(' ').update(request.url).update('\n');
  // A streamed upload has no parsed body; its length and type must do.
  if (request.body === undefined) hash.update(`${request.headers['content-type'] ?? ''} ${request.headers['content-length'] ?? ''}\n`);
  const body = Buffer.isBuffer(request.body) || typeof request.body === 'string' ? request.body : JSON.stringify(request.body ?? null);
  return hash.update(body).digest();
}
