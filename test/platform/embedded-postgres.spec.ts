import { afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../src/platform/database/embedded/embedded-postgres.js';
import { readPostmaster } from '../../src/platform/database/embedded/leftovers.js';
import { StarterProcess } from './starter-process.js';

const folders: string[] = [];
const servers: EmbeddedPostgres[] = [];
const starters: StarterProcess[] = [];

function aFolder(name = 'data'): string {
  // Below /dev/shm the many small files of a new cluster cost no disk.
  const base = process.platform === 'linux' ? '/dev/shm' : os.tmpdir();
  const folder = mkdtempSync(path.join(base, 'shuke-embedded-'));
  folders.push(folder);
  return path.join(folder, name);
}

async function started(dataDir: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, ...options });
  servers.push(server);
  return server;
}

async function starter(dataDir: string): Promise<StarterProcess> {
  const one = await StarterProcess.running(aFolder('program'), dataDir);
  starters.push(one);
  return one;
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const remember = (url: string) => ask(url, 'create table if not exists kept (n int); insert into kept values (1)');
const remembered = async (url: string) => (await ask<{ n: number }>(url, 'select count(*)::int as n from kept'))[0]?.n;
const setting = async (url: string, name: string) => (await ask<{ value: string }>(url, `select current_setting('${name}') as value`))[0]?.value;

async function postmasterOf(dataDir: string): Promise<number> {
  return (await readPostmaster(path.join(dataDir, 'postgres')))!.pid;
}

function childrenOf(pid: number): { pid: number; title: string }[] {
  const table = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], { encoding: 'utf8' });
  return table.trim().split('\n').map((line) => ({ pid: parseInt(line, 10), title: line }));
}

