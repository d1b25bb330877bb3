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
  /** As text: a sum may be larger than a number keeps. */
  readonly minor: string;
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
    const [customers, minor] = [countOf(cells), spentBy(cells)];
    const money = (amount: bigint) => toMoneyText({ minor: amount, currency: basis.currency });
    const data = RFM_SEGMENTS.map((segment) => {
      const own = cells.filter((cell) => segmentOf(cell) === segment);
      const [count, spent] = [countOf(own), spentBy(own)];
      return { segment, customers: count, share: shareOf(count, customers), revenue: money(spent), revenueShare: shareOf(Number(spent), Number(minor)) };
    });
    return { asOf, definition, customers, revenue: money(minor), data };
  }

  private async cells(basis: RfmBasis): Promise<CellRow[]> {
    if (!basis.cuts) return [];
    const query = new Composed<CellRow>().add('select r, f, m, count(*)::int as customers, sum(monetary)::text as minor from');
    return this.database.compose(addScores(query, basis, basis.cuts).add('group by r, f, m'));
  }
}

function countOf(cells: readonly CellRow[]): number {
  return cells.reduce((total, { customers }) => total + customers, 0);
}

function spentBy(cells: readonly CellRow[]): bigint {
  return cells.reduce((total, { minor }) => total + BigInt(minor), 0n);
}
