import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AuditSealer } from './audit/audit-sealer.js';
import { Channel } from './database/channel.js';
import { ConsumerRunner } from './events/consumer-runner.js';
import { JobRunner } from './jobs/job-runner.js';

export type WorkersState = 'off' | 'starting' | 'running' | 'stopped';

/**
 * What runs beside the requests: signals between processes, consumers, jobs, the sealing of the audit chain. Started after
 * the application, stopped before it; what is under way ends first.
 */
@Injectable()
export class Workers implements BeforeApplicationShutdown {
  private current: WorkersState = 'off';

  constructor(
    private readonly channel: Channel,
    private readonly consumers: ConsumerRunner,
    private readonly jobs: JobRunner,
    private readonly sealer: AuditSealer,
  ) {}

  get state(): WorkersState {
    return this.current;
  }

  /** Signals alone, for a process that only serves requests: a reader that waits for an event hears of it at once. */
  async listen(): Promise<void> {
    await this.channel.start();
  }

  async start(): Promise<void> {
    this.current = 'starting';
    await this.consumers.start();
    await this.jobs.start();
    this.sealer.start();
    this.current = 'running';
  }

  async stop(): Promise<void> {
    // Also after a start that failed halfway: what it began must not go on.
    if (this.current !== 'running' && this.current !== 'starting') return;
    this.current = 'stopped';
    // Jobs end first: what they still record is then relayed by the next process, and sealed last of all here.
    await this.jobs.stop();
    await this.consumers.stop();
    await this.sealer.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}
