import { transformFileSync } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SOURCES = path.resolve('src/platform/database/embedded');

/**
 * Another Node process that starts the embedded database, to be killed: what a kill leaves behind cannot be had within
 * the test's own process. `folder` holds its program, compiled from the present sources.
 */
export class StarterProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** What it printed when its database was ready. */
    readonly ownerUrl: string,
  ) {}

  static async running(folder: string, dataDir: string): Promise<StarterProcess> {
    const child = spawn(process.execPath, [program(folder), dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ownerUrl = await new Promise<string>((resolve, reject) => {
      child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      child.once('exit', (code) => reject(new Error(`The starter ended with ${code} before its database was ready.`)));
    });
    return new StarterProcess(child, ownerUrl);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Without a chance to clear up. */
  kill(): Promise<void> {
    return this.ended('SIGKILL');
  }

  /** Ends by itself, as after an uncaught error, without having stopped its database. */
  leave(): Promise<void> {
    return this.ended('SIGUSR2');
  }

  private async ended(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await gone;
  }
}

function program(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(SOURCES).filter((file) => file.endsWith('.ts'))) {
    const { code } = transformFileSync(path.join(SOURCES, name), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    writeFileSync(path.join(folder, name.replace(/\.ts$/, '.js')), code);
  }
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'start.js');
  writeFileSync(
    file,
    `import { startEmbeddedPostgres } from './embedded-postgres.js';
     const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] });
     process.on('SIGUSR2', () => process.exit(1));
     setInterval(() => undefined, 1000);
     console.log(postgres.ownerUrl);`,
  );
  return file;
}
