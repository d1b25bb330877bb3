import type { Logger } from 'pino';

/**
 * Does `step` again and again while it finds work, then sleeps until woken or until the sweep, whichever is first.
 * A step that throws is logged and tried again after a growing pause (0.1 s to 10 s); it never ends the process.
 */
export class Loop {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = true;
  private failures = 0;
  /** After a failure signals do not shorten the pause. */
  private pausing = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly name: string,
    private readonly step: () => Promise<boolean>,
    private readonly sweepMillis: number,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.stopped = false;
    this.wake();
  }

  wake(): void {
    if (this.stopped) return;
    this.again = true;
    if (!this.pausing) this.running ??= this.run();
  }

  /** Resolves when the step under way, if any, has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    let pause = this.sweepMillis;
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        while (!this.stopped && (await this.step()));
        this.failures = 0;
      } catch (error) {
        this.failures += 1;
        pause = Math.min(10_000, 100 * 2 ** Math.min(this.failures, 7));
        this.logger.error({ loop: this.name, failures: this.failures, err: error }, 'background step failed, will be tried again');
        break;
      }
    }
    // Cleared here and not in a `finally`, so that a wake-up cannot fall between the last look at `again` and it.
    this.running = undefined;
    this.pausing = this.failures > 0;
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.pausing = false;
      this.wake();
    }, pause);
  }
}
