import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { connected } from '../app/embedded-server.js';
import type { Bench } from '../bench.js';
import { atLeast, atMost, median, type Finding } from '../finding.js';
import { floorId } from '../floor/rows.js';
import { Connection } from '../http/connection.js';
import { quantile } from '../http/load.js';
import { cpuOfPostgres, less, type CpuMicros } from '../machine/cpu.js';
import { ordersFile, type Span } from '../shop/files.js';
import { appOrder, orders } from './new-order.js';

/** `LOCKS.relay` of src/platform/database/locks.ts: whoever holds it is the relay, and every other process stands aside. */
const RELAY_LOCK = 4702;
const EVENTS_A_SECOND = 200;

interface Round {
  readonly events: number;
  readonly seconds: number;
  readonly process: CpuMicros;
  readonly database: CpuMicros;
}

/** W10: each order event to every consumer that hears it. The floor has as many readers as the product has such consumers. */
export async function fanout(bench: Bench): Promise<Finding[]> {
  const { data } = await bench.app.get<{ data: { hears: string[] }[] }>('/v1/consumers');
  const consumers = data.filter(({ hears }) => hears.some((name) => name.startsWith('sales.order_placed'))).length;
  const app: Round[] = [];
  const floor: Round[] = [];
  for (let round = 0; round < bench.options.rounds; round += 1) {
    app.push(await applyAtOnce(bench));
    floor.push(await floorRound(bench, consumers, app.at(-1)!.events));
  }
  const ratios = app.map((one, n) => rateOf(one) / rateOf(floor[n]!));
  const figures = { app: figuresOf(app), floor: figuresOf(floor) };
  const latencies = await latency(bench);
  return [
    { work: 'W10', what: `order events applied by ${consumers} consumers`, value: median(ratios), rounds: ratios, wave1: atLeast(0.25), aim: atLeast(0.5), ...figures, done: { app: sum(app), floor: sum(floor) } },
    {
      work: 'W10', what: `from the answer to an order until the last consumer has it, ${EVENTS_A_SECOND} orders a second, p99`, value: quantile(latencies, 0.99), unit: 'ms', wave1: atMost(250), aim: atMost(25),
      app: { p50Millis: quantile(latencies, 0.5), p99Millis: quantile(latencies, 0.99) }, done: { app: latencies.length, floor: 0 },
    },
  ];
}

/** Holds relay and consumers back as another process at work would, until enough events wait, and then times their way. */
async function applyAtOnce(bench: Bench): Promise<Round> {
  const { app } = bench;
  const span = eventSpan(bench);
  await app.settle();
  const holder = await connected(app.postgres.urlOf('shuke'));
  try {
    await holder.query('begin');
    await holder.query('select pg_advisory_lock($1)', [RELAY_LOCK]);
    await holder.query('select from platform.consumer for update');
    // Headers alone: one event each.
    await app.import(ordersFile(bench.shop, span, `w10-${Date.now()}`));
    while (await isSealing(app.database)) await pause(20);
    const before = { process: app.cpu(), database: cpuOfPostgres(app.postgres.pid) };
    await holder.query('select pg_advisory_unlock($1)', [RELAY_LOCK]);
    await holder.query('commit');
    const began = performance.now();
    await holder.query(`select pg_notify('shuke', 'bench:outbox,log')`);
    await app.settle();
    const seconds = (performance.now() - began) / 1000;
    return { events: span[1] - span[0], seconds, process: less(app.cpu(), before.process), database: less(cpuOfPostgres(app.postgres.pid), before.database) };
  } finally {
    await holder.end();
  }
}

async function floorRound({ app, floor, shop }: Bench, readers: number, events: number): Promise<Round> {
  const facts = Array.from({ length: events }, (_, n) => {
    const { customer, status, placedAt } = shop.purchase(n % shop.size.orders);
    return { orderId: floorId('purchase', n), customerId: floorId('person', customer), status, totalMinor: 0, placedAt: placedAt.toISOString() };
  });
  await floor.database.query('truncate outbox, log, reader, heard');
  await floor.database.query('insert into outbox (payload) select value from json_array_elements($1::json)', [JSON.stringify(facts)]);
  const before = { process: floor.cpu(), database: cpuOfPostgres(app.postgres.pid) };
  const { seconds } = await floor.ask<{ seconds: number }>({ method: 'POST', path: '/fanout', body: JSON.stringify({ readers }) });
  const { rows } = await floor.database.query<{ n: number }>('select count(*)::int as n from heard');
  if (rows[0]!.n !== events * readers) throw new Error(`W10: the floor's readers were to apply ${events * readers} events, and applied ${rows[0]!.n}.`);
  return { events, seconds, process: less(floor.cpu(), before.process), database: less(cpuOfPostgres(app.postgres.pid), before.database) };
}

