import path from 'node:path';
import { Command, Option } from 'commander';
import type { ShopSize } from './shop/shop.js';

export interface BenchOptions {
  /** `W1` …; all there are if empty. */
  readonly works: readonly string[];
  readonly size: ShopSize;
  readonly rounds: number;
  /** Of load in a round, for each side. */
  readonly seconds: number;
  readonly connections: number;
  readonly processes: 1 | 2;
  /** Throw the prepared data away first. */
  readonly fresh: boolean;
  /** Holds the data of all sizes, each in a folder of its own. */
  readonly folder: string;
  readonly nodeArguments: readonly string[];
}

const CUSTOMERS = 100_000;
const ORDERS_PER_CUSTOMER = 5;
const SCALES = { small: 0.01, normal: 1, large: 10 } as const;

/** @param scale 1 is what the figures of QUALITY.md are about: 100,000 customers and 500,000 orders */
export function sizeOf(scale: number): ShopSize {
  const customers = Math.round(CUSTOMERS * scale);
  return { customers, orders: ORDERS_PER_CUSTOMER * customers };
}

/** @throws CommanderError, which has printed what is wrong. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures the product beside the least that could do the same work. bench/README.md says how to read it.')
    .argument('[works...]', 'W1 to W12; all of them if left out')
    .addOption(new Option('--scale <factor>', 'of the data; 1 is 100,000 customers and 500,000 orders').argParser(Number).default(SCALES.normal))
    .addOption(new Option('--small', `as --scale ${SCALES.small}, to see whether it works at all`).implies({ scale: SCALES.small }))
    .addOption(new Option('--large', `as --scale ${SCALES.large}`).implies({ scale: SCALES.large }))
    .option('--rounds <n>', 'rounds of each work, app and floor in turn', wholeNumber, 5)
    .option('--seconds <n>', 'of load in each round, for each side', Number, 4)
    .option('--connections <n>', 'that ask at once', wholeNumber, 16)
    .addOption(new Option('--processes <n>', '2: one serves, one works').choices(['1', '2']).default('1'))
    .option('--fresh', 'make the data anew')
    .option('--folder <path>', 'where the data is kept', '.data/bench')
    .option('--cpu-prof <folder>', 'write a CPU profile of the app there, for chrome://inspect or speedscope')
    .parse(argv as string[], { from: 'user' });
  const given = command.opts<{ scale: number; rounds: number; seconds: number; connections: number; processes: '1' | '2'; fresh?: true; folder: string; cpuProf?: string }>();
  return {
    works: command.args.map((name) => name.toUpperCase()),
    size: sizeOf(given.scale),
    rounds: given.rounds,
    seconds: given.seconds,
    connections: given.connections,
    processes: given.processes === '2' ? 2 : 1,
    fresh: given.fresh === true,
    folder: path.resolve(given.folder),
    nodeArguments: given.cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(given.cpuProf)}`],
  };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`"${text}" is no whole number from 1.`);
  return Number(text);
}
