import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, types, type PoolConfig } from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { Clock, SystemClock } from '../../kernel/clock.js';
import { AppConfig } from '../config/config.js';
import { RootLogger } from '../observability/logger.js';
import { Channel } from './channel.js';
import { DATA_SOURCE, Database, OWN_WORK_POOL, READ_POOL } from './database.js';
import { ShortReads } from './short-reads.js';
import { Signals } from './signals.js';
import { READ_ONLY_OUTSIDE } from './transaction-pool.js';

export const DATABASE_URL = Symbol('URL of the app role');

export interface DatabaseOptions {
  /** Of the app role, not the owner. */
  readonly url: string;
  /** The mapping of every context's rows. */
  readonly tables: readonly EntitySchema[];
}

const INT8 = 20;
// Counts and minor units stay far below 2^53; as text they would be added by concatenation.
types.setTypeParser(INT8, Number);

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(READ_POOL) private readonly reads: Pool,
    @Inject(OWN_WORK_POOL) private readonly ownWork: Pool,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly channel: Channel,
  ) {}

  static forRoot({ url, tables }: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DATABASE_URL, useValue: url },
        { provide: Clock, useClass: SystemClock },
        { provide: READ_POOL, useFactory: (config: AppConfig, logger: RootLogger) => poolOf({ application_name: 'shuke-reads', connectionString: url, ...settings(config) }, logger), inject: [AppConfig, RootLogger] },
        { provide: OWN_WORK_POOL, useFactory: (config: AppConfig, logger: RootLogger) => poolOf({ application_name: 'shuke-own-work', connectionString: url, ...ofTransactions(config) }, logger), inject: [AppConfig, RootLogger] },
        { provide: DATA_SOURCE, useFactory: (config: AppConfig, logger: RootLogger) => dataSource(url, tables, config, logger), inject: [AppConfig, RootLogger] },
        Signals,
        Channel,
        Database,
        ShortReads,
      ],
      exports: [DATABASE_URL, Clock, READ_POOL, OWN_WORK_POOL, DATA_SOURCE, Signals, Channel, Database, ShortReads],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.channel.stop();
    await Promise.all([this.reads.end(), this.ownWork.end()]);
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** Of an index of fragments: longer ones are felt in each search (docs/adr/0011). kB, PostgreSQL's least. */
const PENDING_LIST = '-c gin_pending_list_limit=64';

function settings(config: AppConfig) {
  return {
    options: PENDING_LIST,
    max: config.databasePool,
    statement_timeout: config.statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  };
}

/** Their statements are pipelined. */
function ofTransactions(config: AppConfig) {
  return { ...settings(config), pipeline: true, options: `${PENDING_LIST} ${READ_ONLY_OUTSIDE}` };
}

function poolOf(config: PoolConfig, logger: RootLogger): Pool {
  const pool = new Pool(config);
  // An idle connection that breaks must not end the process; the next query opens another.
  pool.on('error', (error) => logger.pino.warn({ err: error }, 'idle database connection lost'));
  return pool;
}

async function dataSource(url: string, tables: readonly EntitySchema[], config: AppConfig, logger: RootLogger): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: [...tables],
    applicationName: 'shuke',
    poolErrorHandler: (error: Error) => logger.pino.warn({ err: error }, 'idle database connection lost'),
    extra: ofTransactions(config),
  });
  return source.initialize();
}
