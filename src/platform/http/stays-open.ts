import { applyDecorators, createParamDecorator, Header, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { GivesFile } from './answers.js';
import type { AuthenticatedRequest } from './call.js';

export const STAYS_OPEN = 'shuke:stays-open';

/** Whoever reads an answer that stays open. */
export interface Watcher {
  /** False once their session or key has ended or has lost the permission of the route. */
  readonly mayStill: () => Promise<boolean>;
}

/** The answer of the route is a stream of server-sent events: bounded and counted apart from requests in work (load.ts). */
export function GivesStream(description: string, example: string): MethodDecorator {
  return applyDecorators(
    SetMetadata(STAYS_OPEN, true),
    Header('Cache-Control', 'no-store'),
    // nginx would keep the events back until its buffer is full.
    Header('X-Accel-Buffering', 'no'),
    GivesFile('text/event-stream', { description, example }),
  );
}

/** Whoever asked for this stream; give it to `Streams`. */
export const CurrentWatcher = createParamDecorator((_: unknown, context: ExecutionContext): Watcher => {
  const { mayStill } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  return { mayStill: mayStill ?? (() => Promise.resolve(true)) };
});
