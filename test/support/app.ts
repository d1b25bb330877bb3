import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Pool } from 'pg';
import type { DestinationStream } from 'pino';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { Clock, FixedClock } from '../../src/kernel/clock.js';
import type { BuiltInRole } from '../../src/kernel/permission.js';
import { readConfig } from '../../src/platform/config/config.js';
import { appRoleUrl } from '../../src/platform/database/app-role.js';
import { Database } from '../../src/platform/database/database.js';
import { ConsumerRunner } from '../../src/platform/events/consumer-runner.js';
import { createAdapter } from '../../src/platform/http/server.js';
import { createLogger } from '../../src/platform/observability/create-logger.js';
import { Workers } from '../../src/platform/workers.js';
import { furnish } from '../../src/shell.js';
import { StandInAccess } from './stand-in-access.js';
import { databaseUrl, execute, SERVER_VARIABLE, TEMPLATE } from './test-server.js';

export type Http = ReturnType<typeof supertest.agent>;
export type Role = BuiltInRole | 'administrator';

export interface StartOptions {
  /** Environment variables over the test's own. */
  readonly config?: Readonly<Record<string, string>>;
  /** Runs consumers, jobs and sealing in the background; without it, `drainEvents()` applies events when told. */
  readonly workers?: boolean;
  /** The clock stands at this instant until moved; without it, time passes. */
  readonly now?: string;
  /** Modules beside the product's own, e.g. with a route no product has. */
  readonly modules?: readonly (Type | DynamicModule)[];
  /** Where log lines go; nowhere without it. */
  readonly log?: DestinationStream;
}

const KEYRING_TEXT = `test:${'01'.repeat(32)},index:${'02'.repeat(32)}`;
const APP_PASSWORD = 'test-app-role';
const DEFAULTS = { NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: '0', DATABASE_POOL: '5', MASTER_KEY: KEYRING_TEXT } as const;

/** The whole product on a database of its own, listening on a free port. Close it in `afterAll`. */
export async function startApp(options: StartOptions = {}): Promise<TestApp> {
  const server = process.env[SERVER_VARIABLE];
  if (!server) throw new Error(`${SERVER_VARIABLE} is not set: system tests run under Jest's global set-up (npm test).`);
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  const ownerUrl = databaseUrl(server, name);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'shuke-'));
  return TestApp.start({ ...options, server, name, ownerUrl, dataDir, appUrl: await appRoleUrl(ownerUrl, APP_PASSWORD) });
}

interface Place extends StartOptions {
  readonly server: string;
  readonly name: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly dataDir: string;
}

export class TestApp {
  private readonly clients = new Map<Role, Promise<Http>>();

  private constructor(
    private readonly place: Place,
    readonly nest: NestFastifyApplication,
    /** `http://127.0.0.1:<port>` */
    readonly url: string,
    /** Nobody is signed in here. */
    readonly http: Http,
    /** As the owner, to look at rows and to plant them. */
    readonly owner: Pool,
    private readonly fixedClock: FixedClock | undefined,
  ) {}

  static async start(place: Place): Promise<TestApp> {
    const config = readConfig({ ...DEFAULTS, DATA_DIR: place.dataDir, ...place.config });
    const logger = createLogger(place.log ? 'info' : config.logLevel, place.log);
    const clock = place.now === undefined ? undefined : new FixedClock(new Date(place.now));
    const building = Test.createTestingModule({ imports: [AppModule.forRoot({ config, databaseUrl: place.appUrl, logger }), StandInAccess, ...(place.modules ?? [])] });
    if (clock) building.overrideProvider(Clock).useValue(clock);
    const nest = (await building.compile()).createNestApplication<NestFastifyApplication>(createAdapter(config), { bodyParser: false, logger: false });
    furnish(nest);
    await nest.listen(config.port, '127.0.0.1');
    const workers = nest.get(Workers);
    await workers.listen();
    if (place.workers) await workers.start();
    const { port } = nest.getHttpServer().address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    return new TestApp(place, nest, url, supertest.agent(url), new Pool({ connectionString: place.ownerUrl, max: 2 }), clock);
  }

  /** The product's own door to the database, as the app role. */
  get database(): Database {
    return this.nest.get(Database);
  }

  get clock(): FixedClock {
    if (!this.fixedClock) throw new Error('This app runs on real time. Start it with { now: "2026-01-15T08:00:00Z" } to hold the clock.');
    return this.fixedClock;
  }

  get<T>(type: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.nest.get(type, { strict: false });
  }

  /** Rows of one statement, as the owner. */
  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(text, [...values])).rows;
  }

  /** Applies every event committed so far. */
  async drainEvents(): Promise<void> {
    await this.nest.get(ConsumerRunner).drain();
  }

  asAdmin(): Promise<Http> {
    return this.as('administrator');
  }

  /** A client signed in with this built-in role. */
  as(role: Role): Promise<Http> {
    const known = this.clients.get(role) ?? this.signIn(role);
    this.clients.set(role, known);
    return known;
  }

  /** The same database, the next process: nothing but what was stored is left. */
  async restart(options: StartOptions = {}): Promise<TestApp> {
    await this.stop();
    return TestApp.start({ ...this.place, ...options });
  }

  async close(): Promise<void> {
    await this.stop();
    await execute(this.place.server, `drop database ${this.place.name} with (force)`);
    await rm(this.place.dataDir, { recursive: true, force: true });
  }

  private async stop(): Promise<void> {
    await this.nest.close();
    await this.owner.end();
  }

  private async signIn(role: Role): Promise<Http> {
    return supertest.agent(this.url).set('Authorization', `Bearer ${role}`);
  }
}
