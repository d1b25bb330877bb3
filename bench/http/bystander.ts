import { setTimeout as pause } from 'node:timers/promises';
import { Connection, type Ask } from './connection.js';
import { assertGood, quantile } from './load.js';

/** Asked so often, whatever the answers take. */
const EVERY_MILLIS = 25;

/**
 * Somebody who asks now and then, and so feels whatever else keeps the server busy. Connections are kept, as every client
 * does: Node accepts one new one a turn of its event loop, so that opening them measures little else.
 */
export class Bystander {
  private readonly free: Connection[] = [];

  constructor(
    private readonly port: number,
    private readonly ask: () => Ask,
  ) {}

  /** Asks until `ended`, not waiting for one answer with the next question. @returns milliseconds that 95 of 100 answers took at the most */
  async p95Until(ended: Promise<unknown>): Promise<number> {
    let isOver = false;
    const over = ended.finally(() => (isOver = true));
    const answers: Promise<number>[] = [];
    for (let due = performance.now(); !isOver; due += EVERY_MILLIS) {
      await pause(Math.max(0, due - performance.now()));
      answers.push(this.timed());
    }
    await over;
    const latencies = await Promise.all(answers);
    for (const connection of this.free.splice(0)) connection.close();
    return quantile(Float64Array.from(latencies).sort(), 0.95);
  }

  private async timed(): Promise<number> {
    const what = this.ask();
    const connection = await this.connection();
    const asked = performance.now();
    assertGood(what, await connection.ask(what));
    this.free.push(connection);
    return performance.now() - asked;
  }

  /** In turn, so that none is idle until the server closes it. */
  private async connection(): Promise<Connection> {
    for (let kept = this.free.shift(); kept; kept = this.free.shift()) if (kept.isOpen) return kept;
    return Connection.open(this.port);
  }
}
