import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { readFile, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** What `postmaster.pid` says. Source: PostgreSQL miscadmin.h, LOCK_FILE_LINE_*. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'stopping' | 'ready' | 'standby' | '';
}

export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() as Postmaster['status'] };
}

/** The postmaster of this cluster if it really runs: neither dead, nor a zombie, nor another process that got its number. */
export async function livePostmaster(cluster: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmaster(cluster);
  if (!postmaster) return undefined;
  const list = processes();
  // Windows: nothing cheap to look at, so any process with that number counts, as it does for PostgreSQL itself.
  if (!list) return exists(postmaster.pid) ? postmaster : undefined;
  const found = list.find((one) => one.pid === postmaster.pid);
  return found && (await belongs(cluster))(found) ? postmaster : undefined;
}

/**
 * PostgreSQL takes any live process with the number in `postmaster.pid` for its own, a zombie included, and refuses to start.
 * Call only when `livePostmaster` says there is none; processes that still hold the shared memory stop the start all the same.
 */
export async function removeStalePidFile(cluster: string): Promise<void> {
  await rm(path.join(cluster, 'postmaster.pid'), { force: true });
}

/**
 * Ends server processes of this cluster whose postmaster is gone: stuck in a commit they never notice its death, and hold the shared
 * memory that the next start needs. Returns how many are left to wait for.
 * `sure` also ends processes that might be a postmaster still starting, which has no title yet.
 */
export async function endOrphans(cluster: string, { sure }: { sure: boolean }): Promise<number> {
  const list = processes() ?? [];
  const ours = list.filter(await belongs(cluster));
  const numbers = new Set(ours.map((one) => one.pid));
  const orphans = ours.filter((one) => !numbers.has(one.parent) && (sure || one.command.startsWith('postgres: ')));
  for (const orphan of orphans) {
    try {
      process.kill(orphan.pid, 'SIGKILL');
    } catch {
      // It ended by itself, or is not ours to end; then the next start says so.
    }
  }
  return ours.length;
}

/** Part of the title of every server process (cluster_name), because /proc/<pid>/cwd of another account is not always readable. */
export async function clusterMark(cluster: string): Promise<string> {
  const { dev, ino } = await stat(cluster, { bigint: true });
  return `shuke-${dev.toString(36)}-${ino.toString(36)}`;
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly folder: string | undefined;
}

async function belongs(cluster: string): Promise<(one: RunningProcess) => boolean> {
  const folder = await realpath(cluster);
  const mark = await clusterMark(cluster);
  return (one) => one.folder === folder || one.command.startsWith(`postgres: ${mark}:`) || one.command.includes(`cluster_name=${mark}`);
}

/** Everything that runs here and is not a zombie; nothing on Windows, which cannot be asked cheaply. */
function processes(): RunningProcess[] | undefined {
  if (process.platform === 'linux') return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(fromProc);
  if (process.platform === 'win32') return undefined;
  const table = execFileSync('ps', ['-axwwo', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined || state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command, folder: undefined }];
  });
}

function fromProc(name: string): RunningProcess[] {
  const file = (what: string) => path.join('/proc', name, what);
  try {
    // "pid (name) state ppid …"; the name may hold spaces and brackets, so count from the last bracket.
    const status = readFileSync(file('stat'), 'utf8');
    const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(file('cmdline'), 'utf8').replaceAll('\0', ' ');
    // Zombies and kernel threads have no command line.
    if (state === 'Z' || command === '') return [];
    return [{ pid: Number(name), parent: Number(parent), command, folder: folderOf(file('cwd')) }];
  } catch {
    // It ended while we looked.
    return [];
  }
}

function folderOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}
