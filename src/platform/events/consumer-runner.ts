import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../kernel/actor.js';
import { DomainError } from '../../kernel/domain-error.js';
import { Database } from '../database/database.js';
import { Loop } from '../database/loop.js';
import { Signals } from '../database/signals.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import { RootLogger } from '../observability/logger.js';
import { ConsumerLane } from './consumer-lane.js';
import { Consumers, type Consumer } from './consumers.js';
import { Redrive } from './redrive.js';
import { Relay } from './relay.js';

const LANES = sql<{ lane: number; lanes: number; position: number }>('events.lanes', `
  select lane, lanes, position from platform.consumer where name = $1 order by lane for update`);
const DROP_LANES = sql<never>('events.forget_lanes', `update platform.consumer set lanes = $2 where name = $1`);
const SET_LANE = sql<never>('events.set_lane', `
  insert into platform.consumer (name, lane, lanes, position) values ($1, $2, $3, $4)
  on conflict (name, lane) do update set lanes = excluded.lanes, position = excluded.position`);
/** Of processes that start together on an empty table the first makes the lane; the others must not set a moved cursor back. */
const MAKE_LANE = sql<never>('events.make_lane', `
  insert into platform.consumer (name, lane, lanes, position) values ($1, $2, $3, 0) on conflict (name, lane) do nothing`);
const PARTITIONS = sql<never>('events.make_partitions', 'select platform.make_log_partitions(3)');

const RELAY_SWEEP = 500;
/** Events committed within this time go to the log together: a move, and a batch of each consumer behind it, costs one event as much as ten. */
const GATHER_MILLIS = 10;
const LANE_SWEEP = 1000;
const REDRIVE_SWEEP = 1000;

/** Runs the relay, every lane of every consumer and the redrive in this process. Any number of processes may do so. */
@Injectable()
export class ConsumerRunner {
  private loops: Loop[] = [];
  private readonly unsubscribe: (() => void)[] = [];
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly consumers: Consumers,
    private readonly relay: Relay,
    private readonly redrive: Redrive,
    private readonly signals: Signals,
    private readonly logger: RootLogger,
  ) {}

  async start(): Promise<void> {
    await this.database.query(PARTITIONS);
    for (const consumer of this.consumers.all()) {
      await this.database.transaction(SYSTEM, (tx) => this.layOutLanes(tx, consumer));
    }
    const relay = new Loop('events.relay', () => this.relay.step(), RELAY_SWEEP, this.logger.pino);
    const redrive = new Loop('events.redrive', () => this.redrive.step(), REDRIVE_SWEEP, this.logger.pino);
    const lanes = this.lanes().map(
      (lane) => new Loop('events.lane', () => lane.step(), LANE_SWEEP, this.logger.pino),
    );
    this.loops = [relay, redrive, ...lanes];
    this.unsubscribe.push(this.signals.on('outbox', () => this.wakeSoon(relay)));
    this.unsubscribe.push(this.signals.on('log', () => lanes.forEach((loop) => loop.wake())));
    for (const loop of this.loops) loop.start();
  }

  async stop(): Promise<void> {
    for (const off of this.unsubscribe.splice(0)) off();
    clearTimeout(this.gathering);
    this.gathering = undefined;
    await Promise.all(this.loops.splice(0).map((loop) => loop.stop()));
  }

  /** Applies everything committed so far in this process, lane by lane. For tests and for rebuilding with nothing else running. */
  async drain(): Promise<void> {
    for (const consumer of this.consumers.all()) {
      await this.database.transaction(SYSTEM, (tx) => this.layOutLanes(tx, consumer));
    }
    const lanes = this.lanes();
    for (let more = true; more; ) {
      while (await this.relay.step());
      more = false;
      for (const lane of lanes) while (await lane.step()) more = true;
      const [waiting] = await this.database.query(OUTBOX_NOT_EMPTY);
      more ||= waiting?.more === true;
    }
  }

  /**
   * Sets a consumer back so that it hears everything after `position` again.
   * @throws DomainError missing for an unknown name, rule for one whose effects must not be repeated or a position it has not come to.
   */
  async replay(tx: Tx, name: string, position: number): Promise<void> {
    const consumer = this.consumers.get(name);
    if (!consumer) throw new DomainError('missing', 'not_found', `There is no consumer "${name}". GET /v1/consumers lists them.`);
    if (!consumer.replayable) throw new DomainError('rule', 'not_replayable', `The consumer "${name}" has effects outside the database, so it cannot be set back.`);
    const lanes = await tx.query(LANES, [name]);
    const reached = Math.min(...lanes.map((row) => row.position));
    if (position > reached) {
      throw new DomainError('rule', 'not_behind', `The consumer "${name}" has come to position ${reached} and can only be set back; ${position} would leave events out.`);
    }
    for (const { lane } of lanes) await tx.query(SET_LANE, [name, lane, consumer.lanes, position]);
    tx.audit({ action: 'consumer.replayed', subjectType: 'consumer', subjectId: SYSTEM.id, details: { consumer: name, position } });
    tx.afterCommit(() => this.signals.send('log'));
  }

  private wakeSoon(relay: Loop): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      relay.wake();
    }, GATHER_MILLIS);
  }

  private lanes(): ConsumerLane[] {
    return this.consumers.all().flatMap((consumer) =>
      Array.from({ length: consumer.lanes }, (_, lane) => new ConsumerLane(consumer, lane, this.database, this.logger.pino)),
    );
  }

  /**
   * Makes one cursor a lane. When the number of lanes changes, partitions change lanes too, so all lanes start from the
   * cursor that is furthest behind; handlers fold, so hearing some events again changes nothing.
   */
  private async layOutLanes(tx: Tx, consumer: Required<Consumer>): Promise<void> {
    const present = await tx.query(LANES, [consumer.name]);
    const current = present.filter((row) => row.lane < row.lanes);
    if (current.length === consumer.lanes && current.every((row) => row.lanes === consumer.lanes)) return;
    if (current.length === 0) {
      for (let lane = 0; lane < consumer.lanes; lane += 1) await tx.query(MAKE_LANE, [consumer.name, lane, consumer.lanes]);
      return;
    }
    const position = Math.min(...current.map((row) => row.position));
    await tx.query(DROP_LANES, [consumer.name, consumer.lanes]);
    for (let lane = 0; lane < consumer.lanes; lane += 1) await tx.query(SET_LANE, [consumer.name, lane, consumer.lanes, position]);
  }
}

const OUTBOX_NOT_EMPTY = sql<{ more: boolean }>('events.outbox_not_empty', 'select exists (select from platform.outbox) as more');
