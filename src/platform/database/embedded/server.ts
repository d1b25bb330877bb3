import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLine, type Account } from './account.js';
import { cannotRun, postgresEnvironment } from './cluster.js';
import { readPostmaster } from './leftovers.js';

/** A postmaster of ours. `ended` resolves with how and why it ended, whoever ended it. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  readonly ended: Promise<string>;
  /** Fast shutdown: open transactions are rolled back, a checkpoint is written. Bounded; resolves when the process is gone. */
  stop(): Promise<void>;
  /** For the last breath of this process, when nothing can be awaited any more. */
  readonly letGo: () => void;
}

export interface ServerPlan {
  readonly account: Account;
  readonly cluster: string;
  readonly logFile: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly port: number;
  /** Out of our process group, so that Ctrl-C reaches the application first, which still needs the database to close well. */
  readonly detached: boolean;
}

const POLL_MS = 15;
const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
/** Replaying what a kill left behind may take minutes; a server that lives is working on it. */
const SLOW_START_MS = 5_000;
const LOG_ROTATES_AT_BYTES = 10 * 2 ** 20;

/** Starts the postmaster and waits until it takes connections. @throws Error with what it said when it ended instead. */
export async function startServer(plan: ServerPlan, onProgress: (sentence: string) => void): Promise<Server> {
  await rotate(plan.logFile);
  const log = await open(plan.logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  const { account, cluster } = plan;
  await account.own(plan.logFile);
  const settings = Object.entries(plan.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(...commandLine(account.launcher, account.binaries.postgres, ['-D', cluster, ...settings]), {
    ...account.ids,
    cwd: cluster,
    env: postgresEnvironment(),
    detached: plan.detached,
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.unref();
  const ended = whyItEnded(child, plan, logStart);
  await log.close();
  await ready(child, cluster, ended, onProgress);
  return {
    pid: child.pid!,
    port: plan.port,
    ended,
    stop: () => stop(child, plan, ended),
    letGo: () => void child.kill('SIGINT'),
  };
}

/** A port nobody listens on at this moment; another program may take it before the server does, and then we try the next. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function whyItEnded(child: ChildProcess, plan: ServerPlan, logStart: number): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (failure) => resolve(cannotRun(failure, plan.account.binaries.postgres)));
    child.once('exit', (code, signal) => {
      void said(plan.logFile, logStart).then((text) => resolve(`${text}\n${signal ? `ended by ${signal}` : `exit code ${code}`}`.trim()));
    });
  });
}

async function said(logFile: string, from: number): Promise<string> {
  const text = await readFile(logFile).catch(() => Buffer.alloc(0));
  return text.subarray(Math.max(from, text.length - 64 * 1024)).toString('utf8');
}

async function ready(child: ChildProcess, cluster: string, ended: Promise<string>, onProgress: (sentence: string) => void): Promise<void> {
  let reason: string | undefined;
  void ended.then((why) => (reason = why));
  const slow = setTimeout(() => onProgress('The database replays what it had not yet written to its tables when it was ended.'), SLOW_START_MS);
  try {
    for (;;) {
      if (reason !== undefined) throw new Error(reason);
      const postmaster = await readPostmaster(cluster);
      if (postmaster?.pid === child.pid && postmaster?.status === 'ready') return;
      await pause(POLL_MS);
    }
  } finally {
    clearTimeout(slow);
  }
}

async function stop(child: ChildProcess, plan: ServerPlan, ended: Promise<string>): Promise<void> {
  // Signals on Windows end a process at once; there pg_ctl asks the server through its own pipe.
  if (process.platform === 'win32') execFile(plan.account.binaries.pgCtl, ['stop', '-D', plan.cluster, '-m', 'fast', '-W']);
  else child.kill('SIGINT');
  if (await within(ended, FAST_SHUTDOWN_MS)) return;
  child.kill('SIGQUIT');
  if (await within(ended, IMMEDIATE_SHUTDOWN_MS)) return;
  child.kill('SIGKILL');
  await ended;
}

async function within(ended: Promise<string>, millis: number): Promise<boolean> {
  const patience = new AbortController();
  const over = pause(millis, false, { signal: patience.signal }).catch(() => false);
  const hasEnded = await Promise.race([ended.then(() => true), over]);
  patience.abort();
  return hasEnded;
}

async function rotate(logFile: string): Promise<void> {
  const size = await stat(logFile).then((file) => file.size, () => 0);
  if (size > LOG_ROTATES_AT_BYTES) await rename(logFile, `${logFile}.1`);
}
