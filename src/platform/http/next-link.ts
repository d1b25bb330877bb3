import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Makes the `Link` header of a page: the address asked for, with the next cursor in place of its own. */
export type NextLink = (nextCursor: string | null) => Readonly<Record<string, string>>;

/** `@Next() next: NextLink`, then `ok(page).with(next(page.nextCursor))`. */
export const Next = createParamDecorator((_: unknown, context: ExecutionContext): NextLink => {
  const { url } = context.switchToHttp().getRequest<FastifyRequest>();
  return (nextCursor): Record<string, string> => (nextCursor === null ? {} : { Link: `<${withCursor(url, nextCursor)}>; rel="next"` });
});

function withCursor(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}
