import { setTimeout as pause } from 'node:timers/promises';
import type { App } from './app/app.js';
import type { Floor } from './floor/floor.js';
import { closedLoop, quantile, type Answered } from './http/load.js';
import type { Ask } from './http/connection.js';
import { atMost, median, type Bound, type Figures, type Finding } from './finding.js';
import { cpuOfPostgres, less, type CpuMicros } from './machine/cpu.js';
import type { BenchOptions } from './options.js';
import type { Prepared } from './prepare.js';
import type { Shop } from './shop/shop.js';

/** What every work is given. */
export interface Bench {
  readonly app: App;
  readonly floor: Floor;
  readonly shop: Shop;
  /** The app's ids of the shop's customers, by number. */
  readonly customerIds: readonly string[];
  readonly prepared: Prepared;
  readonly options: BenchOptions;
  readonly say: (sentence: string) => void;
}

/** The same work as each side is asked for it; each call makes the next question. */
export interface TwinLoad {
  readonly work: string;
  readonly what: string;
  readonly app: () => Ask;
  readonly floor: () => Ask;
}

export interface Round {
  readonly answered: Answered;
  /** Until everything the requests set off was done as well. */
  readonly seconds: number;
  readonly process: CpuMicros;
  readonly database: CpuMicros;
}

export interface Rounds {
  readonly app: readonly Round[];
  readonly floor: readonly Round[];
}

type Side = 'app' | 'floor';

const MANY_CONNECTIONS = 64;
/** Enough for the compilers of both sides to have seen everything. */
const WARM_UP_SHARE = 1;
const QUIET_MILLIS = 100;
const MOST_OF_P99 = 1.5;

/** App and floor in turn, after a warm-up of each. */
export async function inTurn(bench: Bench, load: TwinLoad, connections = bench.options.connections): Promise<Rounds> {
  const { rounds, seconds } = bench.options;
  await oneRound(bench, load, 'app', connections, seconds * WARM_UP_SHARE);
  await oneRound(bench, load, 'floor', connections, seconds * WARM_UP_SHARE);
  const app: Round[] = [];
  const floor: Round[] = [];
  for (let n = 0; n < rounds; n += 1) {
    app.push(await oneRound(bench, load, 'app', connections, seconds));
    floor.push(await oneRound(bench, load, 'floor', connections, seconds));
  }
  return { app, floor };
}

/** The rate as a share of the floor's, round by round, and of all the median; then p99 with many connections. */
export async function rateFindings(bench: Bench, load: TwinLoad, wave1?: Bound, aim?: Bound): Promise<Finding[]> {
  const rounds = await inTurn(bench, load);
  return [{ ...measured(load, rounds), ...rateRatio(rounds), wave1, aim }, await crowded(bench, load)];
}

export function rateRatio({ app, floor }: Rounds): Pick<Finding, 'value' | 'rounds'> {
  const rounds = app.map((one, n) => rateOf(one) / rateOf(floor[n]!));
  return { value: median(rounds), rounds };
}

/** What both sides came to, for a finding that says itself what is held against its bounds. */
export function measured({ work, what }: TwinLoad, { app, floor }: Rounds): Omit<Finding, 'value'> {
  const figures = { app: figuresOf(app), floor: figuresOf(floor) };
  return { work, what, ...figures, cpuRatio: cpuRatioOf(figures), done: { app: sum(app), floor: sum(floor) } };
}

async function crowded(bench: Bench, load: TwinLoad): Promise<Finding> {
  const rounds = await inTurn({ ...bench, options: { ...bench.options, rounds: Math.ceil(bench.options.rounds / 2) } }, load, MANY_CONNECTIONS);
  const ratios = rounds.app.map((one, n) => p99Of(one) / p99Of(rounds.floor[n]!));
  const what = `… p99 of ${MANY_CONNECTIONS} connections, in those of the floor`;
  return { ...measured({ ...load, what }, rounds), value: median(ratios), rounds: ratios, wave1: atMost(MOST_OF_P99), aim: atMost(MOST_OF_P99) };
}

async function oneRound({ app, floor }: Bench, load: TwinLoad, side: Side, connections: number, seconds: number): Promise<Round> {
  const target = side === 'app' ? app : floor;
  const ask = side === 'app' ? () => app.signed(load.app()) : load.floor;
  const cpu = () => ({ process: target.cpu(), database: cpuOfPostgres(app.postgres.pid) });
  await app.settle();
  await pause(QUIET_MILLIS);
  const before = cpu();
  const answered = await closedLoop({ port: target.port, connections, seconds, ask });
  const settling = side === 'app' ? await app.settle() : 0;
  const after = cpu();
  return { answered, seconds: answered.seconds + settling, process: less(after.process, before.process), database: less(after.database, before.database) };
}

function figuresOf(rounds: readonly Round[]): Figures {
  const each = (micros: (round: Round) => CpuMicros) => medianOfKnown(rounds.map((round) => perRequest(micros(round), round.answered.count)));
  return {
    perSecond: median(rounds.map(rateOf)),
    p50Millis: median(rounds.map(p50Of)),
    p99Millis: median(rounds.map(p99Of)),
    processMicros: each(({ process }) => process),
    databaseMicros: each(({ database }) => database),
  };
}

function cpuRatioOf({ app, floor }: { readonly app: Figures; readonly floor: Figures }): number | undefined {
  const whole = ({ processMicros, databaseMicros }: Figures) => (processMicros === undefined || databaseMicros === undefined ? undefined : processMicros + databaseMicros);
  const [ours, least] = [whole(app), whole(floor)];
  return ours === undefined || least === undefined ? undefined : least / ours;
}

export function p50Of({ answered }: Round): number {
  return quantile(answered.latencies, 0.5);
}

function p99Of({ answered }: Round): number {
  return quantile(answered.latencies, 0.99);
}

function rateOf({ answered, seconds }: Round): number {
  return answered.count / seconds;
}

function sum(rounds: readonly Round[]): number {
  return rounds.reduce((all, { answered }) => all + answered.count, 0);
}

function perRequest(micros: CpuMicros, count: number): number | undefined {
  return micros === undefined ? undefined : micros / count;
}

function medianOfKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : median(known);
}
