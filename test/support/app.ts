import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { DestinationStream } from 'pino';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { Clock, FixedClock } from '../../src/kernel/clock.js';
import type { BuiltInRole } from '../../src/kernel/permission.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Database } from '../../src/platform/database/database.js';
import { ConsumerRunner } from '../../src/platform/events/consumer-runner.js';
import { drain } from '../../src/platform/http/drain.js';
import { createAdapter } from '../../src/platform/http/server.js';
import { createLogger } from '../../src/platform/observability/create-logger.js';
import { Workers } from '../../src/platform/workers.js';
import { FirstAdministrator } from '../../src/security/staff/use-cases/first-administrator.js';
import { furnish } from '../../src/shell.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

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
  /** Another way to the database, e.g. through a proxy that can be cut. */
  readonly through?: (databaseUrl: string) => string;
  /** Where log lines go; nowhere without it. */
  readonly log?: DestinationStream;
}

export const ADMINISTRATOR = { email: 'admin@shop.example', password: 'correct horse battery staple' } as const;

const TEST_ENVIRONMENT = {
  NODE_ENV: 'test',
  PORT: '0',
  LOG_LEVEL: 'silent',
  DATABASE_POOL: '8',
  // A test shares its process with the app, and what it works out itself must not turn its requests away.
  MAX_LOOP_DELAY_MS: '60000',
  // Where a chunk ends must not depend on how often a test asks.
  OPERATIONS_GIVE_WAY: 'false',
  MASTER_KEY: `test:${'01'.repeat(32)},index:${'02'.repeat(32)}`,
  ADMIN_EMAIL: ADMINISTRATOR.email,
  ADMIN_PASSWORD: ADMINISTRATOR.password,
} as const;

/** The whole product on a database of its own, listening on a free port. Close it in `afterAll`. */
export async function startApp(options: StartOptions = {}): Promise<TestApp> {
  const place = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'shuke-'));
  return TestApp.start(place, dataDir, options).catch(async (error: unknown) => {
    await discard(place, dataDir);
    throw error;
  });
}

export class TestApp {
  private readonly clients = new Map<Role, Promise<Http>>();

  private constructor(
    private readonly place: TestDatabase,
    private readonly dataDir: string,
    private readonly options: StartOptions,
    readonly nest: NestFastifyApplication,
    /** `http://127.0.0.1:<port>` */
    readonly url: string,
    private readonly fixedClock: FixedClock | undefined,
  ) {}

  static async start(place: TestDatabase, dataDir: string, options: StartOptions): Promise<TestApp> {
    const config = readConfig({ ...TEST_ENVIRONMENT, DATA_DIR: dataDir, ...options.config });
    const logger = createLogger(options.log ? 'info' : config.logLevel, options.log);
    const clock = options.now === undefined ? undefined : new FixedClock(new Date(options.now));
    const building = Test.createTestingModule({
      imports: [AppModule.forRoot({ config, databaseUrl: options.through?.(place.appUrl) ?? place.appUrl, logger }), ...(options.modules ?? [])],
    });
    if (clock) building.overrideProvider(Clock).useValue(clock);
    const nest = (await building.compile()).createNestApplication<NestFastifyApplication>(createAdapter(config), { bodyParser: false, logger: false });
    try {
      furnish(nest);
      await nest.listen(config.port, '127.0.0.1');
      const workers = nest.get(Workers);
      await workers.listen();
      if (options.workers) await workers.start();
    } catch (error) {
      await nest.close();
      throw error;
    }
    const { port } = nest.getHttpServer().address() as AddressInfo;
    return new TestApp(place, dataDir, options, nest, `http://127.0.0.1:${port}`, clock);
  }

  /** Requests of somebody who is not signed in. */
  get http(): Http {
    return supertest.agent(this.url);
  }

  /** The product's own door to the database, as the app role. */
  get database(): Database {
    return this.nest.get(Database);
  }

  get clock(): FixedClock {
    if (!this.fixedClock) throw new Error('This app runs on real time. Start it with { now: "2026-01-15T08:00:00Z" } to hold the clock.');
    return this.fixedClock;
  }

  /** A provider of any module. */
  get<T>(type: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.nest.get(type as Type<T>, { strict: false });
  }

  /** Runs SQL as the owner: to look at rows, plant them, or tamper with them. */
  asOwner<Row = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<Row[]> {
    return this.place.asOwner(sql, params) as Promise<Row[]>;
  }

  /** Applies every event committed so far. */
  async drainEvents(): Promise<void> {
    await this.nest.get(ConsumerRunner).drain();
  }

  asAdmin(): Promise<Http> {
    return this.as('administrator');
  }

  /** A client signed in as a member of staff with this built-in role. */
  as(role: Role): Promise<Http> {
    const known = this.clients.get(role) ?? this.enter(role);
    this.clients.set(role, known);
    return known;
  }

  /** Signs in afresh, with a session of its own. */
  async signIn(email: string, password: string): Promise<Http> {
    const answer = await this.http.post('/v1/sessions').send({ email, password });
    if (answer.status !== 201) throw new Error(`Cannot sign in as ${email}: ${answer.status} ${answer.text}`);
    return supertest.agent(this.url).set('Authorization', `Bearer ${String(answer.body.accessToken)}`);
  }

  /** The same database and keys in the next process: nothing but what was stored is left. */
  async restart(options: StartOptions = {}): Promise<TestApp> {
    await drain(this.nest);
    return TestApp.start(this.place, this.dataDir, { ...this.options, ...options });
  }

  async close(): Promise<void> {
    await drain(this.nest);
    await discard(this.place, this.dataDir);
  }

  private async enter(role: Role): Promise<Http> {
    if (role === 'administrator') {
      await this.get(FirstAdministrator).ensure();
      return this.signIn(ADMINISTRATOR.email, ADMINISTRATOR.password);
    }
    const admin = await this.asAdmin();
    const email = `${role}@shop.example`;
    const password = `the ${role} of the test shop`;
    const made = await admin.post('/v1/users').send({ email, password, name: `The ${role}`, roles: [role] });
    if (made.status !== 201 && made.body.code !== 'email_taken') throw new Error(`Cannot make a ${role}: ${made.status} ${made.text}`);
    return this.signIn(email, password);
  }
}

async function discard(place: TestDatabase, dataDir: string): Promise<void> {
  await place.drop();
  await rm(dataDir, { recursive: true, force: true });
}
