import { Socket } from 'node:net';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Client, type Pool } from 'pg';
import { RootLogger } from '../observability/logger.js';
import { READ_POOL } from './database.js';
import type { Sql } from './sql.js';
import type { Statement } from './statement.js';

const CONNECTIONS = 2;

/** A connection, and the socket under it. */
interface Line {
  readonly client: Client;
  readonly socket: Socket;
}

/**
 * Looks things up by their key. Questions are sent without waiting for the answers to those before (PostgreSQL's pipeline mode), over
 * two connections: 16 at once then cost a third less CPU, in this process and in PostgreSQL, than on a connection each. What is
 * asked within one turn of the event loop leaves in one write.
 *
 * Answers come in the order of the questions, so one that takes long keeps the others waiting. Only for statements that read a
 * handful of rows by an index; lists, reports and whatever waits for a lock or a flush belong to `Database`.
 */
@Injectable()
export class ShortReads implements Pick<Sql, 'query'>, OnApplicationShutdown {
  private readonly lines: (Promise<Line> | undefined)[] = Array.from({ length: CONNECTIONS }, () => undefined);
  private turn = 0;

  constructor(
    @Inject(READ_POOL) private readonly pool: Pool,
    private readonly logger: RootLogger,
  ) {}

  async query<Row>(statement: Statement<Row>, params: readonly unknown[] = []): Promise<Row[]> {
    this.turn = (this.turn + 1) % CONNECTIONS;
    const { client, socket } = await (this.lines[this.turn] ?? this.open(this.turn));
    gather(socket);
    const result = await client.query({ name: statement.name, text: statement.text, values: params as unknown[] });
    return result.rows as Row[];
  }

  async onApplicationShutdown(): Promise<void> {
    const opened = await Promise.allSettled(this.lines.filter((line) => line !== undefined));
    for (const line of opened) if (line.status === 'fulfilled') await line.value.client.end();
  }

  private open(place: number): Promise<Line> {
    const opening = this.connect(() => {
      if (this.lines[place] === opening) this.lines[place] = undefined;
    });
    this.lines[place] = opening;
    return opening;
  }

  /** @param lost called when the next question needs another connection */
  private async connect(lost: () => void): Promise<Line> {
    const socket = new Socket();
    const client = new Client({ ...this.pool.options, application_name: 'shuke-short-reads', pipeline: true, stream: () => socket });
    client.on('error', (error) => {
      lost();
      this.logger.pino.warn({ err: error }, 'database connection lost');
    });
    client.on('end', lost);
    try {
      await client.connect();
      return { client, socket };
    } catch (error) {
      lost();
      throw error;
    }
  }
}

/** Holds back what is written until the present turn of the event loop is over. */
function gather(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
