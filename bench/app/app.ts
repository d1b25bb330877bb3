import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { askOnce } from '../http/load.js';
import type { Ask } from '../http/connection.js';
import { cpuOfProcess, memoryOf, type CpuMicros } from '../machine/cpu.js';
import type { ShopFile } from '../shop/files.js';
import { connected, embeddedServerIn, type EmbeddedServer } from './embedded-server.js';

const DIST = path.resolve(import.meta.dirname, '../../dist');
const PASSWORD = 'the password of a bench';
const READY_SECONDS = 120;
const LOOK_EVERY_MILLIS = 10;
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

export interface AppSettings {
  readonly dataDir: string;
  /** 2: one that serves, one that works. */
  readonly processes: 1 | 2;
  /** More arguments for Node, such as `--cpu-prof`. */
  readonly nodeArguments: readonly string[];
}

export interface Imported {
  readonly seconds: number;
  readonly lines: number;
}

interface ImportAnswer {
  readonly status: string;
  readonly counts: { readonly created: number; readonly refused: number };
  readonly error: unknown;
}

/** The product as a user starts it: the built program on its embedded database, everything on, its log going to a file. */
export class App {
  private processes: ChildProcess[] = [];
  private server: EmbeddedServer;
  private owner: Client;
  private token = '';

  private constructor(
    private readonly settings: AppSettings,
    readonly port: number,
  ) {}

  /** Started, and signed in with an API key that may do everything. */
  static async start(settings: AppSettings): Promise<App> {
    await mkdir(settings.dataDir, { recursive: true });
    const app = new App(settings, await freePort());
    try {
      await app.begin();
      await app.signIn();
    } catch (error) {
      await app.stop();
      throw error;
    }
    return app;
  }

  /** @returns seconds from launch to ready */
  async restart(): Promise<number> {
    await this.stop();
    return this.begin();
  }

