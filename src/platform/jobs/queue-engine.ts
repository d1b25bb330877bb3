import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { Database } from '../database/database.js';
import { DATABASE_URL } from '../database/database.module.js';
import { RootLogger } from '../observability/logger.js';
import { JOB_SETTINGS, type JobSettings } from './job-settings.js';
import { PostgresBackend } from './postgres-backend.js';
import { Queues } from './queues.js';
import { RedisBackend } from './redis-backend.js';

/** Chooses where the queue engine keeps its things: Redis where REDIS_URL is set, else the PostgreSQL that is there anyway. */
@Injectable()
export class QueueEngine {
  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
    private readonly logger: RootLogger,
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
    @Inject(JOB_SETTINGS) readonly settings: JobSettings,
  ) {}

  get kind(): 'postgres' | 'redis' {
    return this.config.redisUrl ? 'redis' : 'postgres';
  }

  /** @throws if PostgreSQL cannot be reached. A Redis that is away is waited for in the background. */
  async open(names: readonly string[]): Promise<Queues> {
    const { redisUrl } = this.config;
    const { pino } = this.logger;
    const backend = redisUrl ? await RedisBackend.open(redisUrl, this.database, pino) : await PostgresBackend.open(this.databaseUrl, this.database, names, pino);
    return new Queues(backend, this.settings, pino);
  }
}
