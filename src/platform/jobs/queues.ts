import { Queue, WaitingError, Worker, type Job as EngineJob, type QueueOptions, type WorkerOptions } from 'bullmq';
import type { Logger } from 'pino';
import type { Id } from '../../kernel/id.js';
import { backoffMillis } from './backoff.js';
import type { JobKind } from './job.js';
import type { JobSettings } from './job-settings.js';
import type { QueueBackend } from './queue-backend.js';

/** What became of one delivery: `again` after the back-off, `handed_back` at once and to whoever is free. */
export type Outcome = 'over' | 'again' | 'handed_back';

const HAND_OVER_MILLIS = 5_000;
const AT_ONCE = 500;
/** The job's row decides when it has been tried enough; the engine shall not give up before. */
const ENGINE_TRIES = 10_000;
const KEPT_EVENTS = 100;

/**
 * The queue engine, BullMQ: one queue a kind of job. It holds ids only and owns who runs what when: waiting, concurrency,
 * back-off, and jobs of dead workers. All it holds may be lost at any time and is then handed over again.
 */
export class Queues {
  private readonly queues = new Map<string, Queue>();
  private readonly workers: Worker[] = [];

  constructor(
    private readonly backend: QueueBackend,
    private readonly settings: JobSettings,
    private readonly logger: Logger,
  ) {}

  /** Cheap; false while nothing can be handed over. */
  get areUsable(): boolean {
    return this.backend.isUsable();
  }

  /** Asks the server. */
  answer(): Promise<boolean> {
    return this.backend.answers();
  }

  /** Calls back each time the server is back after it was away. */
  onReturn(listener: () => void): void {
    this.backend.onReturn(listener);
  }

  /** Hands jobs over; one that the queue has already is left as it is. */
  async add(kind: JobKind<object>, ids: readonly Id[]): Promise<void> {
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const jobs = ids.slice(start, start + AT_ONCE).map((jobId) => ({
        name: kind.name,
        data: {},
        opts: { jobId, attempts: ENGINE_TRIES, backoff: { type: 'custom' }, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
      }));
      // On PostgreSQL a bulk makes temporary tables, which is dear for a single job.
      const [only] = jobs;
      await this.ask<unknown>(jobs.length === 1 ? this.queue(kind).add(only!.name, only!.data, only!.opts) : this.queue(kind).addBulk(jobs));
    }
  }

  /** Every job of this kind that the queue still means to run or runs. */
  async known(kind: JobKind<object>): Promise<ReadonlySet<Id>> {
    return new Set(await this.ask(this.queue(kind).getRanges(['wait', 'active', 'delayed'], 0, -1)));
  }

  /** Clears away what is left of a job that stands in no list of the queue any more and would keep its id taken. */
  async forget(kind: JobKind<object>, id: Id): Promise<void> {
    // Refused if a worker has the job after all; then handing it over again changes nothing either.
    await this.ask(this.queue(kind).remove(id)).catch((error: unknown) => this.logger.debug({ job: kind.name, jobId: id, err: error }, 'job not cleared away'));
  }

  /** Starts a worker. `run` must not throw. */
  work(kind: JobKind<object>, run: (id: Id) => Promise<Outcome>): void {
    const options: WorkerOptions<unknown> = {
      connection: this.backend.connection,
      prefix: this.backend.prefix,
      concurrency: kind.options.concurrency,
      lockDuration: this.settings.lockMillis,
      stalledInterval: this.settings.stalledMillis,
      drainDelay: this.settings.idleMillis / 1000,
      runRetryDelay: this.settings.reconnectMillis,
      maxStalledCount: ENGINE_TRIES,
      settings: { backoffStrategy: (attempt) => backoffMillis(attempt, kind.options.backoffSeconds, Math.random()) },
    };
    const worker = new Worker(kind.name, (job: EngineJob, token) => deliver(job, token, run), options, this.backend.factory);
    worker.on('error', (error) => this.logger.debug({ job: kind.name, err: error }, 'job worker in trouble, will go on by itself'));
    worker.on('stalled', (jobId) => this.logger.warn({ job: kind.name, jobId }, 'a worker died over a job; it is run again'));
    this.workers.push(worker as unknown as Worker);
  }

  /** Takes no further jobs and resolves when those under way have ended. (The engine's `close` could not be hurried afterwards.) */
  async drain(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.pause()));
  }

  /** Lets go of everything without waiting for anybody. */
  async close(): Promise<void> {
    for (const worker of this.workers) void worker.close(true).catch(() => undefined);
    for (const queue of this.queues.values()) void queue.close().catch(() => undefined);
    await this.backend.close();
  }

  private queue(kind: JobKind<object>): Queue {
    const known = this.queues.get(kind.name);
    if (known) return known;
    const options: QueueOptions<unknown> = { connection: this.backend.connection, prefix: this.backend.prefix, streams: { events: { maxLen: KEPT_EVENTS } } };
    const queue = new Queue(kind.name, options, this.backend.factory) as unknown as Queue;
    queue.on('error', (error) => this.logger.debug({ job: kind.name, err: error }, 'job queue in trouble, will go on by itself'));
    this.queues.set(kind.name, queue);
    return queue;
  }

  /** Commands to a server that went away in the middle wait for its return; the caller shall not. */
  private async ask<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The job queue on ${this.backend.kind} did not answer within ${HAND_OVER_MILLIS / 1000} s.`)), HAND_OVER_MILLIS);
    });
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class TryAgain extends Error {}

async function deliver(job: EngineJob, token: string | undefined, run: (id: Id) => Promise<Outcome>): Promise<void> {
  const outcome = await run(job.id!);
  if (outcome === 'again') throw new TryAgain('see the job row for the reason');
  if (outcome === 'handed_back') {
    await job.moveToWait(token);
    throw new WaitingError();
  }
}
