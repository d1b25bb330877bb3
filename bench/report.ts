import os from 'node:os';
import { keeps, type Bound, type Figures, type Finding } from './finding.js';
import type { BenchOptions } from './options.js';

const HEADINGS = [
  'W', 'work', 'found', 'rounds', 'wave 1', 'aim', 'app /s', 'floor /s', 'app p50 · p99 ms', 'floor p50 · p99 ms', 'app CPU µs (app + database)', 'floor CPU µs (floor + database)', 'CPU ratio',
];

/** Everything a run found, as it is written to `results/`. */
export interface Report {
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  readonly options: Pick<BenchOptions, 'size' | 'rounds' | 'seconds' | 'connections' | 'processes'>;
  readonly preparedAt: string;
  readonly findings: readonly Finding[];
  readonly leftOut: readonly string[];
}

export function machineInWords(): string {
  const [cpu] = os.cpus();
  return `${os.cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.platform()} ${os.release()}, Node ${process.versions.node}`;
}

/**
 * The table in Markdown.
 * @param reference a run on less data; a column then says how many times as long the app takes now, at the median
 */
export function tableOf({ at, commit, machine, options, preparedAt, findings, leftOut }: Report, reference?: Report): string {
  const { customers, orders } = options.size;
  const { rounds, seconds, connections, processes } = options;
  return [
    `${customers.toLocaleString('en')} customers, ${orders.toLocaleString('en')} orders · ${rounds} rounds of ${seconds} s, ${connections} connections, ${processes} ${processes === 1 ? 'process' : 'processes'} · ${at.slice(0, 16)}Z, commit ${commit}, data of ${preparedAt.slice(0, 16)}Z`,
    `${machine}${process.platform === 'linux' ? '' : '; this system does not tell the CPU time of other processes'}`,
    '',
    lineOf([...HEADINGS, ...(reference === undefined ? [] : [`growth from ${reference.options.size.customers.toLocaleString('en')} customers, app · floor`])]),
    lineOf(Array.from({ length: HEADINGS.length + (reference === undefined ? 0 : 1) }, () => '---')),
    ...findings.map((finding) => lineOf([...cellsOf(finding), ...(reference === undefined ? [] : [growthOf(finding, reference)])])),
    '',
    ...leftOut.map((sentence) => `${sentence}  `),
  ].join('\n');
}

function cellsOf({ work, what, value, unit, rounds, wave1, aim, app, floor, cpuRatio }: Finding): string[] {
  const found = unit === undefined ? value.toFixed(2) : `${value.toFixed(unit === 'MB' ? 0 : 1)} ${unit}`;
  const spread = rounds === undefined || rounds.length < 2 ? '' : `${short(Math.min(...rounds))}–${short(Math.max(...rounds))}`;
  return [
    work, what, `**${found}**`, spread, judged(value, wave1), judged(value, aim), rateIn(app), rateIn(floor), latencyIn(app), latencyIn(floor), cpuIn(app), cpuIn(floor), cpuRatio?.toFixed(2) ?? '',
  ];
}

function growthOf({ work, what, app, floor }: Finding, reference: Report): string {
  const before = reference.findings.find((finding) => finding.work === work && finding.what === what);
  const times = (now: Figures | undefined, then: Figures | undefined) => (now?.p50Millis === undefined || then?.p50Millis === undefined ? '' : short(now.p50Millis / then.p50Millis));
  const both = [times(app, before?.app), times(floor, before?.floor)].filter((text) => text !== '');
  return both.join(' · ');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function judged(value: number, bound: Bound | undefined): string {
  if (bound === undefined) return '';
  return `${keeps(value, bound) ? '✓' : '✗'} ${bound.kind === 'at least' ? '≥' : '≤'} ${bound.value}`;
}

function rateIn(figures: Figures | undefined): string {
  return figures?.perSecond === undefined ? '' : Math.round(figures.perSecond).toLocaleString('en');
}

function latencyIn(figures: Figures | undefined): string {
  return figures?.p50Millis === undefined ? '' : `${short(figures.p50Millis)} · ${short(figures.p99Millis!)}`;
}

function cpuIn(figures: Figures | undefined): string {
  if (figures?.databaseMicros === undefined) return '';
  const { processMicros = 0, databaseMicros } = figures;
  return `${Math.round(processMicros + databaseMicros)} (${Math.round(processMicros)} + ${Math.round(databaseMicros)})`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
