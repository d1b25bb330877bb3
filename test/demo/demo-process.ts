import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { until } from '../support/until.js';

const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/demo.mjs');
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** `npm run demo` as its own process. */
export class DemoProcess {
  output = '';
  remarks = '';
  private readonly exited: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (this.remarks += chunk.toString()));
    this.exited = new Promise((resolve) => child.once('close', resolve));
  }

  static start(...args: readonly string[]): DemoProcess {
    const env = Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    return new DemoProcess(spawn(process.execPath, [SCRIPT, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Runs to its end. @returns what it printed; throws if it did not end well */
  static async run(...args: readonly string[]): Promise<string> {
    const demo = DemoProcess.start(...args);
    const code = await demo.exited;
    if (code !== 0) throw new Error(`The demo ended with ${code}: ${demo.remarks}`);
    return demo.output;
  }

  /** The exit code. */
  ended(): Promise<number | null> {
    return this.exited;
  }

  /** Waits until it has printed this to either stream. */
  says(pattern: RegExp): Promise<unknown> {
    return until(`the demo saying ${String(pattern)}`, () => {
      if (this.child.exitCode !== null) throw new Error(`It ended with ${this.child.exitCode}: ${this.remarks}`);
      return pattern.test(this.output) || pattern.test(this.remarks);
    }, 120);
  }

  /** Ctrl-C. @returns the exit code */
  interrupt(): Promise<number | null> {
    if (this.child.exitCode === null) this.child.kill('SIGINT');
    return this.exited;
  }
}
