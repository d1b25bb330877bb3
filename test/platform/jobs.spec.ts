import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { SYSTEM, type Actor } from '../../src/kernel/actor.js';
import { newId, type Id } from '../../src/kernel/id.js';
import { sql } from '../../src/platform/database/statement.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { JobType, type JobHandler } from '../../src/platform/jobs/job.js';
import { backends, JobPlace } from '../support/job-place.js';
import { ShiftedClock, type JobProcess, type JobProcessOptions } from '../support/job-process.js';
import type { RedisServer } from '../support/redis-server.js';
import { until } from '../support/until.js';

class Numbered {
  readonly number: number;
}

const Plain = new JobType('test.plain', Numbered, { tries: 3, backoffSeconds: 0.05, concurrency: 8 });
const Single = new JobType('test.single', Numbered, { tries: 3, backoffSeconds: 0.3, concurrency: 1, timeoutSeconds: 5 });
const Hasty = new JobType('test.hasty', Numbered, { tries: 1, backoffSeconds: 0.05, concurrency: 1, timeoutSeconds: 0.2 });
const Flood = new JobType('test.flood', Numbered, { tries: 2, backoffSeconds: 0.05, concurrency: 20 });

const RECORD = sql<never>('test.record_effect', `insert into effect (number) values ($1)`);
const EFFECTS = sql<{ number: number; times: number }>('test.effects', `select number, count(*)::int as times from effect group by number order by number`);
const STATES = sql<{ status: string; jobs: number }>('test.job_states', `select status, count(*)::int as jobs from platform.job group by status order by status`);
const ROW = sql<{ status: string; attempts: number; error: string | null }>('test.job_row', `select status, attempts, error from platform.job where id = $1`);
const NAMED = sql<{ id: Id; unique_key: string; status: string }>('test.jobs_named', `select id, unique_key, status from platform.job where name = $1 order by id`);

const KEEPER: Actor = { kind: 'user', id: newId(), permissions: new Set(['test:run']) };
const LONELY_WORKER = fileURLToPath(new URL('../support/lonely-worker.mjs', import.meta.url));

const effect: JobHandler<Numbered> = {
  async run(job) {
    await job.once((tx) => tx.query(RECORD, [job.payload.number]));
  },
};
const nothing: JobHandler<Numbered> = { run: () => Promise.resolve() };

