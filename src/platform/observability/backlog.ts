import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { Jobs, type UnhandledJobs } from '../jobs/jobs.js';

const LAGS = sql<ConsumerLag>('backlog.lags', `
  select c.name as consumer, max(h.position - c.position) as events,
         (select count(*) from platform.parked_event p where p.consumer = c.name) as parked
    from platform.consumer c, platform.log_head h
   where c.lane < c.lanes
   group by c.name order by c.name`);

const RELAY = sql<{ seconds: number }>('backlog.relay', `
  select coalesce(extract(epoch from now() - min(occurred_at)), 0)::float8 as seconds from platform.outbox`);

export interface ConsumerLag {
  readonly consumer: string;
  /** Positions of the log that its slowest lane has yet to pass. */
  readonly events: number;
  /** Events set aside after they failed. */
  readonly parked: number;
}

export interface BacklogFigures {
  readonly consumers: readonly ConsumerLag[];
  /** Age of the oldest committed event that is not in the log yet. */
  readonly relaySeconds: number;
  /** How long the oldest due job has waited to begin. */
  readonly jobSeconds: number;
  readonly failedJobs: number;
  readonly unhandledJobs: readonly UnhandledJobs[];
}

/** How far the work behind the requests is: for metrics and for the health page. */
@Injectable()
export class Backlog {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  async look(): Promise<BacklogFigures> {
    const [consumers, [relay], jobs, unhandledJobs] = await Promise.all([this.database.query(LAGS), this.database.query(RELAY), this.jobs.backlog(), this.jobs.unhandled()]);
    return { consumers, relaySeconds: relay?.seconds ?? 0, jobSeconds: jobs.oldestWaitingSeconds, failedJobs: jobs.failed, unhandledJobs };
  }
}