  async stop(): Promise<void> {
    await this.owner?.end().catch(() => undefined);
    // The one that has the database ends last.
    for (const child of this.processes.reverse()) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null && child.kill()) await ended;
    }
    this.processes = [];
  }

  /** What a request needs to be let in. */
  signed(ask: Ask): Ask {
    return { ...ask, headers: { Authorization: `Bearer ${this.token}`, ...ask.headers } };
  }

  async get<T>(address: string): Promise<T> {
    return JSON.parse(await this.text({ method: 'GET', path: address })) as T;
  }

  async post<T>(address: string, body: object): Promise<T> {
    return JSON.parse(await this.text({ method: 'POST', path: address, body: JSON.stringify(body) })) as T;
  }

  async text(ask: Ask): Promise<string> {
    return (await askOnce(this.port, this.signed(ask))).body;
  }

  /** The owner's connection, to look into the database beside the app. */
  get database(): Client {
    return this.owner;
  }

  get postgres(): EmbeddedServer {
    return this.server;
  }

  cpu(): CpuMicros {
    const each = this.processes.map((child) => cpuOfProcess(child.pid!));
    return each.some((micros) => micros === undefined) ? undefined : each.reduce<number>((sum, micros) => sum + micros!, 0);
  }

  /** Resident bytes of the process that serves. */
  memory(): number | undefined {
    return memoryOf(this.processes[0]!.pid!);
  }

  /**
   * Seconds by which the event loop came late since the last look, 99th percentile. The metric holds the interval of its own
   * timer too, which is taken off; a look sets it back.
   */
  async loopDelayP99(): Promise<number> {
    const TIMER_SECONDS = 0.01;
    const text = await this.text({ method: 'GET', path: '/metrics' });
    return Math.max(0, Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(text)?.[1]) - TIMER_SECONDS);
  }

  /** Brings a file in as an integrator would. @returns seconds from the upload's first byte to the end of the operation */
  async import({ resource, mapping, text, lines }: ShopFile): Promise<Imported> {
    const began = performance.now();
    const upload = await askOnce(this.port, this.signed({ method: 'POST', path: '/v1/uploads', body: text, headers: { 'Content-Type': 'text/csv' } }));
    const { id: uploadId } = JSON.parse(upload.body) as { id: string };
    const { id } = await this.post<{ id: string }>('/v1/imports', { uploadId, resource, mapping });
    for (;;) {
      const { status, counts, error } = await this.get<ImportAnswer>(`/v1/imports/${id}`);
      if (status === 'failed' || status === 'cancelled') throw new Error(`The import of ${resource} ${status}: ${JSON.stringify(error)}`);
      if (status === 'succeeded') {
        const seconds = (performance.now() - began) / 1000;
        if (counts.created !== lines) throw new Error(`Of ${lines} ${resource} ${counts.created} were created and ${counts.refused} refused.`);
        return { seconds, lines };
      }
      await pause(LOOK_EVERY_MILLIS * 5);
    }
  }

  /** Waits until every event has met every consumer and every audit row is in the chain. @returns seconds */
  async settle(): Promise<number> {
    const began = performance.now();
    const busy = `
      select exists (select from platform.outbox) or exists (select from platform.audit_inbox) or exists (
        select from platform.consumer c, platform.log_head h where c.lane < c.lanes and c.position < h.position) as busy`;
    for (;;) {
      const { rows } = await this.owner.query<{ busy: boolean }>({ name: 'busy', text: busy });
      if (!rows[0]!.busy) return (performance.now() - began) / 1000;
      await pause(LOOK_EVERY_MILLIS);
    }
  }

  /** What the processes have written to their log, for when something went wrong. */
  async lastWords(): Promise<string> {
    return (await readFile(this.logFile, 'utf8').catch(() => '')).slice(-3000);
  }

  private get logFile(): string {
    return path.join(this.settings.dataDir, 'app.log');
  }

  private async begin(): Promise<number> {
    const split = this.settings.processes === 2;
    const began = performance.now();
    const main = this.launch('main', { PORT: String(this.port), PROCESS_ROLE: split ? 'api' : 'all' });
    await this.ready(main);
    const seconds = (performance.now() - began) / 1000;
    this.server = await embeddedServerIn(this.settings.dataDir);
    this.owner = await connected(this.server.urlOf('shuke'));
    if (split) this.launch('worker', { DATABASE_URL: this.server.urlOf('shuke') });
    return seconds;
  }

  private launch(program: 'main' | 'worker', environment: Readonly<Record<string, string>>): ChildProcess {
    const inherited = Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, [...this.settings.nodeArguments, path.join(DIST, `${program}.js`)], {
      env: { ...inherited, DATA_DIR: this.settings.dataDir, ADMIN_PASSWORD: PASSWORD, ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const end = (): void => void child.kill();
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    this.processes.push(child);
    return child;
  }

  private async ready(main: ChildProcess): Promise<void> {
    const deadline = performance.now() + READY_SECONDS * 1000;
    while (performance.now() < deadline) {
      if (main.exitCode !== null) throw new Error(`The app ended with ${main.exitCode} instead of starting:\n${await this.lastWords()}`);
      const isReady = await askOnce(this.port, { method: 'GET', path: '/health/ready' }).then(() => true, () => false);
      if (isReady) return;
      await pause(LOOK_EVERY_MILLIS);
    }
    throw new Error(`The app was not ready within ${READY_SECONDS} s:\n${await this.lastWords()}`);
  }

  private async signIn(): Promise<void> {
    const session = await this.post<{ accessToken: string }>('/v1/sessions', { email: 'admin@example.com', password: PASSWORD });
    this.token = session.accessToken;
    const { permissions } = await this.get<{ permissions: string[] }>('/v1/me');
    // An access token would run out in a long bench.
    const { key } = await this.post<{ key: string }>('/v1/api-keys', { name: `bench ${randomUUID()}`, scopes: permissions });
    this.token = key;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
