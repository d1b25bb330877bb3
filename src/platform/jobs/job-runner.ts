import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../database/database.js';
import { Loop } from '../database/loop.js';
import { Signals } from '../database/signals.js';
import { RootLogger } from '../observability/logger.js';
import { Attempts } from './attempts.js';
import { Dispatcher, WINDOW } from './dispatcher.js';
import { Jobs, type RegisteredJob } from './jobs.js';
import { QueueEngine } from './queue-engine.js';
import type { Queues } from './queues.js';
import { Reconciler } from './reconciler.js';
import { Schedules } from './schedules.js';

/** After so many jobs of one kind done here, look whether more of it wait outside a full window. */
const REFILL_AFTER = WINDOW / 10;
/** A clock that stands still in a test must not make the loop spin on a job due in a moment. */
const SHORTEST_NAP_MILLIS = 20;

export interface JobHealth {
  readonly backend: 'postgres' | 'redis';
  /** Null where this process runs no jobs. */
  readonly reachable: boolean | null;
  /** How long the oldest due job has waited to be begun. */
  readonly oldestWaitingSeconds: number;
  /** Jobs given up and not yet looked at, counted up to 10,000. */
  readonly failed: number;
}

/** Everything that runs jobs in this process: schedules, dispatcher, workers and reconciler. */
@Injectable()
export class JobRunner {
  private queues: Queues | undefined;
  private attempts: Attempts | undefined;
  private loops: Loop[] = [];
  private unsubscribe: () => void = () => undefined;
  private nap: NodeJS.Timeout | undefined;

  constructor(
    private readonly jobs: Jobs,
    private readonly engine: QueueEngine,
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly clock: Clock,
    private readonly logger: RootLogger,
  ) {}

  /** Comes back as soon as the workers are set up; a Redis that is away is waited for in the background. */
  async start(): Promise<void> {
    const registered = this.jobs.registered();
    const schedules = new Schedules(this.database, this.jobs, this.clock);
    await schedules.remember();
    const queues = (this.queues = await this.engine.open(registered.map(({ kind }) => kind.name)));
    const attempts = (this.attempts = new Attempts(this.database, this.clock, this.logger.pino));
    const dispatch = this.dispatchLoop(queues, attempts, schedules, registered);
    const reconcile = this.reconcileLoop(queues, attempts, registered, dispatch);
    for (const job of registered) work(job, queues, attempts, dispatch);
    this.unsubscribe = this.signals.on('jobs', () => dispatch.wake());
    this.loops = [dispatch, reconcile];
    for (const loop of this.loops) loop.start();
  }

  /** Waits for running handlers, then aborts their signals, then lets go; whatever did not end is run again by others. */
  async stop(): Promise<void> {
    const { queues, attempts, loops } = this;
    if (!queues || !attempts) return;
    this.queues = this.attempts = undefined;
    this.loops = [];
    this.unsubscribe();
    const { graceMillis } = this.engine.settings;
    const ended = Promise.all([...loops.map((loop) => loop.stop()), queues.drain()]).catch(() => undefined);
    await within(ended, graceMillis);
    clearTimeout(this.nap);
    attempts.interrupt();
    await within(ended, graceMillis);
    await queues.close();
  }

  async health(): Promise<JobHealth> {
    const { oldestWaitingSeconds, failed } = await this.jobs.backlog();
    return { backend: this.engine.kind, reachable: this.queues ? await this.queues.answer() : null, oldestWaitingSeconds, failed };
  }

  private dispatchLoop(queues: Queues, attempts: Attempts, schedules: Schedules, registered: readonly RegisteredJob[]): Loop {
    const dispatcher = new Dispatcher(this.database, queues, this.clock, this.logger.pino, registered.map(({ kind }) => kind));
    const loop = new Loop('jobs.dispatch', async () => {
      await attempts.abortCancelled();
      await schedules.fire();
      if (queues.areUsable) await dispatcher.dispatch();
      this.wakeWhenDue(loop, await dispatcher.nextDue(), schedules.next);
      return false;
    }, this.engine.settings.sweepMillis, this.logger.pino);
    return loop;
  }

  private reconcileLoop(queues: Queues, attempts: Attempts, registered: readonly RegisteredJob[], dispatch: Loop): Loop {
    const { reconcileMillis, settleMillis } = this.engine.settings;
    const reconciler = new Reconciler(this.database, queues, this.logger.pino, registered.map(({ kind }) => kind), (id) => attempts.has(id));
    // At the start and when the server was away, what was handed over a moment ago is looked at too.
    let settle = 0;
    const loop = new Loop('jobs.reconcile', async () => {
      if (!queues.areUsable) return false;
      if ((await reconciler.reconcile(settle)) > 0) dispatch.wake();
      settle = settleMillis;
      return false;
    }, reconcileMillis, this.logger.pino);
    queues.onReturn(() => {
      settle = 0;
      loop.wake();
      dispatch.wake();
    });
    return loop;
  }

  private wakeWhenDue(loop: Loop, ...instants: readonly (Date | undefined)[]): void {
    const now = this.clock.now().getTime();
    const soonest = Math.min(...instants.map((at) => (at ? at.getTime() - now : Infinity)));
    clearTimeout(this.nap);
    if (soonest < this.engine.settings.sweepMillis) this.nap = setTimeout(() => loop.wake(), Math.max(soonest, SHORTEST_NAP_MILLIS));
  }
}

function work(job: RegisteredJob, queues: Queues, attempts: Attempts, dispatch: Loop): void {
  let ended = 0;
  queues.work(job.kind, async (id) => {
    const outcome = await attempts.run(job, id);
    ended += 1;
    if (ended % REFILL_AFTER === 0) dispatch.wake();
    return outcome;
  });
}

async function within(done: Promise<unknown>, millis: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
