import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { Load } from '../http/load.js';

/** Fewer at a time would cost more in transactions than callers win. */
const LEAST = 50;
/** Requests a second from which on an operation rests as long as it may. */
const MANY_REQUESTS = 10;
/** Rest for each time of work. Measured with 40 reads a second beside an import: p95 is 3.2 times that of an idle server without rest, 2.1 with 1, 1.8 with 2. */
const MOST_REST = 2;
const LONGEST_REST_MILLIS = 1_000;

/**
 * How operations give way to callers of the same process: the more requests a second, the less they do at a time, and the longer they
 * rest in between. With nobody there they run as fast as they can.
 */
@Injectable()
export class Pace {
  constructor(
    private readonly load: Load,
    private readonly config: AppConfig,
  ) {}

  /** How many of something to work through at a time where nobody is kept waiting by `most`; from 50 to that. */
  portion(most: number): number {
    return Math.min(most, Math.max(LEAST, Math.round(most / (1 + this.requests))));
  }

  /** Waits for a time that goes with what the work before took. @param signal ends the wait at once; it does not throw. */
  async rest(workedMillis: number, signal: AbortSignal): Promise<void> {
    const millis = Math.min(LONGEST_REST_MILLIS, workedMillis * MOST_REST * Math.min(1, this.requests / MANY_REQUESTS));
    if (millis >= 1) await setTimeout(millis, undefined, { signal }).catch(() => undefined);
  }

  private get requests(): number {
    return this.config.operationsGiveWay ? this.load.requestsPerSecond : 0;
  }
}
