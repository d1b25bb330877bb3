import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { chooseAccount } from './account.js';
import { findBinaries } from './binaries.js';
import { CLEAR_WITHIN_MS, clearFolder, inUse, SURELY_LEFT_OVER_MS } from './clear-folder.js';
import { ensureCluster, OWNER } from './cluster.js';
import { EmbeddedPostgresError, explain } from './embedded-postgres-error.js';
import { connectionTo, hold, holderOf, type Keeper } from './keeper.js';
import { clusterMark, endOrphans } from './leftovers.js';
import { freePort, startServer, type Server, type ServerPlan } from './server.js';
import { serverSettings } from './settings.js';

export { EmbeddedPostgresError };

/** A PostgreSQL server of our own, on 127.0.0.1 only. */
export interface EmbeddedPostgres {
  /** `postgres://shuke_owner:…@127.0.0.1:<port>/shuke`: the superuser, for migrations and for making the application's own role. */
  readonly ownerUrl: string;
  /** Another one at each start. */
  readonly port: number;
  /** The file PostgreSQL writes to, in the data folder. */
  readonly logFile: string;
  /** Fast shutdown, after 20 s an immediate one. Close what uses the database first. May be called twice. */
  stop(): Promise<void>;
  /** Resolves with the reason if the server ends without `stop()`; the application cannot go on then. Never rejects. */
  readonly died: Promise<string>;
}

export interface EmbeddedPostgresOptions {
  /** Absolute; made if missing. The cluster is `<dataDir>/postgres`, its log `<dataDir>/postgres.log`. */
  readonly dataDir: string;
  /** For tests: fast, and worth nothing after a crash. Also ends with our process group. */
  readonly throwaway?: boolean;
  /** One sentence each time something takes long enough to wonder. */
  readonly onProgress?: (sentence: string) => void;
  /** More server settings by name, over ours; they may not lower durability unless `throwaway`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const DATABASE = 'shuke';
const RETRY_MS = 200;
/** What PostgreSQL says when the port was taken in the meantime, or when leftovers still hold the folder. */
const PASSING = /Address already in use|could not create any TCP\/IP sockets|pre-existing shared memory block|lock file "[^"]*" already exists|lock file "[^"]*" is empty/;

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, creating the cluster and the database `shuke` the first time, and clearing away what a
 * killed run left behind. One process per data folder.
 * @throws EmbeddedPostgresError whose message is one sentence for the person at the terminal.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, throwaway = false, onProgress = () => undefined } = options;
  const cluster = path.join(dataDir, 'postgres');
  try {
    if (!path.isAbsolute(dataDir)) throw new EmbeddedPostgresError(`The data folder must be an absolute path, and "${dataDir}" is not.`);
    await mkdir(dataDir, { recursive: true });
    const account = await chooseAccount(await findBinaries(dataDir), dataDir, cluster);
    const password = await ensureCluster(account, cluster, { throwaway, onProgress });
    const mark = await clusterMark(cluster);
    const plan = async (): Promise<ServerPlan> => {
      const port = await freePort();
      const settings = await serverSettings(port, mark, throwaway, options.settings ?? {});
      return { account, cluster, port, settings, logFile: path.join(dataDir, 'postgres.log'), detached: !throwaway };
    };
    return await startAndHold(plan, cluster, password, onProgress);
  } catch (failure) {
    throw explain(failure, dataDir, 'starting');
  }
}

async function startAndHold(
  plan: () => Promise<ServerPlan>,
  cluster: string,
  password: string,
  onProgress: (sentence: string) => void,
): Promise<EmbeddedPostgres> {
  const began = Date.now();
  for (;;) {
    await clearFolder(cluster, password, onProgress);
    const planned = await plan();
    let server: Server;
    try {
      server = await startServer(planned, onProgress);
    } catch (failure) {
      const waited = Date.now() - began;
      if (waited > CLEAR_WITHIN_MS || !PASSING.test((failure as Error).message)) throw failure;
      await endOrphans(cluster, { sure: waited > SURELY_LEFT_OVER_MS });
      await pause(RETRY_MS);
      continue;
    }
    try {
      const keeper = await hold(server.port, password);
      if (!keeper) throw inUse(cluster, (await holderOf(server.port, password)) ?? 'that just ended');
      await ensureDatabase(server.port, password);
      return running(server, keeper, planned.logFile, password);
    } catch (failure) {
      await server.stop();
      throw failure;
    }
  }
}

/** Made at the first start, or after a kill between the first start and this line. */
async function ensureDatabase(port: number, password: string): Promise<void> {
  const client = new pg.Client(connectionTo(port, password, 'postgres'));
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function running(server: Server, keeper: Keeper, logFile: string, password: string): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    process.removeListener('exit', server.letGo);
    await keeper.release();
    await server.stop();
  };
  // A process that ends without stop() takes the server along; only a kill -9 leaves it, for the next start to end.
  process.once('exit', server.letGo);
  return {
    ownerUrl: `postgres://${OWNER}:${password}@127.0.0.1:${server.port}/${DATABASE}`,
    port: server.port,
    logFile,
    stop: () => (stopping ??= stop()),
    died: new Promise((resolve) => {
      void server.ended.then((why) => {
        if (stopping) return;
        process.removeListener('exit', server.letGo);
        void keeper.release();
        resolve(`The embedded PostgreSQL (process ${server.pid}) ended by itself: ${lastLine(why)}. See ${logFile}.`);
      });
    }),
  };
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? text;
}
