import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';

/** The PostgreSQL that the app has started in its data folder. */
export interface EmbeddedServer {
  readonly pid: number;
  /** Of its owner. */
  urlOf(database: string): string;
}

/** Lines of postmaster.pid, from 0 (PostgreSQL's miscadmin.h). */
const PID_LINE = 0;
const PORT_LINE = 3;

export async function embeddedServerIn(dataDir: string): Promise<EmbeddedServer> {
  const folder = path.join(dataDir, 'postgres');
  const lines = (await readFile(path.join(folder, 'postmaster.pid'), 'utf8')).split('\n');
  const password = (await readFile(path.join(folder, 'shuke-owner-password'), 'utf8')).trim();
  return {
    pid: Number(lines[PID_LINE]),
    urlOf: (database) => `postgres://shuke_owner:${password}@127.0.0.1:${Number(lines[PORT_LINE])}/${database}`,
  };
}

export async function connected(url: string, pipeline = false): Promise<Client> {
  const client = new Client({ connectionString: url, pipeline });
  await client.connect();
  return client;
}
