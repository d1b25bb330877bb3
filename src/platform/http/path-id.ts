import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/domain-error.js';
import { isId, type Id } from '../../kernel/id.js';

/** `@PathId() id: Id` is the route's `:id`, `@PathId('orderId')` another; anything but a UUID is refused (400). */
export const PathId = createParamDecorator(
  (name: string = 'id', context: ExecutionContext): Id => {
    const params = context.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string | undefined>;
    const id = params[name]?.toLowerCase();
    if (isId(id)) return id;
    throw new DomainError('malformed', 'invalid_id', `"${(params[name] ?? '').slice(0, 60)}" in the path is not a UUID. Take the id as this API gave it.`);
  },
);
