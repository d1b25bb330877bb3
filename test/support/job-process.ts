import { Pool } from 'pg';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { Clock } from '../../src/kernel/clock.js';
import type { AppConfig } from '../../src/platform/config/config.js';
import '../../src/platform/database/database.module.js';
import { Database } from '../../src/platform/database/database.js';
import { Signals } from '../../src/platform/database/signals.js';
import { READ_ONLY_OUTSIDE, transactionPool } from '../../src/platform/database/transaction-pool.js';
import type { Load } from '../../src/platform/http/load.js';
import { JobRunner } from '../../src/platform/jobs/job-runner.js';
import { QueueEngine } from '../../src/platform/jobs/queue-engine.js';
import { jobSettings, type JobSettings } from '../../src/platform/jobs/job-settings.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { Operations } from '../../src/platform/jobs/operations.js';
import { Pace } from '../../src/platform/jobs/pace.js';
import { RootLogger } from '../../src/platform/observability/logger.js';

/** Runs with the time, from another point. */
export class ShiftedClock extends Clock {
  private shiftMillis = 0;
  now(): Date {
    return new Date(Date.now() + this.shiftMillis);
  }
  advance(millis: number): void {
    this.shiftMillis += millis;
  }
}

/** One process's worth of the job machinery, without the application around it. */
export interface JobProcess {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly operations: Operations;
  readonly runner: JobRunner;
  close(): Promise<void>;
}

export interface JobProcessOptions {
  readonly url: string;
  readonly redisUrl?: string;
  readonly clock?: Clock;
  readonly settings?: Partial<JobSettings>;
}

const quick: JobSettings = {
  ...jobSettings,
  sweepMillis: 100,
  reconcileMillis: 250,
  settleMillis: 250,
  lockMillis: 1_500,
  stalledMillis: 400,
  idleMillis: 1_000,
  reconnectMillis: 100,
  graceMillis: 1_000,
};

export async function openJobProcess({ url, redisUrl, clock = new ShiftedClock(), settings = {} }: JobProcessOptions): Promise<JobProcess> {
  const logger = new RootLogger(pino({ level: process.env['TEST_LOG'] ?? 'silent' }, pino.destination(2)));
  const pool = new Pool({ connectionString: url, max: 10 });
  pool.on('error', () => undefined);
  const source = await new DataSource({ type: 'postgres', url, entities: [], extra: { max: 20, pipeline: true, options: READ_ONLY_OUTSIDE }, poolErrorHandler: () => undefined }).initialize();
  const signals = new Signals();
  const database = new Database(pool, source, transactionPool(source), clock, signals);
  const jobs = new Jobs(database, signals, clock);
  const operations = new Operations(database, jobs, signals, new Pace({ requestsPerSecond: 0 } as Load, { operationsGiveWay: false } as AppConfig));
  const engine = new QueueEngine({ redisUrl } as AppConfig, database, logger, url, { ...quick, ...settings });
  const runner = new JobRunner(jobs, engine, database, signals, clock, logger);
  return {
    database,
    jobs,
    operations,
    runner,
    async close() {
      await runner.stop();
      await pool.end();
      await source.destroy();
    },
  };
}