/** A zombie is dead: who reaps it is the business of process 1. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

function groupOf(pid: number): number {
  return parseInt(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }), 10);
}

function refusal(options: EmbeddedPostgresOptions): Promise<unknown> {
  return startEmbeddedPostgres(options).then(
    (server) => {
      servers.push(server);
      return undefined;
    },
    (failure: unknown) => failure,
  );
}

afterEach(async () => {
  await Promise.all(starters.splice(0).map((one) => one.kill().catch(() => undefined)));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  it('keeps its data from one start to the next, in a folder whose name has spaces', async () => {
    const dataDir = aFolder('a folder with 空格');
    const first = await started(dataDir);
    await remember(first.ownerUrl);
    await first.stop();

    const second = await started(dataDir);
    expect(await remembered(second.ownerUrl)).toBe(1);
  });

  it('finds fragments of Chinese names whatever LANG says', async () => {
    const before = process.env['LANG'];
    process.env['LANG'] = 'C';
    try {
      const { ownerUrl } = await started(aFolder(), { throwaway: true });
      const [row] = await ask<{ alike: number }>(ownerUrl, `create extension pg_trgm; select 1`).then(() =>
        ask<{ alike: number }>(ownerUrl, `select similarity('张三丰', '张三') as alike`),
      );
      expect(row?.alike).toBeGreaterThan(0);
      expect(await setting(ownerUrl, 'server_encoding')).toBe('UTF8');
    } finally {
      process.env['LANG'] = before;
    }
  });

  it('is durable unless it is a throwaway', async () => {
    const [kept, throwaway] = await Promise.all([started(aFolder()), started(aFolder(), { throwaway: true })]);
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']) {
      expect([name, await setting(kept.ownerUrl, name), await setting(throwaway.ownerUrl, name)]).toEqual([name, 'on', 'off']);
    }
  });

  it('refuses a setting that would lose committed data', async () => {
    expect(await refusal({ dataDir: aFolder(), settings: { synchronous_commit: 'off' } })).toEqual(
      new EmbeddedPostgresError('The setting synchronous_commit=off may lose committed data. Remove it; only a throwaway database may run without it.'),
    );
  });

  it('listens on this machine only and lets nobody in without the password, which only its account can read', async () => {
    const dataDir = aFolder();
    const { ownerUrl } = await started(dataDir, { throwaway: true });
    expect(await setting(ownerUrl, 'listen_addresses')).toBe('127.0.0.1');
    expect(await setting(ownerUrl, 'unix_socket_directories')).toBe('');
    expect(statSync(path.join(dataDir, 'postgres', 'shuke-owner-password')).mode & 0o777).toBe(0o600);
    await expect(ask(ownerUrl.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('does not write values of failed statements to its log', async () => {
    const { ownerUrl, logFile } = await started(aFolder(), { throwaway: true });
    await expect(ask(ownerUrl, `select 'secret-13800138000'::int`)).rejects.toThrow(/invalid input syntax/);
    expect(readFileSync(logFile, 'utf8')).not.toContain('13800138000');
  });

  it('does not take its own stop for a death', async () => {
    const server = await started(aFolder(), { throwaway: true });
    await server.stop();
    expect(await Promise.race([server.died, Promise.resolve('alive until stopped')])).toBe('alive until stopped');
  });
});

// What is looked at here are processes; Windows has no signals to try it with.
(process.platform === 'win32' ? describe.skip : describe)('the embedded PostgreSQL and processes that end badly', () => {
  it('stays out of the process group, so that Ctrl-C reaches the application first', async () => {
    const dataDir = aFolder();
    await started(dataDir);
    expect(groupOf(await postmasterOf(dataDir))).not.toBe(groupOf(process.pid));
  });

  it('says when its server dies', async () => {
    const dataDir = aFolder();
    const server = await started(dataDir, { throwaway: true });
    const postmaster = await postmasterOf(dataDir);
    process.kill(postmaster, 'SIGKILL');
    expect(await server.died).toMatch(new RegExp(`^The embedded PostgreSQL \\(process ${postmaster}\\) ended by itself: ended by SIGKILL`));
  });

  it('starts again with every committed row after its server was killed and left a process that does not notice', async () => {
    const dataDir = aFolder();
    const server = await started(dataDir);
    await remember(server.ownerUrl);
    const postmaster = await postmasterOf(dataDir);
    // A stopped process holds the shared memory exactly as one stuck in a commit does (QUALITY B28).
    const stuck = childrenOf(postmaster).find(({ title }) => title.includes('checkpointer'))!;
    process.kill(stuck.pid, 'SIGSTOP');
    process.kill(postmaster, 'SIGKILL');
    await server.died;

    const again = await started(dataDir);
    expect(await remembered(again.ownerUrl)).toBe(1);
    expect(isAlive(stuck.pid)).toBe(false);
  });

  it('takes over from a starter that was killed', async () => {
    const dataDir = aFolder();
    const killed = await starter(dataDir);
    await remember(killed.ownerUrl);
    const orphan = await postmasterOf(dataDir);
    await killed.kill();
    expect(isAlive(orphan)).toBe(true);

    const server = await started(dataDir);
    expect(await remembered(server.ownerUrl)).toBe(1);
  });

  it('goes down with a starter that ends without stopping it', async () => {
    const dataDir = aFolder();
    const leaving = await starter(dataDir);
    const postmaster = await postmasterOf(dataDir);
    await leaving.leave();
    while (isAlive(postmaster)) await pause(20);

    const server = await started(dataDir);
    // "shut down", not "interrupted": it was asked to, and had nothing to recover.
    expect(readFileSync(server.logFile, 'utf8')).toMatch(/database system was shut down at .*\n.*ready to accept connections\n$/);
  });

  it('serves two folders side by side and one folder once', async () => {
    const dataDir = aFolder();
    const living = await starter(dataDir);
    const [other, refused] = await Promise.all([started(aFolder()), refusal({ dataDir })]);
    expect(await setting(other.ownerUrl, 'server_encoding')).toBe('UTF8');
    expect(refused).toEqual(
      new EmbeddedPostgresError(
        `Another Shuke (process ${living.pid}) is already running on the data in ${dataDir}/postgres. Stop it, or set DATA_DIR to another folder.`,
      ),
    );
    await remember(living.ownerUrl);
  });
});

describe('the embedded PostgreSQL says in one sentence', () => {
  const aFile = () => {
    const file = aFolder('file');
    writeFileSync(file, '');
    return file;
  };
  const aForeignFolder = () => {
    const folder = aFolder('foreign');
    mkdirSync(path.join(folder, 'postgres'), { recursive: true });
    writeFileSync(path.join(folder, 'postgres', 'notes.txt'), '');
    return folder;
  };

  it.each([
    ['that the path is not absolute', () => 'data', /^The data folder must be an absolute path, and "data" is not\.$/],
    ['that a file is in the way', aFile, /there is a file in the way\. Move that file/],
    ['that the folder is somebody else’s', aForeignFolder, /holds something that is no database of Shuke\. Move it away/],
    ['that the folder cannot be written', () => (process.getuid?.() === 0 ? '/sys/shuke' : '/shuke'), /cannot be written by the account that runs this/],
  ])('%s', async (_what, dataDir, sentence) => {
    const failure = await refusal({ dataDir: dataDir(), throwaway: true });
    expect(failure).toBeInstanceOf(EmbeddedPostgresError);
    expect((failure as Error).message).toMatch(sentence);
  });
});
