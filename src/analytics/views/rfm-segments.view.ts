import { Injectable } from '@nestjs/common';
import { toMoneyText, type MoneyText } from '../../kernel/money.js';
import { Database } from '../../platform/database/database.js';
import { Composed } from '../../platform/database/statement.js';
import { shareOf } from '../domain/rate.js';
import type { Score } from '../domain/rfm-score.js';
import { RFM_SEGMENTS, segmentOf, type RfmSegment } from '../domain/rfm-segment.js';
import { addScores, RfmScores, type RfmAsk, type RfmBasis, type RfmDefinition } from './rfm-scores.js';

export interface SegmentSize {
  readonly segment: RfmSegment;
  readonly customers: number;
  readonly share: number | null;
  readonly revenue: MoneyText;
  readonly revenueShare: number | null;
}

export interface RfmSegments {
  readonly asOf: string | null;
  readonly definition: RfmDefinition;
  readonly customers: number;
  readonly revenue: MoneyText;
  readonly data: readonly SegmentSize[];
}

interface CellRow {
  readonly r: Score;
  readonly f: Score;
  readonly m: Score;
  readonly customers: number;
  readonly minor: number;
}

/** How many customers each segment has, and what they spent. */
@Injectable()
export class RfmSegmentsView {
  constructor(
    private readonly database: Database,
    private readonly scores: RfmScores,
  ) {}

  async read(ask: RfmAsk): Promise<RfmSegments> {
    const { asOf, basis, definition } = await this.scores.scopeOf(ask);
    const cells = await this.cells(basis);
    const [customers, minor] = [sum(cells, 'customers'), sum(cells, 'minor')];
    const money = (amount: number) => toMoneyText({ minor: amount, currency: basis.currency });
    const data = RFM_SEGMENTS.map((segment) => {
      const own = cells.filter((cell) => segmentOf(cell) === segment);
      const [count, spent] = [sum(own, 'customers'), sum(own, 'minor')];
      return { segment, customers: count, share: shareOf(count, customers), revenue: money(spent), revenueShare: shareOf(spent, minor) };
    });
    return { asOf, definition, customers, revenue: money(minor), data };
  }

  private async cells(basis: RfmBasis): Promise<CellRow[]> {
    if (!basis.cuts) return [];
    const query = new Composed<CellRow>().add('select r, f, m, count(*)::int as customers, sum(monetary)::bigint as minor from');
    return this.database.compose(addScores(query, basis, basis.cuts).add('group by r, f, m'));
  }
}

function sum(cells: readonly CellRow[], column: 'customers' | 'minor'): number {
  return cells.reduce((total, cell) => total + cell[column], 0);
}
