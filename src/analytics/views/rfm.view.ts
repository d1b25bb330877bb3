import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import { toMoneyText, type Currency, type MoneyText } from '../../kernel/money.js';
import { Database } from '../../platform/database/database.js';
import { Composed } from '../../platform/database/statement.js';
import { Cursors, type CursorValue } from '../../platform/http/cursor.js';
import type { Cuts, MinorCuts, Score } from '../domain/rfm-score.js';
import { cellsOf, segmentOf, type RfmSegment } from '../domain/rfm-segment.js';
import { addScores, RfmScores, type RfmAsk, type RfmBasis, type RfmDefinition, type RfmScope } from './rfm-scores.js';

const SORTS = {
  customerId: { columns: 'customer_id', key: null, descending: false },
  recencyDays: { columns: 'days, customer_id', key: 'days', descending: false },
  '-recencyDays': { columns: 'days desc, customer_id desc', key: 'days', descending: true },
  frequency: { columns: 'frequency, customer_id', key: 'frequency', descending: false },
  '-frequency': { columns: 'frequency desc, customer_id desc', key: 'frequency', descending: true },
  monetary: { columns: 'scored.monetary, customer_id', key: 'monetary', descending: false },
  '-monetary': { columns: 'scored.monetary desc, customer_id desc', key: 'monetary', descending: true },
} as const;

export type RfmSort = keyof typeof SORTS;
export const RFM_SORTS = Object.keys(SORTS) as RfmSort[];

export interface RfmFilter {
  readonly segment?: readonly RfmSegment[];
  readonly r?: readonly number[];
  readonly f?: readonly number[];
  readonly m?: readonly number[];
}

export interface RfmListAsk extends RfmAsk {
  readonly filter: RfmFilter;
  readonly sort: RfmSort;
  readonly limit: number;
  readonly cursor?: string;
}

export interface CustomerRfm {
  readonly customerId: Id;
  readonly recencyDays: number;
  readonly frequency: number;
  readonly monetary: MoneyText;
  readonly r: Score;
  readonly f: Score;
  readonly m: Score;
  /** The three scores as one number: 100·r + 10·f + m. */
  readonly score: number;
  readonly segment: RfmSegment;
}

export interface RfmPage {
  readonly asOf: string | null;
  readonly definition: RfmDefinition;
  readonly data: readonly CustomerRfm[];
  readonly page: { readonly nextCursor: string | null; readonly hasMore: boolean };
}

interface ScoredRow {
  readonly customer_id: Id;
  readonly days: number;
  readonly frequency: number;
  /** Minor units, as text: it may be more than a number keeps. */
  readonly monetary: string;
  readonly r: Score;
  readonly f: Score;
  readonly m: Score;
}

/** Where a list goes on: after this row of that sort. */
type After = readonly [key: number | string | null, customerId: Id];

/** Rows that leave at once when everybody is asked for; each piece is one short statement, so a slow reader holds nothing. */
const ROWS_PER_PIECE = 2000;

/** How recently, how often and for how much each customer bought. */
@Injectable()
export class RfmView {
  constructor(
    private readonly database: Database,
    private readonly scores: RfmScores,
    private readonly cursors: Cursors,
  ) {}

  async page(ask: RfmListAsk): Promise<RfmPage> {
    const { scope, after } = await this.startOf(ask);
    const rows = await this.rowsAfter(scope.basis, ask, after, ask.limit + 1);
    const shown = rows.slice(0, ask.limit);
    const hasMore = rows.length > ask.limit;
    const last = shown.at(-1);
    const nextCursor = hasMore && last ? this.cursors.encode(listName(ask), cursorOf(scope.basis, positionOf(last, ask.sort))) : null;
    return { asOf: scope.asOf, definition: scope.definition, data: shown.map((row) => toRfm(row, scope.basis.currency)), page: { nextCursor, hasMore } };
  }

  /** Everybody, piece by piece, by the scores of one moment. */
  async all(ask: RfmListAsk): Promise<{ readonly scope: RfmScope; readonly pieces: AsyncIterable<readonly CustomerRfm[]> }> {
    const { scope, after } = await this.startOf(ask);
    return { scope, pieces: this.pieces(scope.basis, ask, after) };
  }

