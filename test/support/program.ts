import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { until } from './until.js';

const DIST = path.resolve(import.meta.dirname, '../../dist');
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** The built product as its own process, as a user or an operator has it. `npm test` builds it first. */
export class Program {
  private said = '';
  private complained = '';
  private readonly exited: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (this.complained += chunk.toString()));
    this.exited = new Promise((resolve) => child.once('exit', resolve));
  }

  /** @param entry `main` or `worker`; nothing of the test's own environment is passed on. */
  static run(entry: 'main' | 'worker', environment: Readonly<Record<string, string>>): Program {
    const inherited = Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    return new Program(spawn(process.execPath, [path.join(DIST, `${entry}.js`)], { env: { ...inherited, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get output(): string {
    return this.said;
  }

  get complaint(): string {
    return this.complained;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** @throws if it ends before it says this, or says nothing like it in 60 s. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(`the program saying ${String(pattern)}`, () => {
      const found = pattern.exec(this.said);
      if (!found && this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.complained || this.said}`);
      return found;
    }, 60);
  }

  /** The exit code; null if a signal ended it. */
  ended(): Promise<number | null> {
    return this.exited;
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.exited;
  }
}

/** A port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
