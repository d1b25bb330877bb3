import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

const NO_ROUTE = 'none';
const routes = new WeakMap<IncomingMessage, string>();

/** The pattern of the route, e.g. `/v1/customers/:id`; `none` where there is no such route. */
export function patternOf(request: FastifyRequest): string {
  return request.is404 ? NO_ROUTE : (request.routeOptions.url ?? NO_ROUTE);
}

/** For tracing, which knows Node's request only. */
export function noteRoute(request: FastifyRequest): void {
  routes.set(request.raw, patternOf(request));
}

export function routeOf(request: IncomingMessage): string {
  return routes.get(request) ?? NO_ROUTE;
}
