import type { PoolClient } from 'pg';
import type { EntityManager, EntitySchema, ObjectLiteral, Repository } from 'typeorm';
import type { Actor } from '../../kernel/actor.js';
import type { DomainEvent } from '../../kernel/event.js';
import type { Id } from '../../kernel/id.js';
import { newId } from '../../kernel/id.js';
import type { Sql } from './sql.js';
import type { Composed, Statement } from './statement.js';

/** A change worth remembering: who did what to which record. `fields` names what changed, never its content. */
export interface AuditEntry {
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: Id;
  readonly fields?: readonly string[];
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface PendingEvent extends DomainEvent {
  readonly id: Id;
  readonly occurredAt: Date;
}

/**
 * An open transaction, handed on explicitly; whoever opened it (an HTTP command, a consumer, a job) commits it. Events
 * and audit entries recorded on it are written by one statement just before COMMIT, so they exist exactly if the change does.
 */
export class Tx implements Sql {
  private readonly pendingEvents: PendingEvent[] = [];
  private readonly pendingAudit: AuditEntry[] = [];
  private readonly callbacks: (() => void)[] = [];
  private lastEvent: Id | undefined;

  constructor(
    readonly actor: Actor,
    /** The instant the transaction began; every row it writes agrees on it. */
    readonly startedAt: Date,
    readonly client: PoolClient,
    readonly manager: EntityManager,
  ) {}

  async query<Row>(statement: Statement<Row>, params: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.client.query({ name: statement.name, text: statement.text, values: params as unknown[] });
    return result.rows as Row[];
  }

  async compose<Row>(statement: Composed<Row>): Promise<Row[]> {
    const result = await this.client.query(statement.text, statement.params);
    return result.rows as Row[];
  }

  rows<Row extends ObjectLiteral>(table: EntitySchema<Row>): Repository<Row> {
    return this.manager.getRepository(table);
  }

  record(...events: readonly DomainEvent[]): void {
    for (const event of events) {
      const id = newId(this.startedAt.getTime());
      this.pendingEvents.push({ ...event, id, occurredAt: this.startedAt });
      this.lastEvent = id;
    }
  }

  audit(...entries: readonly AuditEntry[]): void {
    this.pendingAudit.push(...entries);
  }

  /** Runs after COMMIT, never after a rollback. Must not throw. */
  afterCommit(callback: () => void): void {
    this.callbacks.push(callback);
  }

  /** The id of the last event recorded so far: what a writer waits for to read its own writes. */
  get lastEventId(): Id | undefined {
    return this.lastEvent;
  }

  /** Hands over what has been recorded since the last call. For the database layer. */
  takePending(): { events: PendingEvent[]; audit: AuditEntry[] } {
    return { events: this.pendingEvents.splice(0), audit: this.pendingAudit.splice(0) };
  }

  committed(): void {
    for (const callback of this.callbacks) callback();
  }

  /**
   * Runs `work` under a savepoint: if it throws, what it wrote and recorded is undone and the error is passed on,
   * while the transaction stays usable.
   */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const marks = { events: this.pendingEvents.length, audit: this.pendingAudit.length, callbacks: this.callbacks.length, last: this.lastEvent };
    await this.client.query('savepoint attempt');
    try {
      const result = await work();
      await this.client.query('release savepoint attempt');
      return result;
    } catch (error) {
      await this.client.query('rollback to savepoint attempt');
      await this.client.query('release savepoint attempt');
      this.pendingEvents.splice(marks.events);
      this.pendingAudit.splice(marks.audit);
      this.callbacks.splice(marks.callbacks);
      this.lastEvent = marks.last;
      throw error;
    }
  }
}
