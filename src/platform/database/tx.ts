import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Actor } from '../../kernel/actor.js';
import type { DomainEvent } from '../../kernel/event.js';
import type { Id } from '../../kernel/id.js';
import { newId } from '../../kernel/id.js';
import { inOneWrite } from './in-one-write.js';
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

type PlainValue = string | number | boolean | Date | Buffer | null;

/**
 * An open transaction, handed on explicitly; whoever opened it (an HTTP command, a consumer, a job) commits it. Events
 * and audit entries recorded on it are written by one statement just before COMMIT, so they exist exactly if the change does.
 *
 * Statements go out at once, without waiting for the answers to those before (PostgreSQL's pipeline mode); those of one turn of the
 * event loop share a write. BEGIN leaves with the first of them, so a round trip is paid only where an answer is awaited.
 */
export class Tx implements Sql {
  private readonly pendingEvents: PendingEvent[] = [];
  private readonly pendingAudit: AuditEntry[] = [];
  private readonly callbacks: (() => void)[] = [];
  /** Sent and not awaited by anybody yet, in the order of their answers. */
  private readonly unawaited: Promise<unknown>[] = [];
  private lastEvent: Id | undefined;
  private state: 'untouched' | 'open' | 'over' = 'untouched';

  constructor(
    readonly actor: Actor,
    /** The instant the transaction began; every row it writes agrees on it. */
    readonly startedAt: Date,
    private readonly connection: PoolClient,
  ) {}

  async query<Row>(statement: Statement<Row>, params: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.post({ name: statement.name, text: statement.text, values: params as unknown[] });
    return result.rows as Row[];
  }

  async compose<Row>(statement: Composed<Row>): Promise<Row[]> {
    const result = await this.post({ text: statement.text, values: statement.params });
    return result.rows as Row[];
  }

  /**
   * Sends a statement whose rows nobody needs, and does not wait for it: what it fails with, COMMIT or `settled` fails with. Its values
   * are of kinds that can always be written, so that it cannot fail before PostgreSQL sees it, and COMMIT be sent without it.
   */
  send(statement: Statement<unknown>, params: readonly (PlainValue | readonly PlainValue[])[]): void {
    this.leaveToLater(this.post({ name: statement.name, text: statement.text, values: params as unknown[] }));
  }

  /** Resolves when all that was sent is done. @throws what the first of it failed with. */
  async settled(): Promise<void> {
    await allInTurn(this.unawaited.splice(0));
  }

  /** The bare connection, for what is no statement of ours. */
  get client(): PoolClient {
    this.begin();
    return this.connection;
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

  /** For the database layer. @throws what a statement sent before failed with, and then nothing is committed; else what COMMIT failed with. */
  async commit(): Promise<void> {
    if (this.state !== 'open') return;
    const answer = this.post('commit');
    this.state = 'over';
    await allInTurn([...this.unawaited.splice(0), answer]);
    // PostgreSQL answers so, and not with an error, if somebody caught the failure of a statement and went on.
    if ((await answer).command !== 'COMMIT') throw rolledBack();
  }

  /**
   * For the database layer.
   * @returns what a statement failed with that nobody awaited, since what came after it failed only for that
   * @throws if it cannot be done. PostgreSQL does it once the connection ends, so nobody else may be given that.
   */
  async rollback(): Promise<unknown> {
    if (this.state !== 'open') return undefined;
    const answer = this.post('rollback');
    this.state = 'over';
    const failure = await allInTurn(this.unawaited.splice(0)).catch((error: unknown) => error);
    await answer;
    return failure;
  }

  committed(): void {
    for (const callback of this.callbacks) callback();
  }

  /**
   * Runs `work` under a savepoint: if it throws, what it wrote and recorded is undone and the error is passed on,
   * while the transaction stays usable.
   */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    await this.settled();
    const marks = { events: this.pendingEvents.length, audit: this.pendingAudit.length, callbacks: this.callbacks.length, last: this.lastEvent };
    await this.post('savepoint attempt');
    try {
      const result = await work();
      await this.settled();
      await this.post('release savepoint attempt');
      return result;
    } catch (error) {
      await Promise.allSettled(this.unawaited.splice(0));
      await this.post('rollback to savepoint attempt');
      await this.post('release savepoint attempt');
      this.pendingEvents.splice(marks.events);
      this.pendingAudit.splice(marks.audit);
      this.callbacks.splice(marks.callbacks);
      this.lastEvent = marks.last;
      throw error;
    }
  }

  private post(query: string | QueryConfig): Promise<QueryResult> {
    this.begin();
    inOneWrite(this.connection);
    return this.connection.query(query);
  }

  private begin(): void {
    if (this.state !== 'untouched') return;
    this.state = 'open';
    inOneWrite(this.connection);
    this.leaveToLater(this.connection.query('begin read write'));
  }

  private leaveToLater(answer: Promise<unknown>): void {
    // Heard of later; until then a failure must not end the process.
    answer.catch(() => undefined);
    this.unawaited.push(answer);
  }
}

/** With PostgreSQL's code for it, in_failed_sql_transaction. */
function rolledBack(): Error {
  return Object.assign(new Error('A statement of this transaction had failed, so PostgreSQL rolled it back instead of committing it.'), { code: '25P02' });
}

/** Waits for all of them, so that nothing is under way afterwards. @throws what the first that failed, failed with: the others follow from it. */
async function allInTurn(answers: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(answers)) if (outcome.status === 'rejected') throw outcome.reason;
}
