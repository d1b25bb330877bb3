import { HttpException } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import { databaseUnavailable } from '../database/database.js';
import { refusalOf } from './refusals.js';

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Connection failures of Node, of pg, which has no code for some of them, and of TypeORM, which lets go of a connection that broke. */
const CONNECTION = /^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const CONNECTION_WORDS = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end|Client was closed|Driver not Connected|Query runner already released/;

/**
 * What the caller may be told of anything thrown below: the refusal itself, or one that stands for what the framework or
 * the database said. Undefined for everything unforeseen: the caller then learns nothing but the request's id.
 */
export function refusalFor(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) return ofFramework(error);
  const cause = (error as { driverError?: unknown } | null)?.driverError ?? error;
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  // First, because EPIPE has the shape of an SQLSTATE.
  if (typeof code === 'string' && CONNECTION.test(code)) return databaseUnavailable();
  if (typeof code === 'string' && SQLSTATE.test(code)) return ofDatabase(code);
  return CONNECTION_WORDS.test(String(message)) ? databaseUnavailable() : undefined;
}

/** Source of the codes: PostgreSQL manual, appendix A. */
function ofDatabase(sqlState: string): DomainError | undefined {
  if (sqlState === '23505') return new DomainError('conflict', 'already_exists', 'Another record already has a value that must be unique. Read it, or send another value.');
  if (sqlState === '57014') return new DomainError('unavailable', 'took_too_long', 'It took longer than allowed and was stopped. Nothing was changed. Ask for less at once, or try again.', { retryAfterSeconds: 5 });
  if (sqlState === '40001' || sqlState === '40P01' || sqlState === '55P03') {
    return new DomainError('unavailable', 'busy', 'Too many changes to the same records at once. Nothing was changed. Try again.', { retryAfterSeconds: 1 });
  }
  // Values the checks at the door should have refused: class 22 is "data exception".
  if (sqlState.startsWith('22')) return new DomainError('rule', 'value_refused', 'A value is out of the range that can be stored. Nothing was changed.');
  // 08 connection, 53 insufficient resources (disk, memory, connections), 57P server going down, 25006 read-only stand-by.
  return /^(?:08|53|57P|25006)/.test(sqlState) ? databaseUnavailable() : undefined;
}

/** Refusals that Nest, Fastify or Passport gave in their own words, which we do not pass on. */
function ofFramework(error: HttpException): DomainError | undefined {
  const status = error.getStatus();
  const refusal = refusalOf(status);
  if (refusal === undefined) return undefined;
  if (status === 401) return new DomainError(refusal, 'unauthenticated', 'Sign in first: send an access token or API key as Authorization: Bearer.');
  if (status === 403) return new DomainError(refusal, 'forbidden', 'You may not do this.');
  if (status === 404) return new DomainError(refusal, 'not_found', 'There is nothing at this address. See /docs for what there is.');
  if (status === 413) return new DomainError(refusal, 'body_too_large', 'The body is larger than this route takes. GET /v1/limits says how large it may be; bring more by an import.');
  if (status === 415) return new DomainError(refusal, 'unsupported_content_type', 'This route does not take that content type. Send application/json.');
  return new DomainError(refusal, refusal, 'The request was refused. Check its address, headers and body against /docs.');
}