describe.each(backends)('jobs on %s', (backend) => {
  const place = JobPlace.forEachTest(backend, 'effect (number int not null)');
  const process = (options?: Partial<JobProcessOptions>) => place.process(options);

  function enqueue({ database, jobs }: JobProcess, type: JobType<Numbered>, numbers: readonly number[]): Promise<Id[]> {
    return database.transaction(SYSTEM, async (tx) => {
      const ids: Id[] = [];
      for (const number of numbers) ids.push(await jobs.enqueue(tx, type, { number }));
      return ids;
    });
  }

  const audit = (id: Id) => place.database.asOwner('select action from platform.audit_inbox where $1 = any (subject_ids) order by id', [id]);
  const row = async ({ database }: JobProcess, id: Id) => (await database.query(ROW, [id]))[0]!;
  const states = async ({ database }: JobProcess) => Object.fromEntries((await database.query(STATES)).map(({ status, jobs }) => [status, jobs]));
  const reaches = (p: JobProcess, id: Id, status: string) => until(`job ${status}`, async () => (await row(p, id)).status === status);
  const allDone = (p: JobProcess, jobs: number, seconds = 40) => until(`${jobs} jobs done`, async () => (await states(p))['done'] === jobs, seconds);
  const once1 = (count: number) => Array.from({ length: count }, (_, number) => ({ number, times: 1 }));

  describe('in the transaction', () => {
    it('G14 a job of a transaction that rolls back never runs', async () => {
      const p = await process();
      p.jobs.handle(Plain, effect);
      await p.runner.start();
      await expect(p.database.transaction(SYSTEM, async (tx) => {
        await p.jobs.enqueue(tx, Plain, { number: 1 });
        throw new Error('changed my mind');
      })).rejects.toThrow('changed my mind');
      const [kept] = await enqueue(p, Plain, [2]);
      await reaches(p, kept!, 'done');
      expect(await p.database.query(EFFECTS)).toEqual([{ number: 2, times: 1 }]);
    });

    it('G14 a committed job takes effect once, however often it is delivered', async () => {
      const p = await process();
      let delivered = 0;
      p.jobs.handle(Plain, { async run(job) {
        delivered += 1;
        await job.once((tx) => tx.query(RECORD, [job.payload.number]));
        // A twin delivery, as after a worker that was taken for dead.
        expect(await job.once((tx) => tx.query(RECORD, [job.payload.number]))).toBeUndefined();
        if (job.payload.number % 2 === 0) throw new Error('after the effect');
      } });
      await p.runner.start();
      await enqueue(p, Plain, Array.from({ length: 50 }, (_, number) => number));
      await allDone(p, 50);
      await until('deliveries', () => delivered >= 50);
      expect(await p.database.query(EFFECTS)).toEqual(once1(50));
    });

    it('G14 what `once` wrote is undone, and the job tried again, if it throws', async () => {
      const p = await process();
      p.jobs.handle(Plain, { async run(job) {
        await job.once(async (tx) => {
          await tx.query(RECORD, [job.payload.number]);
          if (job.attempt < 3) throw new Error('not yet');
        });
      } });
      await p.runner.start();
      const [id] = await enqueue(p, Plain, [7]);
      await reaches(p, id!, 'done');
      expect(await p.database.query(EFFECTS)).toEqual([{ number: 7, times: 1 }]);
      expect((await row(p, id!)).attempts).toBe(3);
    });

    it('G14 a unique key lets one job wait or run, and is free again afterwards', async () => {
      const p = await process();
      p.jobs.handle(Plain, effect);
      const ask = () => p.database.transaction(SYSTEM, (tx) => p.jobs.enqueue(tx, Plain, { number: 1 }, { uniqueKey: 'customer-1' }));
      const ids = await Promise.all([ask(), ask(), ask(), ask(), ask()]);
      expect(new Set(ids).size).toBe(1);
      await p.runner.start();
      await reaches(p, ids[0]!, 'done');
      expect(await ask()).not.toBe(ids[0]);
      await allDone(p, 2);
    });

    it('G14 a delayed job runs when it is due and not before', async () => {
      const clock = new ShiftedClock();
      const p = await process({ clock });
      p.jobs.handle(Plain, effect);
      await p.runner.start();
      const later = await p.database.transaction(SYSTEM, (tx) => p.jobs.enqueue(tx, Plain, { number: 1 }, { delaySeconds: 3600 }));
      const [now] = await enqueue(p, Plain, [2]);
      await reaches(p, now!, 'done');
      expect((await row(p, later)).status).toBe('waiting');
      clock.advance(3_600_000);
      await reaches(p, later, 'done');
    });

    it('G14 a cancelled job does not run, and one that runs is aborted and without effect', async () => {
      const p = await process();
      let aborted = false;
      p.jobs.handle(Plain, effect);
      p.jobs.handle(Single, { async run(job) {
        await new Promise((resolve) => job.signal.addEventListener('abort', resolve));
        aborted = true;
        await job.once((tx) => tx.query(RECORD, [1]));
      } });
      const waiting = await p.database.transaction(SYSTEM, (tx) => p.jobs.enqueue(tx, Plain, { number: 9 }, { delaySeconds: 60 }));
      const cancel = (id: Id) => p.database.transaction(KEEPER, (tx) => p.jobs.cancel(tx, id));
      await cancel(waiting);
      await p.runner.start();
      const [running] = await enqueue(p, Single, [1]);
      await until('attempt begun', async () => (await row(p, running!)).attempts === 1);
      await cancel(running!);
      // Well before its time is up.
      await until('abort', () => aborted, 2);
      expect(await states(p)).toEqual({ cancelled: 2 });
      expect(await p.database.query(EFFECTS)).toEqual([]);
      expect(await audit(running!)).toEqual([{ action: 'job.cancelled' }]);
      await expect(cancel(running!)).rejects.toThrow(/only one that is waiting or running can be cancelled/);
      await expect(cancel(newId())).rejects.toThrow(/There is no job/);
    });
  });

  describe('tries', () => {
    it('G15 a failing job is tried as often as it may be, pausing longer each time, then listed with its reason', async () => {
      const p = await process();
      const at: number[] = [];
      let told: string | undefined;
      p.jobs.handle(Single, {
        run() {
          at.push(performance.now());
          return Promise.reject(new Error('the shop does not answer'));
        },
        failed(_tx: Tx, _payload: Numbered, reason: string) {
          told = reason;
          return Promise.resolve();
        },
      });
      await p.runner.start();
      const [id] = await enqueue(p, Single, [1]);
      await reaches(p, id!, 'failed');
      expect(at).toHaveLength(3);
      // Half of 0.3 s and half of 0.6 s at the least.
      expect(at[1]! - at[0]!).toBeGreaterThan(145);
      expect(at[2]! - at[1]!).toBeGreaterThan(295);
      expect(told).toBe('the shop does not answer');
      expect(await p.jobs.failed({}, undefined, 10)).toMatchObject([{ id, name: 'test.single', attempts: 3, error: 'the shop does not answer' }]);
    });

    it('G15 an attempt that takes too long is aborted and counts as failed', async () => {
      const p = await process();
      let aborted = false;
      p.jobs.handle(Hasty, { run: ({ signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = true))) });
      await p.runner.start();
      const [id] = await enqueue(p, Hasty, [1]);
      await reaches(p, id!, 'failed');
      expect(aborted).toBe(true);
      expect((await row(p, id!)).error).toBe('It took longer than 0.2 s.');
    });

    it('G15 one poisoned job in a hundred stops none of the others, and is retried by hand', async () => {
      const p = await process();
      let cured = false;
      p.jobs.handle(Plain, { async run(job) {
        if (job.payload.number % 100 === 0 && !cured) throw Object.assign(new Error('poison \0'), { name: '' });
        await effect.run(job);
      } });
      await p.runner.start();
      await enqueue(p, Plain, Array.from({ length: 200 }, (_, number) => number));
      await until('all ended', async () => (await states(p))['failed'] === 2 && (await states(p))['done'] === 198);

      const listed = await p.jobs.failed({ name: 'test.plain' }, undefined, 1);
      const [first] = listed;
      const [second] = await p.jobs.failed({ name: 'test.plain' }, { failedAt: first!.failedAt, id: first!.id }, 1);
      expect(first!.attempts).toBe(3);
      expect(first!.error).toBe('poison ');
      cured = true;
      await p.database.transaction(KEEPER, (tx) => p.jobs.retry(tx, first!.id));
      await p.database.transaction(KEEPER, (tx) => p.jobs.retry(tx, second!.id));
      await allDone(p, 200);
      expect(await p.database.query(EFFECTS)).toEqual(once1(200));
      expect(await audit(first!.id)).toEqual([{ action: 'job.retried' }]);
      await expect(p.database.transaction(KEEPER, (tx) => p.jobs.retry(tx, first!.id))).rejects.toThrow(/is done; only one that is failed can be retried/);
    });

    it('G15 a failed job is not retried beside a newer one for the same subject', async () => {
      const p = await process();
      p.jobs.handle(Hasty, { run: () => Promise.reject(new Error('no')) });
      const ask = () => p.database.transaction(SYSTEM, (tx) => p.jobs.enqueue(tx, Hasty, { number: 1 }, { uniqueKey: 'k' }));
      const old = await ask();
      await p.runner.start();
      await reaches(p, old, 'failed');
      await p.runner.stop();
      await ask();
      await expect(p.database.transaction(KEEPER, (tx) => p.jobs.retry(tx, old))).rejects.toThrow(/A newer job for the same subject/);
    });

    it('B25 a job is listed as failed even if what was to be done about that fails too', async () => {
      const p = await process();
      p.jobs.handle(Hasty, {
        run: () => Promise.reject(new Error('first')),
        failed: async (tx: Tx) => {
          await tx.client.query('select from nowhere');
        },
      });
      await p.runner.start();
      const [id] = await enqueue(p, Hasty, [1]);
      await reaches(p, id!, 'failed');
      expect((await row(p, id!)).error).toBe('first');
    });

    it('B25 a job that kills its process each time is given up after its tries', async () => {
      const p = await process();
      p.jobs.handle(Plain, nothing);
      const [id] = await enqueue(p, Plain, [1]);
      await place.database.asOwner('update platform.job set attempts = 3');
      await p.runner.start();
      await reaches(p, id!, 'failed');
      expect((await row(p, id!)).error).toMatch(/^The process running it ended/);
    });
  });

  describe('schedules', () => {
    const key = 'test.nightly';
    const nightly = { key, cron: '0 3 * * *', timeZone: 'Asia/Shanghai', payload: { number: 3 } };

    it('G14 fire once over all processes, and make up a night that was missed by one firing', async () => {
      const clock = new ShiftedClock();
      const pair = [await process({ clock }), await process({ clock })];
      const [a, b] = pair as [JobProcess, JobProcess];
      for (const p of pair) {
        p.jobs.handle(Plain, effect);
        p.jobs.schedule(Plain, nightly);
        await p.runner.start();
      }
      expect(await a.database.query(NAMED, ['test.plain'])).toEqual([]);
      clock.advance(24 * 3_600_000);
      await allDone(a, 1);
      const [fired] = await a.database.query(NAMED, ['test.plain']);
      expect(fired!.unique_key).toMatch(/^test\.nightly:\d{4}-\d\d-\d\dT19:00:00\.000Z$/);

      await Promise.all([a.runner.stop(), b.runner.stop()]);
      clock.advance(4 * 24 * 3_600_000);
      await Promise.all([a.runner.start(), b.runner.start()]);
      await allDone(a, 2);
      const [next] = await place.database.asOwner('select next_at from platform.schedule');
      expect((next!['next_at'] as Date).getTime()).toBeGreaterThan(clock.now().getTime());
    });

    it('refuse a line or a zone that cannot be read when the modules start', async () => {
      const p = await process();
      expect(() => p.jobs.schedule(Plain, { ...nightly, cron: 'at night' })).toThrow(/Write five cron fields/);
      p.jobs.schedule(Plain, nightly);
      expect(() => p.jobs.schedule(Plain, nightly)).toThrow(/Two schedules have the key/);
    });
  });

  describe('start-up', () => {
    it('fails on a job with no handler or two, naming it', async () => {
      const p = await process();
      p.jobs.handle(Plain, nothing);
      expect(() => p.jobs.handle(Plain, nothing)).toThrow('The job "test.plain" has two handlers.');
      expect(() => p.jobs.onApplicationBootstrap()).toThrow(/^No handler for the job .*test\.single.*jobs\.handle/);
      for (const type of [Single, Hasty, Flood]) p.jobs.handle(type, nothing);
      expect(() => p.jobs.onApplicationBootstrap()).not.toThrow();
      expect(() => new JobType('test.plain', Numbered, Plain.options)).toThrow('Two jobs are named "test.plain"');
    });
  });

  describe('faults', () => {
    it('G13 a worker killed in the middle of a job: another one does it', async () => {
      const p = await process();
      p.jobs.handle(Single, effect);
      const [id] = await enqueue(p, Single, [1]);
      const victim = spawn(globalThis.process.execPath, [LONELY_WORKER, place.database.appUrl, place.redis?.url ?? ''], { stdio: ['ignore', 'inherit', 'inherit'] });
      const gone = once(victim, 'exit');
      await until('the victim to begin', async () => (await row(p, id!)).attempts === 1);
      victim.kill('SIGKILL');
      await gone;
      await p.runner.start();
      await reaches(p, id!, 'done');
      expect((await row(p, id!)).attempts).toBe(2);
      expect(await p.database.query(EFFECTS)).toEqual([{ number: 1, times: 1 }]);
    });

    it('G13 stopping waits for a short job, interrupts a long one without counting the try, and another process takes it over', async () => {
      const [a, b] = [await process(), await process()];
      let interrupted = false;
      let short: () => void = () => undefined;
      a.jobs.handle(Plain, { async run(job) {
        await new Promise<void>((resolve) => (short = resolve));
        await effect.run(job);
      } });
      a.jobs.handle(Single, { run: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => {
        interrupted = true;
        reject(signal.reason as Error);
      })) });
      for (const type of [Plain, Single]) b.jobs.handle(type, effect);
      await a.runner.start();
      const [first] = await enqueue(a, Plain, [1]);
      const [second] = await enqueue(a, Single, [2]);
      await until('both begun', async () => (await row(a, first!)).attempts + (await row(a, second!)).attempts === 2);
      const stopped = a.runner.stop();
      short();
      const began = performance.now();
      await stopped;
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(interrupted).toBe(true);
      expect((await row(b, first!)).status).toBe('done');
      expect(await row(b, second!)).toMatchObject({ status: 'dispatched', attempts: 0 });
      await b.runner.start();
      await reaches(b, second!, 'done');
      expect(await b.database.query(EFFECTS)).toEqual(once1(3).slice(1));
    });

    const faults: readonly [string, () => Promise<void>][] = backend === 'redis'
      ? [
          ['Redis flushed', () => flush(place.redis!)],
          ['Redis killed and started again empty', () => restart(place.redis!)],
          ['Redis flushed and killed by turns', () => flush(place.redis!).then(() => restart(place.redis!)).then(() => flush(place.redis!))],
        ]
      : [
          ['the queue emptied', () => place.database.asOwner('truncate bullmq.job cascade').then(() => undefined)],
          ['the connections of the queue cut', () => place.database.asOwner(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'shuke-jobs%' or query like '%bullmq%' and pid <> pg_backend_pid()`).then(() => undefined)],
        ];

    it.each(faults)('G13 %s in mid-run: all of 2,000 jobs are done, with effect once', async (_fault, strike) => {
      const pair = [await process(), await process()];
      const [p] = pair as [JobProcess];
      for (const each of pair) {
        each.jobs.handle(Flood, effect);
        await each.runner.start();
      }
      const jobs = 2000;
      await enqueue(p, Flood, Array.from({ length: jobs }, (_, number) => number));
      for (const share of [0.1, 0.4, 0.7]) {
        await until(`${share * 100} % done`, async () => ((await states(p))['done'] ?? 0) >= jobs * share, 60);
        await strike();
      }
      await allDone(p, jobs, 60);
      expect(await p.database.query(EFFECTS)).toEqual(once1(jobs));
    });

    if (backend === 'redis') {
      it('G13 jobs enqueued while Redis is away wait in PostgreSQL and run as soon as it is back', async () => {
        const p = await process({ settings: { sweepMillis: 60_000, reconcileMillis: 60_000 } });
        p.jobs.handle(Plain, effect);
        await p.runner.start();
        const [before] = await enqueue(p, Plain, [0]);
        await reaches(p, before!, 'done');
        await place.redis!.kill();
        await enqueue(p, Plain, [1, 2, 3]);
        await until('health', async () => (await p.runner.health()).reachable === false);
        await until('age', async () => (await p.runner.health()).oldestWaitingSeconds > 0);
        expect((await states(p))['done']).toBe(1);
        await place.redis!.start();
        await allDone(p, 4);
        expect(await p.runner.health()).toEqual({ backend: 'redis', reachable: true, oldestWaitingSeconds: 0, failed: 0 });
      });

      it('G13 starting and stopping work while Redis is away', async () => {
        await place.redis!.kill();
        const p = await process();
        p.jobs.handle(Plain, effect);
        await p.runner.start();
        const [id] = await enqueue(p, Plain, [1]);
        const began = performance.now();
        await p.runner.stop();
        expect(performance.now() - began).toBeLessThan(5_000);
        await place.redis!.start();
        await p.runner.start();
        await reaches(p, id!, 'done');
      });

      it('G13 taking REDIS_URL away moves the jobs under way to PostgreSQL', async () => {
        const p = await process();
        const without = await process({ redisUrl: undefined });
        p.jobs.handle(Single, { run: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))) });
        without.jobs.handle(Single, effect);
        await p.runner.start();
        const ids = await enqueue(p, Single, [0, 1]);
        await until('begun', async () => (await row(p, ids[0]!)).attempts === 1);
        await p.runner.stop();
        await without.runner.start();
        await allDone(without, 2);
        expect(await p.database.query(EFFECTS)).toEqual(once1(2));
      });
    }

    it('keeps few connections to PostgreSQL, and none after stopping', async () => {
      const p = await process();
      for (const type of [Plain, Single, Hasty, Flood]) p.jobs.handle(type, effect);
      await p.runner.start();
      const count = async () => Number((await place.database.asOwner(`select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name = 'shuke-jobs'`))[0]!['n']);
      await enqueue(p, Plain, Array.from({ length: 100 }, (_, number) => number));
      await allDone(p, 100);
      expect(await count()).toBeLessThanOrEqual(backend === 'postgres' ? 5 : 0);
      await p.runner.stop();
      await until('connections closed', async () => (await count()) === 0);
    });
  });
});

async function flush({ url }: RedisServer): Promise<void> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url);
  await client.flushall();
  client.disconnect();
}

async function restart(redis: RedisServer): Promise<void> {
  await redis.kill();
  await redis.start();
}

