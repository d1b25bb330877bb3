import type { FastifyRequest } from 'fastify';

/** Longer than any token or key of ours; keeps hostile headers out of hashing and parsing. */
const LONGEST_TOKEN = 2048;
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

/** The token in `Authorization: Bearer <token>` (RFC 6750 §2.1), if there is one. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined || authorization.length > LONGEST_TOKEN) return undefined;
  return BEARER.exec(authorization)?.[1];
}
