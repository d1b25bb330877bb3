import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BINARY = path.join(ROOT, 'bin/shuke');
const SCRIPT = '/usr/bin/script';
const BUILT = path.join(ROOT, 'cli/dist/cli/src/main.js');

/** Whether this machine can give a program a terminal. */
export const HAS_TERMINALS = existsSync(SCRIPT) && process.platform === 'linux';

export interface Said {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Typing {
  /** Written to stdin, which is closed then. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The built command line in a process of its own, for a user with a home of their own. Remove it in `afterAll`. */
export class ShukeUser {
  private constructor(readonly home: string) {}

  static async create(): Promise<ShukeUser> {
    if (!existsSync(BUILT)) throw new Error('There is no build of the command line: run this through "npm test", or "npm run build" first.');
    return new ShukeUser(await mkdtemp(path.join(tmpdir(), 'shuke-user-')));
  }

  /** A path in the user's folder. */
  at(name: string): string {
    return path.join(this.home, name);
  }

  runs(words: readonly string[], typing: Typing = {}): Promise<Said> {
    return this.starts(words, typing).ended;
  }

  /** @param heard gets what it says so far each time it says more, and may end the process */
  starts(words: readonly string[], { input = '', environment }: Typing = {}, heard?: (said: Said, end: (signal: NodeJS.Signals) => void) => void): { readonly ended: Promise<Said> } {
    const child = spawn(process.execPath, [BINARY, ...words], {
      cwd: this.home,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.home, LANG: 'C.UTF-8', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = { code: null as number | null, stdout: '', stderr: '' };
    // One signal only: a second Ctrl-C ends a program at once.
    const end = (signal: NodeJS.Signals) => void (child.killed || child.kill(signal));
    const hear = (stream: 'stdout' | 'stderr') => (chunk: string) => {
      said[stream] += chunk;
      heard?.(said, end);
    };
    child.stdout.setEncoding('utf8').on('data', hear('stdout'));
    child.stderr.setEncoding('utf8').on('data', hear('stderr'));
    child.stdin.on('error', () => undefined).end(input);
    return { ended: new Promise((resolve) => child.once('close', (code) => resolve({ ...said, code }))) };
  }

  /**
   * At a terminal, where `script` gives it one.
   * @param answers what is typed once a question has been shown, in their order
   * @returns all that the terminal showed
   */
  atTerminal(words: readonly string[], answers: readonly (readonly [question: string, answer: string])[] = [], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const command = [process.execPath, BINARY, ...words].map((word) => `'${word}'`).join(' ');
    const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
      cwd: this.home,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.home, LANG: 'C.UTF-8', TERM: 'xterm', ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const open = [...answers];
    let shown = '';
    let asked = 0;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk;
      const [question, answer] = open[0] ?? [];
      if (question === undefined || !shown.slice(asked).includes(question)) return;
      open.shift();
      asked = shown.length;
      child.stdin.write(answer);
    });
    return new Promise((resolve) => child.once('close', () => resolve(shown)));
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}
