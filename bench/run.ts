import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { App } from './app/app.js';
import type { Bench } from './bench.js';
import type { Finding } from './finding.js';
import { Floor } from './floor/floor.js';
import type { BenchOptions } from './options.js';
import { clearUnlessPrepared, customerIdsOf, prepare, preparedIn, touch, type Prepared } from './prepare.js';
import { machineInWords, type Report } from './report.js';
import { Shop } from './shop/shop.js';
import { fanout } from './works/fanout.js';
import { list } from './works/list.js';
import { newCustomer } from './works/new-customer.js';
import { newOrder } from './works/new-order.js';
import { oneCustomer } from './works/one-customer.js';
import { overview } from './works/overview.js';
import { rfm } from './works/rfm.js';
import { search } from './works/search.js';
import { secondStart } from './works/second-start.js';

interface Work {
  readonly name: string;
  readonly writes: boolean;
  readonly run: (bench: Bench) => Promise<Finding[]>;
}

/** Those that only read come first, while app and floor still hold exactly the same. */
const WORKS: readonly Work[] = [
  { name: 'W1', writes: false, run: oneCustomer },
  { name: 'W2', writes: false, run: list },
  { name: 'W3', writes: false, run: search },
  { name: 'W6', writes: false, run: overview },
  { name: 'W9', writes: false, run: rfm },
  { name: 'W4', writes: true, run: newCustomer },
  { name: 'W5', writes: true, run: newOrder },
  { name: 'W10', writes: true, run: fanout },
];
const PREPARATION = 'W7';
const START = 'W12';
const NOT_YET: Readonly<Record<string, string>> = {
  W8: 'W8 (exact count of a segment) joins when there are segments.',
  W11: 'W11 (webhook deliveries) joins when there are webhooks.',
};

/** @throws if anything is refused, or app and floor answer differently: then there are no figures at all. */
export async function runBench(options: BenchOptions, say: (sentence: string) => void): Promise<Report> {
  const wanted = wantedOf(options);
  const folder = path.join(options.folder, String(options.size.customers));
  const shop = new Shop(options.size);
  // Asked for by name, W7 is measured now; else the figures of the last preparation stand.
  await clearUnlessPrepared(folder, options.fresh || options.works.includes(PREPARATION));
  say('starting the app');
  const app = await App.start({ dataDir: folder, processes: options.processes, nodeArguments: options.nodeArguments });
  try {
    const findings = await withFloor(app, async (floor) => {
      const prepared = (await preparedIn(folder)) ?? (await prepare(app, floor, shop, folder, say));
      return { prepared, found: await runWorks({ app, floor, shop, prepared, options, say, customerIds: await customerIdsOf(app, shop) }, wanted, folder) };
    });
    const starts = wanted.has(START) ? await started(app, say) : [];
    return reportOf(options, findings.prepared, [...findings.found, ...(wanted.has(PREPARATION) ? findings.prepared.findings : []), ...starts]);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nThe app's last words:\n${await app.lastWords()}`, { cause: error });
  } finally {
    await app.stop();
  }
}

async function withFloor<T>(app: App, work: (floor: Floor) => Promise<T>): Promise<T> {
  const floor = await Floor.start(app.postgres);
  try {
    return await work(floor);
  } finally {
    await floor.stop();
  }
}

async function runWorks(bench: Bench, wanted: ReadonlySet<string>, folder: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  let prepared = bench.prepared;
  for (const { name, writes, run } of WORKS.filter((work) => wanted.has(work.name))) {
    bench.say(name);
    if (writes) prepared = await touch(folder, prepared);
    findings.push(...(await run({ ...bench, prepared })));
  }
  return findings;
}

function started(app: App, say: (sentence: string) => void): Promise<Finding[]> {
  say(START);
  return secondStart(app);
}

function wantedOf({ works }: BenchOptions): Set<string> {
  const known = [...WORKS.map(({ name }) => name), PREPARATION, START];
  const unknown = works.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(unknown.map((name) => NOT_YET[name] ?? `There is no ${name}; there are ${known.join(', ')}.`).join('\n'));
  return new Set(works.length > 0 ? works : known);
}

function reportOf({ size, rounds, seconds, connections, processes }: BenchOptions, prepared: Prepared, findings: readonly Finding[]): Report {
  return {
    at: new Date().toISOString(),
    commit: commit(),
    machine: machineInWords(),
    options: { size, rounds, seconds, connections, processes },
    preparedAt: prepared.at,
    findings: findings.toSorted((one, other) => numberIn(one) - numberIn(other)),
    leftOut: Object.values(NOT_YET),
  };
}

function numberIn({ work }: Finding): number {
  return Number(work.slice(1));
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
