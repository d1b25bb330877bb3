import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { Consumers } from './consumers.js';

interface Row {
  readonly name: string;
  readonly position: number;
  readonly head: number;
  readonly parked: number;
  readonly retrying: number;
}

const STATUS = sql<Row>('events.consumer_status', `
  select c.name, min(c.position) as position, max(h.position) as head, coalesce(max(p.parked), 0) as parked, coalesce(max(p.retrying), 0) as retrying
    from platform.consumer c
   cross join platform.log_head h
    left join lateral (
      select count(*) filter (where status <> 'retrying') as parked, count(*) filter (where status = 'retrying') as retrying
        from platform.parked_event where consumer = c.name
    ) p on true
   where c.lane < c.lanes
   group by c.name`);

/** How far one consumer is. */
export interface ConsumerState {
  readonly name: string;
  /** Names of the events it hears, with their version. */
  readonly hears: readonly string[];
  readonly lanes: number;
  readonly replayable: boolean;
  /** Everything up to here is applied or set aside. */
  readonly position: number;
  /** Positions of the log it has yet to pass. */
  readonly lag: number;
  /** Set aside: waiting for a person, or behind an event that does. */
  readonly parked: number;
  /** Failed, and tried again by itself. */
  readonly retrying: number;
}

/** The consumers of this release with their cursors. */
@Injectable()
export class ConsumerStatus {
  constructor(
    private readonly database: Database,
    private readonly consumers: Consumers,
  ) {}

  /** By name. One that has never run stands at the beginning. */
  async all(): Promise<ConsumerState[]> {
    const rows = await this.database.query(STATUS);
    const known = new Map(rows.map((row) => [row.name, row]));
    return this.consumers
      .all()
      .map(({ name, hears, lanes, replayable }) => {
        const { position, head, parked, retrying } = known.get(name) ?? { position: 0, head: 0, parked: 0, retrying: 0 };
        return { name, hears: hears.map((type) => `${type.name}.v${type.version}`), lanes, replayable, position, lag: head - position, parked, retrying };
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}
