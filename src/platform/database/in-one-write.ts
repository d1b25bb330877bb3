import type { Client } from 'pg';

/**
 * What is sent on this connection from now until the end of this turn of the event loop leaves in one write. Writing to the socket costs
 * this process more than anything else about a short statement, and PostgreSQL wakes up once instead of for each.
 */
export function inOneWrite({ connection: { stream } }: Pick<Client, 'connection'>): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}
