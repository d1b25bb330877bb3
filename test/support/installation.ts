import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from './until.js';

const MAIN = path.resolve(import.meta.dirname, '../../dist/main.js');
const READY_SECONDS = 60;

/** What is killed with SIGKILL: the app, its database server (the app then ends by itself), or both. */
export type Victim = 'app' | 'database' | 'both';

/** The product as a user has it: the built program in a process of its own, on the embedded database with full durability. */
export class Installation {
  private child: ChildProcess | undefined;
  private exited: Promise<number | null> = Promise.resolve(0);
  /** What the process printed, all starts together. */
  output = '';

  private constructor(
    readonly dataDir: string,
    readonly port: number,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async create(environment: Readonly<Record<string, string>> = {}): Promise<Installation> {
    if (!existsSync(MAIN)) throw new Error('There is no build: run this through "npm test", or "npm run build" first.');
    return new Installation(await mkdtemp(path.join(tmpdir(), 'shuke-journey-')), await freePort(), environment);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process without waiting for it. */
  launch(): void {
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', PORT: String(this.port), DATA_DIR: this.dataDir, LOG_LEVEL: 'warn', ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    this.child = child;
  }

  /** Starts and waits until it says that it is ready. @returns seconds from launch to ready */
  async start(): Promise<number> {
    const began = performance.now();
    this.launch();
    let exit: number | null | undefined;
    void this.exited.then((code) => (exit = code));
    while (performance.now() - began < READY_SECONDS * 1000) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.status === 200) return (performance.now() - began) / 1000;
      if (exit !== undefined) throw new Error(`It ended with ${exit} instead of starting:\n${this.output.slice(-2000)}`);
      await pause(25);
    }
    throw new Error(`Not ready within ${READY_SECONDS} s:\n${this.output.slice(-2000)}`);
  }

  /** Kills and waits until nothing of the app is left. */
  async kill(victim: Victim): Promise<void> {
    const postmaster = this.postmaster();
    if (victim !== 'database') this.child?.kill('SIGKILL');
    if (victim !== 'app' && postmaster !== undefined) process.kill(postmaster, 'SIGKILL');
    await this.exited;
  }

  /** Starts, and kills both as soon as the database server is there, in the middle of the start. */
  async falseStart(): Promise<void> {
    this.launch();
    await until('the database server of a false start', () => this.postmaster() !== undefined, READY_SECONDS);
    await this.kill('both');
  }

  /** Asks it to stop. @returns its exit code */
  async stop(): Promise<number | null> {
    this.child?.kill('SIGTERM');
    return this.exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The database server's process, if it is one of this folder. */
  private postmaster(): number | undefined {
    try {
      const folder = path.join(this.dataDir, 'postgres');
      const pid = Number(readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
      return readlinkSync(`/proc/${pid}/cwd`) === folder ? pid : undefined;
    } catch {
      return undefined;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
