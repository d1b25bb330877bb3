import { createRedisBackend, type BackendFactory, type IQueueBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { sql } from '../database/statement.js';
import type { Sql } from '../database/sql.js';
import type { QueueBackend } from './queue-backend.js';

/** Two installations may share a Redis, and their databases may even be named alike; this pair is the database's own. */
const IDENTITY = sql<{ identity: string }>('jobs.installation', `
  select c.system_identifier::text || '-' || d.oid::text as identity
    from pg_control_system() c, pg_database d where d.datname = current_database()`);

const SLOWEST_RECONNECT_MILLIS = 5_000;
const PING_MILLIS = 1_000;

/** One connection for commands, and one for each worker to wait on. It comes back by itself whenever Redis does. */
export class RedisBackend implements QueueBackend {
  readonly kind = 'redis';
  readonly factory: BackendFactory<IQueueBackend, unknown>;
  readonly connection: Redis;
  private readonly duplicates: Redis[] = [];

  private constructor(
    url: string,
    readonly prefix: string,
    logger: Logger,
  ) {
    this.connection = new Redis(url, {
      // Workers wait for Redis as long as it takes; the dispatcher asks `isUsable` first and never queues into the void.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 6), SLOWEST_RECONNECT_MILLIS),
      connectTimeout: 5_000,
      keepAlive: 10_000,
    });
    this.connection.setMaxListeners(0);
    this.connection.on('error', (error) => logger.warn({ err: error }, 'the job queue on Redis cannot be reached; jobs wait in PostgreSQL'));
    const duplicate = this.connection.duplicate.bind(this.connection);
    this.connection.duplicate = (options) => {
      const copy = duplicate(options);
      this.duplicates.push(copy);
      return copy;
    };
    this.factory = createRedisBackend as BackendFactory<IQueueBackend, unknown>;
  }

  static async open(url: string, database: Sql, logger: Logger): Promise<RedisBackend> {
    const [row] = await database.query(IDENTITY);
    return new RedisBackend(url, `shuke-${row?.identity}`, logger);
  }

  isUsable(): boolean {
    return this.connection.status === 'ready';
  }

  async answers(): Promise<boolean> {
    if (!this.isUsable()) return false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), PING_MILLIS);
    });
    try {
      return await Promise.race([this.connection.ping().then(() => true, () => false), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  onReturn(listener: () => void): void {
    this.connection.on('ready', listener);
  }

  close(): Promise<void> {
    for (const connection of [...this.duplicates, this.connection]) connection.disconnect();
    return Promise.resolve();
  }
}
