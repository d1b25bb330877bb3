import { Pool } from 'pg';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { FixedClock } from '../../src/kernel/clock.js';
import '../../src/platform/database/database.module.js';
import { Database } from '../../src/platform/database/database.js';
import { Signals } from '../../src/platform/database/signals.js';
import { READ_ONLY_OUTSIDE, transactionPool } from '../../src/platform/database/transaction-pool.js';
import { ConsumerRunner } from '../../src/platform/events/consumer-runner.js';
import { Consumers } from '../../src/platform/events/consumers.js';
import { Redrive } from '../../src/platform/events/redrive.js';
import { Relay } from '../../src/platform/events/relay.js';
import { RootLogger } from '../../src/platform/observability/logger.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** The platform's database and event machinery on a database of its own, without the application around it. */
export interface Bare {
  readonly place: TestDatabase;
  readonly clock: FixedClock;
  readonly database: Database;
  /** Another process's worth of consumers and relay on the same database. */
  worker(register: (consumers: Consumers) => void): Worker;
  close(): Promise<void>;
}

export interface Worker {
  readonly consumers: Consumers;
  readonly relay: Relay;
  readonly redrive: Redrive;
  readonly runner: ConsumerRunner;
}

export async function openBare(): Promise<Bare> {
  const place = await createTestDatabase();
  const clock = new FixedClock(new Date('2026-03-01T00:00:00Z'));
  const logger = new RootLogger(pino({ level: 'silent' }));
  const pool = new Pool({ connectionString: place.appUrl, max: 20 });
  pool.on('error', () => undefined);
  const source = await new DataSource({ type: 'postgres', url: place.appUrl, entities: [], extra: { max: 40, statement_timeout: 5000, pipeline: true, options: READ_ONLY_OUTSIDE } }).initialize();
  const database = new Database(pool, source, transactionPool(source), clock, new Signals());
  const runners: ConsumerRunner[] = [];
  return {
    place,
    clock,
    database,
    worker(register) {
      const signals = new Signals();
      const own = new Database(pool, source, transactionPool(source), clock, signals);
      const consumers = new Consumers();
      register(consumers);
      const relay = new Relay(own, signals);
      const redrive = new Redrive(own, consumers, clock);
      const runner = new ConsumerRunner(own, consumers, relay, redrive, signals, logger);
      runners.push(runner);
      return { consumers, relay, redrive, runner };
    },
    async close() {
      await Promise.all(runners.map((runner) => runner.stop()));
      await pool.end();
      await source.destroy();
      await place.drop();
    },
  };
}
