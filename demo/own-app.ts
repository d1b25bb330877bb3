import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DEMO_USER, Refusal, type Options } from './options.js';

const MAIN = path.resolve(import.meta.dirname, '../dist/main.js');
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'SystemRoot'];
const READY_SECONDS = 120;
const LOOK_EVERY_MS = 50;

/** Shuke in a process of its own, on the demo's folder. */
export class OwnApp {
  private readonly ended: Promise<number | null>;
  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.ended = new Promise((resolve) => child.once('exit', resolve));
  }

  /** @throws Refusal with the app's own words if it does not come up. */
  static async start({ dataDir, port }: Options): Promise<OwnApp> {
    const folder = path.resolve(dataDir);
    mkdirSync(folder, { recursive: true });
    const inherited = Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    const child = spawn(process.execPath, [MAIN], {
      // Neither the environment nor a .env beside package.json, which may name a database with real people in it.
      cwd: folder,
      env: { ...inherited, DATA_DIR: folder, PORT: String(port), HOST: '127.0.0.1', ADMIN_EMAIL: DEMO_USER.email, ADMIN_PASSWORD: DEMO_USER.password, LOG_LEVEL: 'warn', DOCS: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const app = new OwnApp(child, `http://localhost:${port}`);
    app.keepWords(path.join(folder, 'shuke.log'));
    await app.ready();
    return app;
  }

  /** Resolves when the process has ended, whoever ended it. */
  get end(): Promise<number | null> {
    return this.ended;
  }

  /** Lets it finish what is under way. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.ended;
  }

  get lastWords(): string {
    return this.said.trim();
  }

  private keepWords(file: string): void {
    const log = createWriteStream(file);
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.pipe(log, { end: false });
      stream.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-2000)));
    }
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_SECONDS * 1000;
    while (Date.now() < deadline) {
      if (this.child.exitCode !== null) throw new Refusal(this.lastWords);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok && this.child.exitCode === null) return;
      await pause(LOOK_EVERY_MS);
    }
    await this.stop();
    throw new Refusal(`Shuke was not ready after ${READY_SECONDS} s. It said:\n${this.lastWords}`);
  }
}
