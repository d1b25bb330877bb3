import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandLine, type Account } from './account.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** The bootstrap superuser: owner of the database and the role that runs migrations. */
export const OWNER = 'shuke_owner';

/** Kept inside the cluster, so that it appears, moves and vanishes with it. */
const PASSWORD_FILE = 'shuke-owner-password';

export interface NewCluster {
  readonly throwaway: boolean;
  readonly onProgress: (sentence: string) => void;
}

/**
 * Makes the cluster unless it is there, and returns the owner's password. A start that is killed half-way leaves only a draft:
 * the cluster appears by one rename, and of two starters that race one draft wins.
 */
export async function ensureCluster(account: Account, cluster: string, how: NewCluster): Promise<string> {
  if (!(await exists(path.join(cluster, 'PG_VERSION')))) {
    // Asked before initdb is, which in an account without a name would complain of that instead.
    if ((await readdir(cluster).catch(() => [])).length > 0) throw new Error(`ENOTEMPTY: ${cluster}`);
    how.onProgress('Creating the database (once, a few seconds).');
    await removeOldDrafts(cluster);
    await create(account, cluster, how.throwaway);
  }
  const password = await readFile(path.join(cluster, PASSWORD_FILE), 'utf8').catch((cause: unknown) => {
    throw new EmbeddedPostgresError(
      `The folder ${cluster} holds a PostgreSQL database that Shuke did not make (it has no ${PASSWORD_FILE}). Set DATA_DIR to another folder.`,
      { cause },
    );
  });
  return password.trim();
}

async function create(account: Account, cluster: string, throwaway: boolean): Promise<void> {
  const draft = `${cluster}.draft-${process.pid}-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${draft}-password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await account.own(draft);
    await writeFile(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    await account.own(passwordFile);
    await initdb(account, draft, passwordFile, throwaway);
    await rename(passwordFile, path.join(draft, PASSWORD_FILE));
    await rename(draft, cluster);
    if (!throwaway) await syncFolder(path.dirname(cluster));
  } catch (failure) {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    const lostRace = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((failure as NodeJS.ErrnoException).code ?? '');
    if (!(lostRace && (await exists(path.join(cluster, 'PG_VERSION'))))) throw failure;
  }
}

/**
 * Never the locale of the environment: under LANG=C the cluster would be SQL_ASCII, and pg_trgm, which follows lc_ctype, would find
 * no Chinese. C.UTF-8 comes with Linux; elsewhere another UTF-8 locale classifies characters while sorting stays by code point.
 */
const LOCALES: readonly (readonly string[])[] = [
  ['--locale=C.UTF-8', '--lc-messages=C'],
  ['--locale=en_US.UTF-8', '--lc-collate=C', '--lc-messages=C'],
  ['--locale=en-US', '--lc-collate=C', '--lc-messages=C'],
  ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];

async function initdb(account: Account, folder: string, passwordFile: string, throwaway: boolean): Promise<void> {
  const durability = throwaway ? ['--no-sync', '--no-data-checksums'] : ['--data-checksums'];
  const common = [`--pgdata=${folder}`, '--encoding=UTF8', '--auth=scram-sha-256', `--username=${OWNER}`, `--pwfile=${passwordFile}`];
  for (const locale of LOCALES) {
    const refused = await run(account, account.binaries.initdb, [...common, ...durability, ...locale]);
    if (refused === undefined) return;
    if (!/invalid locale name|locale name .* contains non-ASCII|could not find suitable encoding|encoding mismatch/i.test(refused)) {
      throw new Error(refused);
    }
  }
  throw new EmbeddedPostgresError(`This system knows no UTF-8 locale PostgreSQL can use. Install the locale C.UTF-8 or en_US.UTF-8 and start again.`);
}

/** Resolves with what the program complained about, or nothing when it went well. */
function run(account: Account, program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(...commandLine(account.launcher, program, args), { ...account.ids, env: postgresEnvironment(), cwd: '/' }, (failure, _stdout, stderr) => {
      resolve(failure ? stderr || cannotRun(failure, program) : undefined);
    });
  });
}

/** "No such file" about a program that is there means its loader is missing: the programs are made for glibc, Alpine has musl. */
export function cannotRun(failure: Error, program: string): string {
  return (failure as NodeJS.ErrnoException).code === 'ENOENT' && process.platform === 'linux'
    ? `${program} does not run on this system; it needs glibc (Alpine Linux has none): use a Debian image or set DATABASE_URL`
    : failure.message;
}

/** What PostgreSQL may see of our environment: none of the user's PG* and locale settings, which would change what it does. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, SystemRoot, TEMP, TMP } = process.env;
  return { PATH, TMPDIR, SystemRoot, TEMP, TMP, LC_ALL: undefined, LC_MESSAGES: 'C', TZ: 'UTC' };
}

const DRAFT = /\.draft-(\d+)-/;

async function removeOldDrafts(cluster: string): Promise<void> {
  const folder = path.dirname(cluster);
  for (const entry of await readdir(folder)) {
    const maker = entry.startsWith(`${path.basename(cluster)}.draft-`) ? DRAFT.exec(entry)?.[1] : undefined;
    if (maker && !isRunning(Number(maker))) await rm(path.join(folder, entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The rename itself must survive a power cut, or committed rows would be lost with their folder. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; NTFS journals the rename.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
