import { spawnSync } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { copyBinaries, type Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** Who runs PostgreSQL, which refuses to run as root. `launcher` goes in front of the command. */
export interface Account {
  readonly launcher: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
  readonly binaries: Binaries;
  /** Makes a file this process created belong to the account. */
  own(file: string): Promise<void>;
}

/** `nobody` on every Linux and the account an unmapped user namespace shows (the kernel's overflow id). */
const NOBODY = 65534;
const ROOT = 0;
const NAMESPACE = ['unshare', '--user'];

/**
 * Chosen by who owns the cluster (before there is one: the data folder), so that a folder keeps its account whatever mode made it.
 * Root's folders are served inside a user namespace, where root looks like nobody to PostgreSQL and files stay root's; where
 * namespaces are forbidden (most containers), a new cluster is given to `nobody`.
 * @throws EmbeddedPostgresError when no account can serve the folder.
 */
export async function chooseAccount(binaries: Binaries, dataDir: string, cluster: string): Promise<Account> {
  const me = process.getuid?.();
  if (me === undefined) return plain(binaries);
  const owned = await statOf(cluster);
  if (me !== ROOT) {
    if (owned && owned.uid !== me) {
      throw new EmbeddedPostgresError(
        `The database in ${cluster} belongs to the account with id ${owned.uid}, and this runs as id ${me}. Start it as that account, give it the folder (chown -R), or set DATA_DIR to another folder.`,
      );
    }
    return owned || hasName() ? plain(binaries) : nameless(binaries, me);
  }

  const owner = owned ?? (await stat(dataDir));
  if (owner.uid !== ROOT) return other(binaries, dataDir, owner.uid, owner.gid);
  if (runs(binaries, NAMESPACE, {})) return { ...plain(binaries), launcher: NAMESPACE };
  if (owned) {
    throw new EmbeddedPostgresError(
      `The database in ${cluster} belongs to root, PostgreSQL refuses to run as root, and this system forbids user namespaces. Give it to another account (chown -R ${NOBODY}:${NOBODY} '${cluster}') and start again.`,
    );
  }
  return other(binaries, dataDir, NOBODY, NOBODY);
}

export function commandLine(launcher: readonly string[], program: string, args: readonly string[]): [string, string[]] {
  const [first, ...rest] = launcher;
  return first === undefined ? [program, [...args]] : [first, [...rest, program, ...args]];
}

function plain(binaries: Binaries): Account {
  return { launcher: [], ids: {}, binaries, own: async () => undefined };
}

/** initdb insists on a name for the user id, which a container started with a bare number does not have; in a namespace we are `nobody`. */
function nameless(binaries: Binaries, me: number): Account {
  if (runs(binaries, NAMESPACE, {})) return { ...plain(binaries), launcher: NAMESPACE };
  throw new EmbeddedPostgresError(
    `PostgreSQL needs a name for user id ${me}, and there is none in /etc/passwd. Add one, run as another user, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/** Root steps down to `uid`, with a copy of the programs when that account cannot reach node_modules (say, below /root). */
async function other(binaries: Binaries, dataDir: string, uid: number, gid: number): Promise<Account> {
  const ids = { uid, gid };
  const closed = await closedParent(dataDir, uid);
  if (closed) {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and the account with id ${uid} that it would use cannot enter ${closed}. Set DATA_DIR to a folder outside it, start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const usable = runs(binaries, [], ids) ? binaries : await copyBinaries(binaries, dataDir);
  return { launcher: [], ids, binaries: usable, own: (file) => chown(file, uid, gid) };
}

async function closedParent(dataDir: string, uid: number): Promise<string | undefined> {
  for (let folder = dataDir; ; folder = path.dirname(folder)) {
    const { mode, uid: owner } = await stat(folder);
    const enter = owner === uid ? 0o100 : 0o001;
    if (!(mode & enter)) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

function runs(binaries: Binaries, launcher: readonly string[], ids: Account['ids']): boolean {
  return spawnSync(...commandLine(launcher, binaries.postgres, ['--version']), { ...ids, stdio: 'ignore', cwd: '/' }).status === 0;
}

function hasName(): boolean {
  try {
    os.userInfo();
    return true;
  } catch {
    return false;
  }
}

function statOf(folder: string) {
  return stat(folder).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return undefined;
    throw failure;
  });
}
