import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import { AppConfig } from '../config/config.js';

const SAMPLE_MILLIS = 100;
/** A stream costs memory and a socket but hardly work, so many may be open; more than this and sockets run out. */
export const MAX_STREAMS = 1_000;
/** Enough for every process of an integrator and every tab of a person, and far too few to use up the places of all. */
export const MAX_STREAMS_PER_CALLER = 50;
/** How fast the average follows; about the last half second counts. */
const WEIGHT = 0.2;

/** How busy this process is, and whether it is on its way out: what decides if a request is taken or told to come back. */
@Injectable()
export class Load implements OnApplicationShutdown {
  private readonly inWork = new Set<IncomingMessage>();
  private readonly streams = new Map<IncomingMessage, string>();
  private delayMillis = 0;
  private arrived = 0;
  private rate = 0;
  private isStarting = false;
  private isStopping = false;
  private sampledAt = performance.now();
  private readonly sampler = setInterval(() => this.sample(), SAMPLE_MILLIS).unref();

  constructor(private readonly config: AppConfig) {}

  get requestsInWork(): number {
    return this.inWork.size;
  }

  /** Answers that stay open for their reader to watch; no requests in work. */
  get streamsOpen(): number {
    return this.streams.size;
  }

  /** How late timers fire, averaged over about half a second. */
  get loopDelayMillis(): number {
    return this.delayMillis;
  }

  /** Requests that arrived, averaged over about half a second. */
  get requestsPerSecond(): number {
    return this.rate;
  }

  get stopping(): boolean {
    return this.isStopping;
  }

  get starting(): boolean {
    return this.isStarting;
  }

  /** The port is open but something that callers need is not there yet: requests are taken, readiness says no. */
  beginStart(): void {
    this.isStarting = true;
  }

  endStart(): void {
    this.isStarting = false;
  }

  /** From now on new work is refused; what is under way goes on. */
  beginStop(): void {
    this.isStopping = true;
  }

  began(request: IncomingMessage): void {
    this.inWork.add(request);
    this.arrived += 1;
  }

  ended(request: IncomingMessage): void {
    this.inWork.delete(request);
    this.streams.delete(request);
  }

  /**
   * Counts the request as a stream from now on, so that those who watch do not shed those who work.
   * @param caller whoever is behind it, in any form that tells callers apart
   * @throws DomainError unavailable (503) if too many are open, exhausted (429) if too many are the caller's own; both with Retry-After.
   */
  becomesStream(request: IncomingMessage, caller: string): void {
    if (this.streams.size >= MAX_STREAMS) {
      throw new DomainError('unavailable', 'too_many_streams', `This server has ${MAX_STREAMS} streams open and takes no more. Ask for the state itself now and then, or try again.`, { retryAfterSeconds: 10 });
    }
    if (this.streamsOf(caller) >= MAX_STREAMS_PER_CALLER) {
      throw new DomainError('exhausted', 'too_many_own_streams', `You have ${MAX_STREAMS_PER_CALLER} streams open on this server, which is all that one caller may have. Close one, or let one stream serve several readers.`, { retryAfterSeconds: 10 });
    }
    // One that has ended meanwhile is counted nowhere.
    if (this.inWork.delete(request)) this.streams.set(request, caller);
  }

  /** For a request already counted by `began`. @throws DomainError unavailable (503 with Retry-After) if it is one too many. */
  assertRoom(): void {
    if (this.isStopping) throw new DomainError('unavailable', 'stopping', 'This server is stopping. Try again; another one answers.', { retryAfterSeconds: 2 });
    if (this.inWork.size > this.config.maxConcurrentRequests || this.delayMillis > this.config.maxLoopDelayMillis) {
      throw new DomainError('unavailable', 'busy', 'This server has more to do than it can answer in time. Nothing was changed. Try again.', { retryAfterSeconds: 1 });
    }
  }

  private streamsOf(caller: string): number {
    let count = 0;
    for (const other of this.streams.values()) if (other === caller) count += 1;
    return count;
  }

  onApplicationShutdown(): void {
    clearInterval(this.sampler);
  }

  private sample(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.sampledAt - SAMPLE_MILLIS);
    this.rate = following(this.rate, perSecond(this.arrived, now - this.sampledAt));
    this.arrived = 0;
    this.sampledAt = now;
    this.delayMillis = following(this.delayMillis, late);
  }
}

/** An average that moves towards what was seen last. */
export function following(average: number, seen: number): number {
  return average + (seen - average) * WEIGHT;
}

/** @param millis a sampler that was kept waiting may be called twice at once. */
export function perSecond(count: number, millis: number): number {
  return (count * 1_000) / Math.max(1, millis);
}
