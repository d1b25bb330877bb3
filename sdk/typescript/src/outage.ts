import { pause, pauseAfter, type Retry } from './backoff.js';
import { ShukeProblem, ShukeUnreachable } from './errors.js';

/** What a server in the middle of a restart answers, or the proxy before it. */
const PASSING = [429, 502, 503, 504];

/** Patience of something that goes on for long with a server that is away for a while. */
export class Outage {
  private tries = 0;
  private since: number | undefined;

  /** @param patienceMillis how long the server may be away in one piece */
  constructor(
    private readonly retry: Retry,
    private readonly patienceMillis: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** The server answered. */
  over(): void {
    this.tries = 0;
    this.since = undefined;
  }

  /** Waits before the next try. @throws the error itself if it is none that passes, or the patience is at an end */
  async endure(error: unknown): Promise<void> {
    this.signal?.throwIfAborted();
    const passes = error instanceof ShukeUnreachable || (error instanceof ShukeProblem && PASSING.includes(error.status));
    this.since ??= Date.now();
    this.tries += 1;
    const wait = pauseAfter(this.tries, error instanceof ShukeProblem ? error.retryAfter : undefined, this.retry, Math.random());
    if (!passes || Date.now() + wait - this.since > this.patienceMillis) throw error;
    await pause(wait, this.signal);
  }
}
