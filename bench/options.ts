import path from 'node:path';
import { Command, Option } from 'commander';
import type { ShopSize } from './shop/shop.js';

export interface BenchOptions {
  /** `W1` …; all there are if empty. */
  readonly works: readonly string[];
  readonly size: 'small' | 'normal' | 'large';
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

export const SIZES: Readonly<Record<BenchOptions['size'], ShopSize>> = {
  small: { customers: 1_000, orders: 5_000 },
  normal: { customers: 100_000, orders: 500_000 },
  large: { customers: 1_000_000, orders: 5_000_000 },
};

/** @throws CommanderError, which has printed what is wrong. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures the product beside the least that could do the same work. bench/README.md says how to read it.')
    .argument('[works...]', 'W1 to W12; all of them if left out')
    .option('--small', 'a thousandth of the data, for a quick look at whether it works at all')
    .option('--large', 'ten times the data')
    .option('--rounds <n>', 'rounds of each work, app and floor in turn', wholeNumber, 5)
    .option('--seconds <n>', 'of load in each round, for each side', Number, 4)
    .option('--connections <n>', 'that ask at once', wholeNumber, 16)
    .addOption(new Option('--processes <n>', '2: one serves, one works').choices(['1', '2']).default('1'))
    .option('--fresh', 'make the data anew')
    .option('--folder <path>', 'where the data is kept', '.data/bench')
    .option('--cpu-prof <folder>', 'write a CPU profile of the app there, for chrome://inspect or speedscope')
    .parse(argv as string[], { from: 'user' });
  const given = command.opts<{ small?: true; large?: true; rounds: number; seconds: number; connections: number; processes: '1' | '2'; fresh?: true; folder: string; cpuProf?: string }>();
  return {
    works: command.args.map((name) => name.toUpperCase()),
    size: given.small ? 'small' : given.large ? 'large' : 'normal',
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