/** Orders at a steady rate, however long the answers take. @returns milliseconds, from short to long */
async function latency(bench: Bench): Promise<Float64Array> {
  const { app, options } = bench;
  await app.settle();
  const watch = await Watch.begin(app.postgres.urlOf('shuke'));
  const next = orders(bench);
  const idle: Connection[] = [];
  const answered = new Map<string, number>();
  const sent: Promise<void>[] = [];
  const send = async (): Promise<void> => {
    const connection = idle.pop() ?? (await Connection.open(app.port));
    const { status, head, body } = await connection.ask(app.signed(appOrder(bench, next())));
    if (status !== 201) throw new Error(`W10: an order was answered ${status}: ${body.slice(0, 300)}`);
    answered.set(/\r\nevent-id: (\S+)/i.exec(head)![1]!, performance.now());
    idle.push(connection);
  };
  const began = performance.now();
  const count = Math.ceil(EVENTS_A_SECOND * options.seconds * 2);
  for (let n = 0; n < count; n += 1) {
    await pause(Math.max(0, began + (n * 1000) / EVENTS_A_SECOND - performance.now()));
    const outcome = send();
    // Told below; until then a failure must not end the bench.
    outcome.catch(() => undefined);
    sent.push(outcome);
  }
  await Promise.all(sent);
  await app.settle();
  for (const connection of idle) connection.close();
  const arrivals = await watch.end(app.database, [...answered.keys()]);
  return Float64Array.from([...answered].map(([id, at]) => Math.max(0, arrivals.get(id)! - at))).sort();
}

interface Cursor {
  readonly name: string;
  readonly lane: number;
  readonly lanes: number;
  readonly position: number;
}

/** Looks at the cursors again and again on a connection of its own, and remembers when each was seen to have moved where. */
class Watch {
  private static readonly EVERY_MILLIS = 2;
  private readonly seen = new Map<string, { readonly lane: number; readonly lanes: number; readonly moves: { position: number; at: number }[] }>();
  private over = false;
  private looking: Promise<void>;

  private constructor(private readonly client: Client) {
    this.looking = this.look();
  }

  static async begin(url: string): Promise<Watch> {
    return new Watch(await connected(url));
  }

  /** When the last consumer was seen to have passed each of these events. */
  async end(database: Client, eventIds: readonly string[]): Promise<Map<string, number>> {
    this.over = true;
    await this.looking;
    await this.client.end();
    const { rows } = await database.query<{ id: string; position: number; lane_key: number }>('select id, position::float8 as position, lane_key from platform.event_log where id = any($1::uuid[])', [eventIds]);
    return new Map(rows.map(({ id, position, lane_key: key }) => [id, Math.max(...[...this.seen.values()].filter(({ lane, lanes }) => key % lanes === lane).map(({ moves }) => moves.find((move) => move.position >= position)!.at))]));
  }

  private async look(): Promise<void> {
    // Once more after the end, which may come while a look is under way.
    for (let isLast = false; !isLast; ) {
      isLast = this.over;
      const { rows } = await this.client.query<Cursor>({ name: 'cursors', text: 'select name, lane, lanes, position::float8 as position from platform.consumer where lane < lanes' });
      const at = performance.now();
      for (const { name, lane, lanes, position } of rows) {
        const key = `${name} ${lane}`;
        const known = this.seen.get(key) ?? { lane, lanes, moves: [] };
        if (known.moves.at(-1)?.position !== position) known.moves.push({ position, at });
        this.seen.set(key, known);
      }
      await pause(Watch.EVERY_MILLIS);
    }
  }
}

/** A hundredth of the shop's orders, told again as new ones. */
function eventSpan({ shop }: Bench): Span {
  return [0, Math.max(500, Math.min(10_000, Math.floor(shop.size.orders / 50)))];
}

async function isSealing(database: Client): Promise<boolean> {
  const { rows } = await database.query<{ busy: boolean }>('select exists (select from platform.audit_inbox) as busy');
  return rows[0]!.busy;
}

function rateOf({ events, seconds }: Round): number {
  return events / seconds;
}

function sum(rounds: readonly Round[]): number {
  return rounds.reduce((all, { events }) => all + events, 0);
}

function figuresOf(rounds: readonly Round[]) {
  const each = (micros: (round: Round) => CpuMicros) => (rounds.some((round) => micros(round) === undefined) ? undefined : median(rounds.map((round) => micros(round)! / round.events)));
  return { perSecond: median(rounds.map(rateOf)), processMicros: each(({ process }) => process), databaseMicros: each(({ database }) => database) };
}