  /** @throws DomainError missing if the customer has no counted order in the currency. */
  async of(customerId: Id, ask: RfmAsk): Promise<CustomerRfm & Pick<RfmScope, 'asOf' | 'definition'>> {
    const { asOf, definition, basis } = await this.scores.scopeOf(ask);
    const [row] = basis.cuts
      ? await this.database.compose(addScores(selection(), basis, basis.cuts).add('where customer_id =').param(customerId, '::uuid'))
      : [];
    if (!row) {
      throw new DomainError('missing', 'no_counted_orders', `The customer ${customerId} has no counted order in ${basis.currency} up to ${definition.measuredAt}. Check the id, or ask for another currency or day.`);
    }
    return { ...toRfm(row, basis.currency), asOf, definition };
  }

  private async startOf(ask: RfmListAsk): Promise<{ scope: RfmScope; after?: After }> {
    if (ask.cursor === undefined) return { scope: await this.scores.scopeOf(ask) };
    const { basis, after } = fromCursor(this.cursors.decode(listName(ask), ask.cursor));
    return { scope: await this.scores.scopeFrom(basis, ask.timeZone), after };
  }

  private async *pieces(basis: RfmBasis, ask: RfmListAsk, start: After | undefined): AsyncGenerator<CustomerRfm[]> {
    let after = start;
    for (;;) {
      const rows = await this.rowsAfter(basis, ask, after, ROWS_PER_PIECE);
      if (rows.length > 0) yield rows.map((row) => toRfm(row, basis.currency));
      const last = rows.at(-1);
      if (rows.length < ROWS_PER_PIECE || !last) return;
      after = positionOf(last, ask.sort);
    }
  }

  private async rowsAfter(basis: RfmBasis, { filter, sort }: RfmListAsk, after: After | undefined, limit: number): Promise<ScoredRow[]> {
    if (!basis.cuts) return [];
    const { columns, key, descending } = SORTS[sort];
    const query = addScores(selection(), basis, basis.cuts).add('where true');
    if (filter.segment) query.add('and 10 * r + (f + m + 1) / 2 = any(').param(cellsOf(filter.segment), '::int[]').add(')');
    if (filter.r) query.add('and r = any(').param(filter.r, '::int[]').add(')');
    if (filter.f) query.add('and f = any(').param(filter.f, '::int[]').add(')');
    if (filter.m) query.add('and m = any(').param(filter.m, '::int[]').add(')');
    if (after) addAfter(query, key, descending ? '<' : '>', after);
    return this.database.compose(query.add('order by', columns, 'limit').param(limit));
  }
}

function selection(): Composed<ScoredRow> {
  return new Composed<ScoredRow>().add('select customer_id, days, frequency, monetary::text as monetary, r, f, m from');
}

function addAfter(query: Composed<ScoredRow>, key: string | null, comparison: '<' | '>', [value, customerId]: After): void {
  if (key === null) query.add('and customer_id', comparison).param(customerId, '::uuid');
  else query.add('and (', key, ', customer_id)', comparison, '(').param(value, '::bigint').add(',').param(customerId, '::uuid').add(')');
}

function positionOf(row: ScoredRow, sort: RfmSort): After {
  const { key } = SORTS[sort];
  return [key === null ? null : row[key], row.customer_id];
}

/** Beside the position a cursor carries what the scores were cut by, so that a list keeps its scores from the first page to the last. */
function cursorOf({ currency, measuredAt, past, cuts }: RfmBasis, [key, customerId]: After): CursorValue[] {
  return [key, customerId, currency, measuredAt.toISOString(), Number(past), ...(cuts ? [...cuts.recency, ...cuts.frequency, ...cuts.monetary] : [])];
}

function fromCursor(values: readonly CursorValue[]): { basis: RfmBasis; after: After } {
  const [key, customerId, currency, measuredAt, past, ...cuts] = values as [number | string | null, Id, Currency, string, number, ...(number | string)[]];
  const fifths = <Four>(start: number) => cuts.slice(start, start + 4) as unknown as Four;
  return {
    basis: { currency, measuredAt: new Date(measuredAt), past: past === 1, cuts: { recency: fifths<Cuts>(0), frequency: fifths<Cuts>(4), monetary: fifths<MinorCuts>(8) } },
    after: [key, customerId],
  };
}

/** The same cursor is good for other filters, since it only says where to go on; another sort, currency or day is another list. */
function listName({ sort, currency = '', measuredOn = '' }: RfmListAsk): string {
  return `rfm ${sort} ${currency} ${measuredOn}`;
}

function toRfm({ customer_id, days, frequency, monetary, r, f, m }: ScoredRow, currency: Currency): CustomerRfm {
  return {
    customerId: customer_id, recencyDays: days, frequency, monetary: toMoneyText({ minor: BigInt(monetary), currency }),
    r, f, m, score: 100 * r + 10 * f + m, segment: segmentOf({ r, f, m }),
  };
}
