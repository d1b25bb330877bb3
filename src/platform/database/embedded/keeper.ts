import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { OWNER } from './cluster.js';

/**
 * Who holds a cluster is written in the cluster itself: its starter keeps one connection with an advisory lock. The lock goes when the
 * starter goes, however it ends, so nothing has to be believed about process numbers in files.
 */
export interface Keeper {
  release(): Promise<void>;
}

/** "shuke" in ASCII, below 2^63; in the database `postgres`, where the application never locks. */
const HELD = String(0x7368756b65);
const HOLDER = 'shuke starter ';
const CONNECT_MS = 2_000;
const RETURN_MS = 250;

/** The keeper's connection settings of a cluster on this machine. */
export function connectionTo(port: number, password: string, database: string): pg.ClientConfig {
  return {
    host: '127.0.0.1',
    port,
    user: OWNER,
    password,
    database,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: HOLDER + process.pid,
    ssl: false,
    options: '',
  };
}

/** Holds the cluster until released, taking the lock again after a crash of the server's own. Nothing when another holds it. */
export async function hold(port: number, password: string): Promise<Keeper | undefined> {
  let released = false;
  let client = await connect(port, password);
  if (!(await lock(client))) {
    await client.end();
    return undefined;
  }
  keepsNobodyAwake(client);
  const holdAgain = async (): Promise<void> => {
    while (!released) {
      await pause(RETURN_MS, undefined, { ref: false });
      const next = await connect(port, password).catch(() => undefined);
      if (!next) continue;
      await lock(next).catch(() => false);
      keepsNobodyAwake(next);
      client = next;
      client.once('end', () => void holdAgain());
      return;
    }
  };
  client.once('end', () => void holdAgain());
  return {
    release: async () => {
      released = true;
      (client as pg.Client & { ref(): void }).ref();
      await client.end().catch(() => undefined);
    },
  };
}

/** The process that holds the cluster, if one does. @throws Error while the server takes no connections. */
export async function holderOf(port: number, password: string): Promise<string | undefined> {
  const client = await connect(port, password);
  try {
    const { rows } = await client.query<{ name: string }>(
      `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
      [HELD],
    );
    return rows[0]?.name.replace(HOLDER, '');
  } finally {
    await client.end();
  }
}

async function connect(port: number, password: string): Promise<pg.Client> {
  const client = new pg.Client(connectionTo(port, password, 'postgres'));
  // Without a listener a lost connection would end the whole process; `end` follows and is what we act on.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** An idle connection must not keep a process alive that has nothing else to do. (`unref` is pg's own; its types lack it.) */
function keepsNobodyAwake(client: pg.Client): void {
  (client as pg.Client & { unref(): void }).unref();
}

async function lock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [HELD]);
  return rows[0]?.held ?? false;
}
