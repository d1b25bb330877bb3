import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Load } from './load.js';
import { UnusedConnections } from './unused-connections.js';

/** Leaves five of the 20 seconds a supervisor gives for the database to stop. */
const LONGEST_MILLIS = 15_000;
const SWEEP_MILLIS = 50;

/**
 * Closes the application without losing an answer: readiness goes down and new work is refused, what is under way
 * finishes, connections that fall idle or were never used are closed; after 15 s the rest is cut.
 */
export async function drain(app: NestFastifyApplication): Promise<void> {
  app.get(Load).beginStop();
  const server = app.getHttpServer();
  const unused = app.get(UnusedConnections);
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    unused.close();
  }, SWEEP_MILLIS);
  const cut = setTimeout(() => server.closeAllConnections(), LONGEST_MILLIS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
