import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { openJobProcess, type JobProcess, type JobProcessOptions } from './job-process.js';
import { hasRedisServer, startRedisServer, type RedisServer } from './redis-server.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export type Backend = 'postgres' | 'redis';

/** Where the promises about jobs are checked on this machine. */
export const backends: readonly Backend[] = hasRedisServer() ? ['postgres', 'redis'] : ['postgres'];

/** Where processes of one installation meet: for each test a database of its own, for all of a `describe` one queue backend. */
export class JobPlace {
  private made: TestDatabase | undefined;
  private server: RedisServer | undefined;
  private open: JobProcess[] = [];

  private constructor(private readonly backend: Backend, private readonly table: string) {}

  /** For the body of a `describe`. @param table for the effects of jobs, e.g. `effect (number int not null)` */
  static forEachTest(backend: Backend, table: string): JobPlace {
    const place = new JobPlace(backend, table);
    beforeAll(() => place.startBackend());
    beforeEach(() => place.furnish());
    afterEach(() => place.clear());
    afterAll(() => place.server?.kill());
    return place;
  }

  get database(): TestDatabase {
    if (!this.made) throw new Error('There is a database only while a test runs.');
    return this.made;
  }

  get redis(): RedisServer | undefined {
    return this.server;
  }

  async process(options: Partial<JobProcessOptions> = {}): Promise<JobProcess> {
    const process = await openJobProcess({ url: this.database.appUrl, redisUrl: this.server?.url, ...options });
    this.open.push(process);
    return process;
  }

  private async startBackend(): Promise<void> {
    if (this.backend === 'redis') this.server = await startRedisServer();
  }

  private async furnish(): Promise<void> {
    this.made = await createTestDatabase();
    await this.made.asOwner(`create table public.${this.table}`);
    await this.made.asOwner(`grant select, insert on public.${this.table.split(' ', 1)[0]} to shuke_app`);
  }

  private async clear(): Promise<void> {
    await Promise.all(this.open.map((process) => process.close()));
    this.open = [];
    await this.made?.drop();
    this.made = undefined;
  }
}
