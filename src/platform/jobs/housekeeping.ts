import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { AppConfig } from '../config/config.js';
import { Database } from '../database/database.js';
import { sql, type Statement } from '../database/statement.js';
import { JobType } from './job.js';
import { Jobs } from './jobs.js';

const OLD_JOBS = sql<{ id: string }>('housekeeping.old_jobs', `
  delete from platform.job where id in (
    select id from platform.job where status in ('done', 'cancelled') and finished_at < $1::timestamptz - interval '7 days'
     order by finished_at limit $2)
  returning id`);

const OLD_ANSWERS = sql<{ key: string }>('housekeeping.old_answers', `
  delete from platform.idempotency where (caller, key) in (
    select caller, key from platform.idempotency where created_at < $1::timestamptz - interval '24 hours'
     order by created_at limit $2)
  returning key`);

const MAKE_PARTITIONS = sql<{ made: number }>('housekeeping.make_partitions', `select platform.make_log_partitions($1) as made`);
const DROP_PARTITIONS = sql<{ dropped: number }>('housekeeping.drop_partitions', `select platform.drop_log_partitions($1) as dropped`);

/** Rows deleted by one statement, so that none holds its locks for long. */
const BATCH = 2000;
const MONTHS_AHEAD = 3;

class NoPayload {}

const RemoveExpired = new JobType('platform.remove_expired', NoPayload, { tries: 3, backoffSeconds: 60, concurrency: 1 });
const TurnEventLog = new JobType('platform.turn_event_log', NoPayload, { tries: 5, backoffSeconds: 60, concurrency: 1 });

/** Throws away what has served its time: done jobs after a week, stored answers after a day, the event log as configured. */
@Injectable()
export class Housekeeping {
  constructor(
    jobs: Jobs,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: AppConfig,
  ) {
    jobs.handle(RemoveExpired, { run: ({ signal }) => this.removeExpired(signal) });
    jobs.handle(TurnEventLog, { run: () => this.turnEventLog() });
    jobs.schedule(RemoveExpired, { key: 'platform.remove_expired', cron: '23 * * * *', timeZone: 'UTC', payload: {} });
    jobs.schedule(TurnEventLog, { key: 'platform.turn_event_log', cron: '41 3 * * *', timeZone: 'UTC', payload: {} });
  }

  async removeExpired(signal: AbortSignal): Promise<void> {
    await this.removeAll(OLD_JOBS, signal);
    await this.removeAll(OLD_ANSWERS, signal);
  }

  async turnEventLog(): Promise<void> {
    await this.database.query(MAKE_PARTITIONS, [MONTHS_AHEAD]);
    await this.database.query(DROP_PARTITIONS, [this.config.eventLogMonths]);
  }

  private async removeAll(batch: Statement<object>, signal: AbortSignal): Promise<void> {
    for (let removed = BATCH; removed === BATCH; ) {
      signal.throwIfAborted();
      removed = (await this.database.query(batch, [this.clock.now(), BATCH])).length;
    }
  }
}
