import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import type { AuthenticatedRequest } from '../../../platform/http/call.js';

/** The caller as the guard leaves it on the request. */
export interface StaffActor extends Actor {
  /** Missing for API keys. */
  readonly sessionId?: Id;
}

/** The session this request belongs to. @throws DomainError forbidden/no_session for an API key, which has none. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Id => {
  const actor = context.switchToHttp().getRequest<AuthenticatedRequest>().actor as StaffActor | undefined;
  if (actor?.sessionId !== undefined) return actor.sessionId;
  throw new DomainError('forbidden', 'no_session', 'This is for users who signed in with a password. An API key has no session and no password.');
});
