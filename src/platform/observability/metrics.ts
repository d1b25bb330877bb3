import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE, OWN_WORK_POOL, READ_POOL } from '../database/database.js';
import { transactionPool } from '../database/transaction-pool.js';
import { Backlog } from './backlog.js';

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/** What Prometheus scrapes. Labels come from the code (route patterns, consumer names), so their number is bounded. */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'shuke_http_request_seconds',
    help: 'From the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_SECONDS,
    registers: [this.registry],
  });
  private readonly consumerLag = this.gauge('shuke_consumer_lag_events', 'Events a consumer has yet to look at.', ['consumer']);
  private readonly parked = this.gauge('shuke_consumer_parked_events', 'Events a consumer could not apply.', ['consumer']);
  private readonly relay = this.gauge('shuke_relay_lag_seconds', 'Age of the oldest event not yet in the log.');
  private readonly jobAge = this.gauge('shuke_job_oldest_waiting_seconds', 'How long the oldest due job has waited.');
  private readonly failedJobs = this.gauge('shuke_jobs_failed', 'Jobs given up, up to 10,000.');
  private readonly unhandledJobs = this.gauge('shuke_jobs_without_handler', 'Jobs of a kind that this release does not do, up to 10,000 a kind.', ['job']);
  private readonly pool = this.gauge('shuke_database_pool_connections', 'Connections, and requests that wait for one.', ['pool', 'state']);

  constructor(
    @Inject(READ_POOL) private readonly reads: Pool,
    @Inject(OWN_WORK_POOL) private readonly ownWork: Pool,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly backlog: Backlog,
  ) {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** @param route the pattern, e.g. `/v1/customers/:id`, never the address as sent. */
  request(method: string, route: string, status: number, millis: number): void {
    this.requests.observe({ method, route, status }, millis / 1000);
  }

  async scrape(): Promise<string> {
    const { consumers, relaySeconds, jobSeconds, failedJobs, unhandledJobs } = await this.backlog.look();
    for (const { consumer, events, parked } of consumers) {
      this.consumerLag.set({ consumer }, events);
      this.parked.set({ consumer }, parked);
    }
    this.relay.set(relaySeconds);
    this.jobAge.set(jobSeconds);
    this.failedJobs.set(failedJobs);
    this.unhandledJobs.reset();
    for (const { name, jobs } of unhandledJobs) this.unhandledJobs.set({ job: name }, jobs);
    for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries({ reads: this.reads, transactions: transactionPool(this.dataSource), own_work: this.ownWork })) {
      this.pool.set({ pool, state: 'all' }, totalCount);
      this.pool.set({ pool, state: 'idle' }, idleCount);
      this.pool.set({ pool, state: 'awaited' }, waitingCount);
    }
    return this.registry.metrics();
  }

  onApplicationShutdown(): void {
    this.registry.clear();
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
