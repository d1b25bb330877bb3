import { atLeast, atMost, median, type Bound, type Figures, type Finding } from '../finding.js';
import { less, type CpuMicros } from '../machine/cpu.js';

/** One part of the shop, brought into the app and then into the floor. Seconds. */
export interface Slice {
  readonly rows: number;
  readonly seconds: number;
  /** From the end of the operation until every view and the audit chain had followed. */
  readonly settling: number;
  readonly loopDelay: number;
  readonly copied: number;
  /** Of somebody who reads one customer now and then, in milliseconds at the 95th percentile; undefined where nobody does. An import gives way to them, so the part tells nothing else. */
  readonly reading?: { readonly idle: number; readonly meanwhile: number };
  /** Resident bytes of the process before, and the most while the operation ran; undefined where the system does not tell. */
  readonly memory: { readonly before: number | undefined; readonly most: number | undefined };
  readonly cpu: {
    readonly before: { readonly app: CpuMicros; readonly database: CpuMicros };
    readonly between: { readonly app: CpuMicros; readonly database: CpuMicros };
    readonly after: { readonly database: CpuMicros };
  };
}

const LOOP_DELAY_MILLIS = 20;
/** G42. */
const SLOWER_AT_MOST = 2;
const GROWS_AT_MOST_MB = 200;
const MEGABYTE = 1024 * 1024;

/** W7: bulk over HTTP against COPY into live indexes. */
export function importFindings(customers: readonly Slice[], orders: readonly Slice[]): Finding[] {
  const all = [...customers, ...orders];
  const slices = all.filter(alone);
  const delays = slices.map(({ loopDelay }) => loopDelay * 1000);
  const slower = all.flatMap(({ reading }) => (reading ? reading.meanwhile / reading.idle : []));
  const grown = slices.flatMap(({ memory: { before, most } }) => (before === undefined || most === undefined ? [] : Math.max(0, most - before) / MEGABYTE));
  return [
    finding('import of customers', customers, ({ seconds }) => seconds, atLeast(0.3), atLeast(0.6)),
    finding('import of orders with 3 lines', orders, ({ seconds }) => seconds, atLeast(0.4), atLeast(0.6)),
    finding('… customers, until views and audit chain have followed', customers, ({ seconds, settling }) => seconds + settling),
    finding('… orders, until views and audit chain have followed', orders, ({ seconds, settling }) => seconds + settling),
    {
      work: 'W7', what: 'delay of the event loop, p99', value: median(delays), unit: 'ms', rounds: delays,
      wave1: atMost(LOOP_DELAY_MILLIS), aim: atMost(LOOP_DELAY_MILLIS), done: doneOf(slices),
    },
    { work: 'W7', what: 'one customer by id meanwhile, p95 over that before', value: median(slower), rounds: slower, wave1: atMost(SLOWER_AT_MOST), aim: atMost(SLOWER_AT_MOST), done: doneOf(slices) },
    ...(grown.length === 0 ? [] : [{
      work: 'W7', what: 'memory of the process, the most it grew', value: Math.max(...grown), unit: 'MB' as const, rounds: grown,
      wave1: atMost(GROWS_AT_MOST_MB), aim: atMost(GROWS_AT_MOST_MB), done: doneOf(slices),
    }]),
  ];
}

function alone({ reading }: Slice): boolean {
  return reading === undefined;
}

function finding(what: string, parts: readonly Slice[], secondsOf: (slice: Slice) => number, wave1?: Bound, aim?: Bound): Finding {
  const slices = parts.filter(alone);
  const ratios = slices.map((slice) => slice.copied / secondsOf(slice));
  const { app, floor } = figuresOfImport(slices, secondsOf);
  const cpuRatio = app.databaseMicros === undefined || floor.databaseMicros === undefined ? undefined : floor.databaseMicros / (app.databaseMicros + app.processMicros!);
  return { work: 'W7', what, value: median(ratios), rounds: ratios, wave1, aim, app, floor, cpuRatio, done: doneOf(parts) };
}

/** CPU for each row. COPY needs next to nothing of its client, which is the bench itself, so the floor's is the database's alone. */
function figuresOfImport(slices: readonly Slice[], secondsOf: (slice: Slice) => number): { app: Figures; floor: Figures } {
  const each = (micros: (slice: Slice) => CpuMicros): number | undefined => {
    const values = slices.map((slice) => micros(slice)).filter((value) => value !== undefined);
    return values.length < slices.length ? undefined : median(values.map((value, n) => value / slices[n]!.rows));
  };
  return {
    app: {
      perSecond: median(slices.map((slice) => slice.rows / secondsOf(slice))),
      processMicros: each(({ cpu }) => less(cpu.between.app, cpu.before.app)),
      databaseMicros: each(({ cpu }) => less(cpu.between.database, cpu.before.database)),
    },
    floor: { perSecond: median(slices.map(({ rows, copied }) => rows / copied)), databaseMicros: each(({ cpu }) => less(cpu.after.database, cpu.between.database)) },
  };
}

function doneOf(slices: readonly Slice[]): Finding['done'] {
  const rows = slices.reduce((sum, slice) => sum + slice.rows, 0);
  return { app: rows, floor: rows };
}
