import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { banner } from './banner.js';
import type { AppConfig } from './platform/config/config.js';
import { Database } from './platform/database/database.js';
import { startEmbeddedPostgres } from './platform/database/embedded/embedded-postgres.js';
import { drain } from './platform/http/drain.js';
import { Load } from './platform/http/load.js';
import { assertPortFree } from './platform/http/port.js';
import { createAdapter } from './platform/http/server.js';
import { createLogger } from './platform/observability/create-logger.js';
import { NestLog } from './platform/observability/nest-log.js';
import { prepareDatabase } from './platform/prepare-database.js';
import { masterKeysOf } from './platform/vault/vault.module.js';
import { Vault } from './platform/vault/vault.js';
import { Workers } from './platform/workers.js';
import { FirstAdministrator } from './security/staff/use-cases/first-administrator.js';
import { furnish } from './shell.js';

/** A running process. */
export interface Shuke {
  /** Finishes what is under way (15 s at the most), then closes the application, then the database it started. */
  stop(): Promise<void>;
  /** Resolves with the reason if the embedded database ends by itself; never with a database of the user's own. */
  readonly died: Promise<string>;
}

interface DatabaseServer {
  readonly ownerUrl: string;
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

const NEVER = new Promise<string>(() => undefined);
const ROLE_PASSWORD_BYTES = 24;

/** @throws whatever keeps it from running; `startUpSentence` says it in one sentence. What was started is stopped again. */
export async function start(config: AppConfig, say: (sentence: string) => void): Promise<Shuke> {
  if (config.servesHttp) await assertPortFree(config.host, config.port);
  const logger = createLogger(config.logLevel);
  const server = await databaseServer(config, say);
  try {
    const keys = masterKeysOf(config);
    const password = keys.derive('database app role', ROLE_PASSWORD_BYTES).toString('base64url');
    const databaseUrl = await prepareDatabase(config, server.ownerUrl, password, (sentence) => say(`Warning: ${sentence}`));
    const app = await createApp(config, databaseUrl, logger);
    try {
      await run(app, config, say);
    } catch (error) {
      await app.close();
      throw error;
    }
    return { died: server.died, stop: () => stop(app, server) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function stop(app: NestFastifyApplication, server: DatabaseServer): Promise<void> {
  try {
    await drain(app);
  } finally {
    await server.stop();
  }
}

async function databaseServer(config: AppConfig, say: (sentence: string) => void): Promise<DatabaseServer> {
  const { databaseUrl, databaseOwnerUrl, dataDir } = config;
  if (databaseUrl === undefined) return startEmbeddedPostgres({ dataDir, onProgress: say });
  return { ownerUrl: databaseOwnerUrl ?? databaseUrl, died: NEVER, stop: () => Promise.resolve() };
}

async function createApp(config: AppConfig, databaseUrl: string, logger: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot({ config, databaseUrl, logger }), createAdapter(config), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(logger),
  });
  furnish(app);
  return app;
}

async function run(app: NestFastifyApplication, config: AppConfig, say: (sentence: string) => void): Promise<void> {
  await app.init();
  await app.get(Vault).assertKeyring(app.get(Database));
  const workers = app.get(Workers);
  const load = app.get(Load);
  await workers.listen();
  // Who is told that it is ready can sign in, and finds the workers at work.
  load.beginStart();
  if (config.servesHttp) await app.listen(config.port, config.host);
  // After the port is ours, so that a password that is shown only once belongs to a server that runs; never by a worker,
  // where nobody looks for it and the api's `ADMIN_PASSWORD` is not set.
  const administrator = config.servesHttp ? await app.get(FirstAdministrator, { strict: false }).ensure() : undefined;
  if (config.runsWorkers) await workers.start();
  load.endStart();
  say(banner(config, config.servesHttp ? await app.getUrl() : undefined, administrator));
}
