import { SYSTEM } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import { nextFiring } from './cron.js';
import type { Jobs, RegisteredSchedule } from './jobs.js';

/** A changed cron line counts from now on; an unchanged one keeps its next firing, even one missed while all was down. */
const REMEMBER = sql<never>('jobs.remember_schedule', `
  insert into platform.schedule (key, cron, time_zone, next_at) values ($1, $2, $3, $4)
  on conflict (key) do update set cron = excluded.cron, time_zone = excluded.time_zone, next_at = excluded.next_at
   where (schedule.cron, schedule.time_zone) is distinct from (excluded.cron, excluded.time_zone)`);

/** Whoever gets the row fires; the others find it moved on. */
const DUE = sql<{ key: string; next_at: Date }>('jobs.due_schedules', `
  select key, next_at from platform.schedule where key = any($1::text[]) and next_at <= $2 for update skip locked`);

const MOVE_ON = sql<never>('jobs.move_schedule', `update platform.schedule set next_at = $2, fired_at = $3 where key = $1`);

const NEXT = sql<{ at: Date | null }>('jobs.next_schedule', `select min(next_at) as at from platform.schedule where key = any($1::text[])`);

/**
 * Turns firings of schedules into job rows. The next firing stands in PostgreSQL and moves in the transaction that makes
 * the job, so it happens once over all processes and survives the loss of Redis, which the engine's own schedules would not.
 */
export class Schedules {
  /** The soonest firing as last read. Other processes only move it later, so it is never missed. */
  next: Date | undefined;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  async remember(): Promise<void> {
    for (const { key, cron, timeZone } of this.jobs.schedules()) {
      await this.database.query(REMEMBER, [key, cron, timeZone, nextFiring(cron, timeZone, this.clock.now())]);
    }
    await this.readNext();
  }

  async fire(): Promise<void> {
    if (!this.next || this.next > this.clock.now()) return;
    const known = new Map(this.jobs.schedules().map((schedule) => [schedule.key, schedule]));
    await this.database.transaction(SYSTEM, async (tx) => {
      for (const { key, next_at: at } of await tx.query(DUE, [[...known.keys()], tx.startedAt])) await this.fireOne(tx, known.get(key)!, at);
    });
    await this.readNext();
  }

  private async readNext(): Promise<void> {
    const [row] = await this.database.query(NEXT, [this.jobs.schedules().map(({ key }) => key)]);
    this.next = row?.at ?? undefined;
  }

  private async fireOne(tx: Tx, { key, kind, cron, timeZone, payload }: RegisteredSchedule, at: Date): Promise<void> {
    await this.jobs.enqueue(tx, kind, payload, { uniqueKey: `${key}:${at.toISOString()}` });
    await tx.query(MOVE_ON, [key, nextFiring(cron, timeZone, tx.startedAt), tx.startedAt]);
  }
}
