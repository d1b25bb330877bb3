import { inTurn, measured, p50Of, type Bench } from '../bench.js';
import { atMost, median, type Finding } from '../finding.js';
import { amountOf } from '../shop/shop.js';
import { assertSame } from './answers.js';

interface Segments {
  readonly customers: number;
  readonly revenue: { readonly amount: string };
}

type Cells = readonly { readonly customers: number; readonly spent: number }[];

/** W9: RFM of everybody, exact, from kept totals; one asks at a time. */
export async function rfm(bench: Bench): Promise<Finding[]> {
  const ask = { method: 'GET', path: '/v1/reports/rfm/segments' };
  if (bench.prepared.untouched) await compare(bench, ask.path);
  const load = { work: 'W9', what: 'RFM of everybody, in milliseconds of bare SQL', app: () => ask, floor: () => ({ method: 'GET', path: '/rfm' }) };
  const rounds = await inTurn(bench, load, 1);
  const ratios = rounds.app.map((round, n) => p50Of(round) / p50Of(rounds.floor[n]!));
  return [{ ...measured(load, rounds), value: median(ratios), rounds: ratios, wave1: atMost(2), aim: atMost(1.2) }];
}

async function compare({ app, floor }: Bench, path: string): Promise<void> {
  const { customers, revenue } = await app.get<Segments>(path);
  const cells = await floor.get<Cells>('/rfm');
  const sum = (of: (cell: Cells[number]) => number) => cells.reduce((all, cell) => all + of(cell), 0);
  assertSame('W9', { customers, revenue: revenue.amount }, { customers: sum((cell) => cell.customers), revenue: amountOf(sum((cell) => cell.spent)) });
}
