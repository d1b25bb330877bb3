import { performance } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import { AppConfig } from '../config/config.js';

const SAMPLE_MILLIS = 100;
/** Above this the process answers later than a client waits for; half a second of queue is where p99 leaves 2 s (QUALITY G48). */
const MAX_LOOP_DELAY_MILLIS = 500;
/** How fast the average follows; about the last half second counts. */
const WEIGHT = 0.2;

/** How busy this process is, and whether it is on its way out: what decides if a request is taken or told to come back. */
@Injectable()
export class Load implements OnApplicationShutdown {
  private inWork = 0;
  private delayMillis = 0;
  private isStopping = false;
  private sampledAt = performance.now();
  private readonly sampler = setInterval(() => this.sample(), SAMPLE_MILLIS).unref();

  constructor(private readonly config: AppConfig) {}

  get requestsInWork(): number {
    return this.inWork;
  }

  /** How late timers fire, averaged over about half a second. */
  get loopDelayMillis(): number {
    return this.delayMillis;
  }

  get stopping(): boolean {
    return this.isStopping;
  }

  /** From now on new work is refused; what is under way goes on. */
  beginStop(): void {
    this.isStopping = true;
  }

  began(): void {
    this.inWork += 1;
  }

  ended(): void {
    this.inWork -= 1;
  }

  /** For a request already counted by `began`. @throws DomainError unavailable (503 with Retry-After) if it is one too many. */
  assertRoom(): void {
    if (this.isStopping) throw new DomainError('unavailable', 'stopping', 'This server is stopping. Try again; another one answers.', { retryAfterSeconds: 2 });
    if (this.inWork > this.config.maxConcurrentRequests || this.delayMillis > MAX_LOOP_DELAY_MILLIS) {
      throw new DomainError('unavailable', 'busy', 'This server has more to do than it can answer in time. Nothing was changed. Try again.', { retryAfterSeconds: 1 });
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.sampler);
  }

  private sample(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.sampledAt - SAMPLE_MILLIS);
    this.sampledAt = now;
    this.delayMillis += (late - this.delayMillis) * WEIGHT;
  }
}
