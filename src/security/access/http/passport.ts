import type { FastifyRequest } from 'fastify';
import passport, { type Strategy } from 'passport';

/**
 * What Passport makes of a request: the first strategy that says yes, or undefined. Strategies go in as objects of this application,
 * not by their names in Passport's process-wide register, where a second application would replace them; and as a fresh object each
 * time, because Passport hangs the request's callbacks on it.
 */
export function ask<T extends object>(strategies: readonly Strategy[], request: FastifyRequest): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const fresh = strategies.map((strategy) => Object.create(strategy) as Strategy);
    const answer = (error: unknown, found?: T | false) => (error ? reject(error as Error) : resolve(found || undefined));
    (passport.authenticate as unknown as Authenticate)(fresh, { session: false }, answer)(request, {}, reject);
  });
}

/** The types of Passport know Express only, and strategies only by name. */
type Authenticate = (
  strategies: readonly Strategy[],
  options: { readonly session: false },
  answer: (error: unknown, found?: never) => void,
) => (request: FastifyRequest, reply: object, next: (error: unknown) => void) => void;
