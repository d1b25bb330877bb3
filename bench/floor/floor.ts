import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Client } from 'pg';
import { connected, type EmbeddedServer } from '../app/embedded-server.js';
import type { Ask } from '../http/connection.js';
import { askOnce } from '../http/load.js';
import { cpuOfProcess, type CpuMicros } from '../machine/cpu.js';
import { TABLES } from './tables.js';

const DATABASE = 'floor';

/** What the app is measured against: its own process, its own database on the same PostgreSQL server. */
export class Floor {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    readonly database: Client,
  ) {}

  static async start(server: EmbeddedServer): Promise<Floor> {
    await makeDatabase(server);
    const url = server.urlOf(DATABASE);
    const child = fork(path.join(import.meta.dirname, '..', 'typescript.mjs'), ['./floor/server.ts', url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (message) => resolve(message as number));
      child.once('exit', (code) => reject(new Error(`The floor ended with ${code} instead of starting.`)));
    });
    return new Floor(child, port, await connected(url));
  }

  async get<T>(address: string): Promise<T> {
    return this.ask({ method: 'GET', path: address });
  }

  async ask<T>(what: Ask): Promise<T> {
    return JSON.parse((await askOnce(this.port, what)).body) as T;
  }

  cpu(): CpuMicros {
    return cpuOfProcess(this.child.pid!);
  }

  async stop(): Promise<void> {
    await this.database.end();
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode === null && this.child.kill()) await ended;
  }
}

async function makeDatabase(server: EmbeddedServer): Promise<void> {
  const owner = await connected(server.urlOf('shuke'));
  try {
    const { rowCount } = await owner.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount !== 0) return;
    await owner.query(`create database ${DATABASE}`);
  } finally {
    await owner.end();
  }
  const made = await connected(server.urlOf(DATABASE));
  try {
    await made.query(TABLES);
  } finally {
    await made.end();
  }
}
