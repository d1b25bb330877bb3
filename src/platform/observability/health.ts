import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { Database } from '../database/database.js';
import { expectedMigrations } from '../database/migrations.js';
import { sql } from '../database/statement.js';
import { Load } from '../http/load.js';
import { JobRunner } from '../jobs/job-runner.js';
import { Workers } from '../workers.js';
import { Backlog, type ConsumerLag } from './backlog.js';

const APPLIED = sql<{ name: string }>('health.migrations', 'select name from public.shuke_migration');

const ANSWER_WITHIN_MILLIS = 2_000;

export interface HealthFigures {
  readonly ready: boolean;
  /** Each part by name: `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
  readonly consumers: readonly ConsumerLag[];
}

/** Whether this process can do its work now, and if not, why. */
@Injectable()
export class Health {
  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
    private readonly backlog: Backlog,
    private readonly workers: Workers,
    private readonly jobs: JobRunner,
    private readonly load: Load,
  ) {}

  async look(): Promise<HealthFigures> {
    const [migrations, figures, queue] = await Promise.all([said(this.missingMigrations()), said(this.backlog.look()), said(this.queue())]);
    const checks: Record<string, string> = {
      server: this.load.stopping ? 'stopping' : this.load.starting ? 'starting' : 'ok',
      database: typeof figures === 'string' ? figures : 'ok',
      migrations: typeof migrations === 'string' ? 'unknown' : migrations.length === 0 ? 'ok' : `not applied: ${migrations.join(', ')}`,
      ...(this.config.runsWorkers ? { workers: this.workers.state === 'running' ? 'ok' : this.workers.state, queue } : {}),
    };
    return {
      ready: Object.values(checks).every((check) => check === 'ok'),
      checks,
      consumers: typeof figures === 'string' ? [] : figures.consumers,
    };
  }

  private async queue(): Promise<string> {
    const { reachable } = await this.jobs.health();
    return reachable === false ? 'cannot be reached; jobs wait in PostgreSQL' : 'ok';
  }

  private async missingMigrations(): Promise<string[]> {
    const applied = new Set((await this.database.query(APPLIED)).map(({ name }) => name));
    return expectedMigrations().filter((name) => !applied.has(name));
  }
}

/** The answer, or a word for why there is none; what the driver said stays inside. */
async function said<T>(answer: Promise<T>): Promise<T | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('does not answer'), ANSWER_WITHIN_MILLIS);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return 'cannot be reached';
  } finally {
    clearTimeout(timer);
  }
}
