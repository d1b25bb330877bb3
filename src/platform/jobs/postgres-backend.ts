import { PostgresConnection, PostgresQueueBackend, type BackendFactory, type IQueueBackend, type PgQueryable, type QueueBaseOptions } from 'bullmq';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Sql } from '../database/sql.js';
import { sql } from '../database/statement.js';
import type { QueueBackend } from './queue-backend.js';
import { QUEUE_SCHEMA } from './queue-schema.js';

const MAKE_QUEUES = sql<never>('jobs.make_queues', `select platform.make_queue(name) from unnest($1::text[]) as queue (name)`);

/** One of them listens for all queues of the process, the others run the engine's short statements. */
const CONNECTIONS = 5;
const STATEMENT_MILLIS = 10_000;
const PING_MILLIS = 1_000;

/**
 * The engine opens a listening connection for every worker; ours is one that all queues share, so it outlives each of them.
 * (Workers only add and remove their own listeners on it.)
 */
class SharedConnection extends PostgresConnection {
  private readonly inTurn = new WeakSet<object>();

  /** Every queue sends its LISTEN when it starts; the driver is about to refuse statements that overlap on one connection. */
  override async getListenClient(): ReturnType<PostgresConnection['getListenClient']> {
    const client = await super.getListenClient();
    if (!this.inTurn.has(client)) {
      this.inTurn.add(client);
      takeTurns(client);
    }
    return client;
  }

  override async close(): Promise<void> {}

  end(): Promise<void> {
    return super.close();
  }
}

function takeTurns(client: PgQueryable): void {
  const query = client.query.bind(client) as PgQueryable['query'];
  let last: Promise<unknown> = Promise.resolve();
  client.query = <Row>(text: string, params?: readonly unknown[]) => {
    const answer = last.then(() => query<Row>(text, params));
    last = answer.catch(() => undefined);
    return answer;
  };
}

export class PostgresBackend implements QueueBackend {
  readonly kind = 'postgres';
  readonly prefix = '';
  readonly factory: BackendFactory<IQueueBackend, unknown>;

  private constructor(
    private readonly pool: Pool,
    readonly connection: SharedConnection,
  ) {
    this.factory = (name, options) => new PostgresQueueBackend(connection, name, options as QueueBaseOptions<SharedConnection['pool']>);
  }

  /** @throws if the database cannot be reached or lacks the engine's tables: the engine would remember that failure for good. */
  static async open(url: string, database: Sql, queues: readonly string[], logger: Logger): Promise<PostgresBackend> {
    await database.query(MAKE_QUEUES, [queues]);
    const pool = new Pool({
      connectionString: url,
      application_name: 'shuke-jobs',
      max: CONNECTIONS,
      options: `-c search_path=${QUEUE_SCHEMA}`,
      statement_timeout: STATEMENT_MILLIS,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    // Each queue adds listeners of its own to what they share.
    pool.setMaxListeners(0);
    pool.on('connect', (client) => client.setMaxListeners(0));
    pool.on('error', (error) => logger.warn({ err: error }, 'idle job connection lost'));
    const connection = new SharedConnection(pool);
    connection.setMaxListeners(0);
    connection.on('error', () => undefined);
    try {
      await connection.waitUntilReady();
    } catch (error) {
      await pool.end();
      throw error;
    }
    return new PostgresBackend(pool, connection);
  }

  isUsable(): boolean {
    return true;
  }

  async answers(): Promise<boolean> {
    try {
      await this.pool.query({ text: 'select 1', query_timeout: PING_MILLIS } as { text: string });
      return true;
    } catch {
      return false;
    }
  }

  onReturn(listener: () => void): void {
    this.connection.on('listenerinvalidated', listener);
  }

  async close(): Promise<void> {
    await this.connection.end();
    await this.pool.end();
  }
}
