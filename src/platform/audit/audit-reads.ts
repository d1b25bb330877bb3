import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/actor.js';
import { Clock } from '../../kernel/clock.js';
import { newId, type Id } from '../../kernel/id.js';
import { Database } from '../database/database.js';
import { Signals } from '../database/signals.js';
import { sql } from '../database/statement.js';

export interface PersonalDataRead {
  /** e.g. `customer.read`, `customer.listed`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectIds: readonly Id[];
}

const WRITE = sql<never>('audit.write_reads', `
  insert into platform.audit_inbox (id, at, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details)
  select id, $1, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids::uuid[], '{}'
    from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
      as r (id, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids)`);

interface Waiting {
  readonly actor: Actor;
  readonly read: PersonalDataRead;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes down who read whose personal data, before the answer leaves. While one insert is under way the next readers
 * gather, and then share one insert, so the cost a request falls as the load grows.
 */
@Injectable()
export class AuditReads {
  private gathered: Waiting[] = [];
  private writing = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly signals: Signals,
  ) {}

  /** Resolves when the row is durable; rejects if it could not be written, and then the data must not be shown. */
  record(actor: Actor, read: PersonalDataRead): Promise<void> {
    if (read.subjectIds.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.gathered.push({ actor, read, resolve, reject });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.gathered.length > 0) {
      const batch = this.gathered.splice(0);
      try {
        await this.write(batch);
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.writing = false;
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const now = this.clock.now();
    await this.database.query(WRITE, [
      now,
      batch.map(() => newId(now.getTime())),
      batch.map(({ actor }) => actor.kind),
      batch.map(({ actor }) => actor.id),
      batch.map(({ actor }) => actor.requestId ?? null),
      batch.map(({ actor }) => actor.address ?? null),
      batch.map(({ read }) => read.action),
      batch.map(({ read }) => read.subjectType),
      // An array of arrays must be rectangular in PostgreSQL, so each list travels as its literal.
      batch.map(({ read }) => '{' + read.subjectIds.join(',') + '}'),
    ]);
    this.signals.send('audit');
  }
}
