import { Inject, Injectable } from '@nestjs/common';
import { Client } from 'pg';
import type { Pool } from 'pg';
import { newId } from '../../kernel/id.js';
import { RootLogger } from '../observability/logger.js';
import { READ_POOL } from './database.js';
import { Signals, type Signal } from './signals.js';

const COALESCE_MILLIS = 8;
const RECONNECT_MILLIS = 1000;
const NAME = 'shuke';
/** PostgreSQL takes 8,000 bytes in one NOTIFY; a list that may not fit says "any" instead. */
const MOST_SUBJECTS = 50;

/** Carries signals between processes by LISTEN/NOTIFY, at most one NOTIFY per signal and 8 ms. */
@Injectable()
export class Channel {
  /** Process numbers repeat across machines, so this process names itself. */
  private readonly origin = newId();
  private listener: Client | undefined;
  /** What each signal is about; null for any. */
  private readonly pending = new Map<Signal, Set<string> | null>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;

  constructor(
    @Inject(READ_POOL) private readonly pool: Pool,
    private readonly signals: Signals,
    private readonly logger: RootLogger,
  ) {}

  async start(): Promise<void> {
    this.stopped = false;
    this.signals.forwardTo((signal, subject) => this.notifySoon(signal, subject));
    await this.listen();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.signals.forwardTo(() => undefined);
    await this.listener?.end().catch(() => undefined);
  }

  private notifySoon(signal: Signal, subject: string | undefined): void {
    this.pending.set(signal, joined(this.pending.get(signal), subject));
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const signals = [...this.pending].map(([name, subjects]) => [name, ...(subjects ?? [])].join('=')).join(',');
      this.pending.clear();
      // Lost words are found by the sweep, so a failure here needs no retry.
      this.pool.query('select pg_notify($1, $2)', [NAME, `${this.origin}:${signals}`]).catch(() => undefined);
    }, COALESCE_MILLIS);
  }

  private async listen(): Promise<void> {
    if (this.stopped) return;
    const client = new Client({ ...this.pool.options, application_name: 'shuke-listen' });
    client.on('notification', ({ payload }) => this.hear(payload ?? ''));
    client.on('error', () => undefined);
    client.on('end', () => {
      if (!this.stopped) setTimeout(() => void this.listen(), RECONNECT_MILLIS).unref();
    });
    try {
      await client.connect();
      await client.query('listen shuke');
      this.listener = client;
    } catch (error) {
      this.logger.pino.warn({ err: error }, 'cannot listen for signals; sweeping meanwhile');
      await client.end().catch(() => undefined);
    }
  }

  private hear(payload: string): void {
    const [origin = '', list = ''] = payload.split(':');
    if (origin === this.origin) return;
    for (const part of list.split(',')) {
      const [signal, ...subjects] = part.split('=');
      for (const subject of subjects.length > 0 ? subjects : [undefined]) this.signals.wake(signal as Signal, subject);
    }
  }
}

function joined(known: Set<string> | null | undefined, subject: string | undefined): Set<string> | null {
  if (known === null || subject === undefined) return null;
  const subjects = (known ?? new Set()).add(subject);
  return subjects.size > MOST_SUBJECTS ? null : subjects;
}
