import { Inject, Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Actor } from '../../kernel/actor.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/domain-error.js';
import { newId } from '../../kernel/id.js';
import { auditRows } from './audit-rows.js';
import { Signals } from './signals.js';
import type { Sql } from './sql.js';
import type { Composed, Statement } from './statement.js';
import { sql } from './statement.js';
import { transactionPool } from './transaction-pool.js';
import { Tx } from './tx.js';

export const READ_POOL = Symbol('pool of short reads');
export const DATA_SOURCE = Symbol('TypeORM data source');
export const OWN_WORK_POOL = Symbol('pool of transactions of the product itself');

const WRITE_RECORDED = sql<never>('platform.write_recorded', `
  with events as (
    insert into platform.outbox (id, name, version, aggregate_id, partition_key, payload, occurred_at)
    select id, name, version, aggregate_id, partition_key, payload, $7
      from unnest($1::uuid[], $2::text[], $3::int[], $4::uuid[], $5::text[], $6::jsonb[])
        as e (id, name, version, aggregate_id, partition_key, payload)
  )
  insert into platform.audit_inbox (id, at, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details)
  select id, $7, $8, $9, $10, $11, action, subject_type, subject_ids::uuid[], details
    from unnest($12::uuid[], $13::text[], $14::text[], $15::text[], $16::jsonb[]) as a (id, action, subject_type, subject_ids, details)`);

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const ATTEMPTS = 3;

/** The door to PostgreSQL: short statements each by themselves, and transactions. */
@Injectable()
export class Database implements Sql {
  private readonly ofCallers: Pool;

  constructor(
    @Inject(READ_POOL) private readonly reads: Pool,
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(OWN_WORK_POOL) private readonly ownWork: Pool,
    private readonly clock: Clock,
    private readonly signals: Signals,
  ) {
    this.ofCallers = transactionPool(dataSource);
  }

  async query<Row>(statement: Statement<Row>, params: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.reads.query({ name: statement.name, text: statement.text, values: params as unknown[] });
    return result.rows as Row[];
  }

  async compose<Row>(statement: Composed<Row>): Promise<Row[]> {
    const result = await this.reads.query(statement.text, statement.params);
    return result.rows as Row[];
  }

  /**
   * Runs `work` in one transaction and commits what it wrote, recorded and audited together. A deadlock or
   * serialization failure starts it over (three times in all), so `work` must not keep state between tries.
   */
  async transaction<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(actor, work);
      } catch (error) {
        const code = (error as { code?: string }).code;
        if ((code !== SERIALIZATION_FAILURE && code !== DEADLOCK) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async attempt<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    // Consumers in line with callers for a connection came seconds late under a load that callers felt much less.
    const pool = actor.kind === 'system' ? this.ownWork : this.ofCallers;
    const client = await pool.connect();
    let broken: Error | undefined;
    const noteLoss = (error: Error): void => void (broken = error);
    client.on('error', noteLoss);
    const tx = new Tx(actor, this.clock.now(), client);
    try {
      const result = await work(tx);
      this.sendRecorded(tx);
      await commit(tx);
      tx.committed();
      return result;
    } catch (error) {
      throw (await tx.rollback().catch(noteLoss)) ?? error;
    } finally {
      client.off('error', noteLoss);
      client.release(broken);
    }
  }

  /** Writes what the transaction recorded so far. */
  async flush(tx: Tx): Promise<void> {
    this.sendRecorded(tx);
    await tx.settled();
  }

  /** One statement for events and audit rows together. */
  private sendRecorded(tx: Tx): void {
    const { events, audit: entries } = tx.takePending();
    if (events.length === 0 && entries.length === 0) return;
    const audit = auditRows(entries);
    tx.send(WRITE_RECORDED, [
      events.map((event) => event.id),
      events.map((event) => event.name),
      events.map((event) => event.version),
      events.map((event) => event.aggregateId),
      events.map((event) => event.partition),
      events.map((event) => JSON.stringify(event.payload)),
      tx.startedAt,
      tx.actor.kind,
      tx.actor.id,
      tx.actor.requestId ?? null,
      tx.actor.address ?? null,
      audit.map(() => newId(tx.startedAt.getTime())),
      audit.map((row) => row.action),
      audit.map((row) => row.subjectType),
      // An array of arrays must be rectangular in PostgreSQL, so each list travels as its literal.
      audit.map((row) => '{' + row.subjectIds.join(',') + '}'),
      audit.map((row) => row.details),
    ]);
    if (events.length > 0) tx.afterCommit(() => this.signals.send('outbox'));
    if (audit.length > 0) tx.afterCommit(() => this.signals.send('audit'));
  }
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** What PostgreSQL refuses, COMMIT itself or what was sent with it, leaves nothing done; a connection that breaks meanwhile leaves it open. */
async function commit(tx: Tx): Promise<void> {
  try {
    await tx.commit();
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (SQLSTATE.test(code) && !/^(?:08|57P|EPIPE)/.test(code)) throw error;
    throw new DomainError('unavailable', 'outcome_unknown', 'The connection to the database broke while the change was being written, so it may or may not have been done. Send it again with the same Idempotency-Key, or read first.', { retryAfterSeconds: 2 });
  }
}

/** True for PostgreSQL's unique_violation, optionally of one constraint. */
export function violates(error: unknown, constraint: string): boolean {
  const failure = error as { code?: string; constraint?: string };
  return failure.code === '23505' && failure.constraint === constraint;
}

/** Makes `Database.transaction` start over, where somebody else's commit came between looking and writing. */
export function retried(cause: unknown): Error {
  return Object.assign(new Error('Another transaction wrote the same key first.', { cause }), { code: SERIALIZATION_FAILURE });
}

/** What a caller is told when the database cannot be reached or is too busy. */
export function databaseUnavailable(): DomainError {
  return new DomainError('unavailable', 'database_unavailable', 'The database cannot be reached or is too busy. Nothing was changed. Try again.', { retryAfterSeconds: 2 });
}
