import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/domain-error.js';
import type { Currency } from '../../kernel/money.js';
import { Database } from '../../platform/database/database.js';
import { Composed } from '../../platform/database/statement.js';
import { dayAfter, startOfDay, type Day } from '../domain/calendar.js';
import { COUNTING_RULE } from '../domain/counting-rule.js';
import type { Cuts, MinorCuts } from '../domain/rfm-score.js';
import { ReportScopes } from './report-scope.js';

export interface RfmAsk {
  readonly currency?: Currency;
  readonly timeZone: string;
  /** Orders up to the end of this day; all of them, up to now, if left out. */
  readonly measuredOn?: Day;
}

export interface RfmDefinition {
  readonly orders: string;
  readonly dates: string;
  readonly amounts: string;
  readonly currencies: string;
  readonly currency: Currency;
  readonly leftOut: number;
  readonly timeZone: string;
  /** Recency is counted from here; later orders are left out. */
  readonly measuredAt: string;
  readonly scores: string;
  readonly segments: string;
}

/** Everything a customer's scores follow from but their own orders. */
export interface RfmBasis {
  readonly currency: Currency;
  readonly measuredAt: Date;
  /** False where the kept totals will do: everything up to now. */
  readonly past: boolean;
  /** Undefined if nobody ordered. Recency is cut as minus the days, so that more is better in all three. */
  readonly cuts?: { readonly recency: Cuts; readonly frequency: Cuts; readonly monetary: MinorCuts };
}

export interface RfmScope {
  readonly asOf: string | null;
  readonly basis: RfmBasis;
  readonly definition: RfmDefinition;
}

const SCORES =
  'r, f and m are fifths of all customers with a counted order, 5 the best: 1 + floor(5 * b / n), where b of n customers have a lower value. Equal values get equal scores. r goes by whole days of 24 hours since the last order, f by the number of orders, m by their amounts.';
const SEGMENTS = 'Named by r and by fm, the mean of f and m with halves rounded up; GET /v1/reports/rfm/segments lists the names.';

interface CutsRow {
  readonly recency: Cuts | null;
  readonly frequency: Cuts | null;
  readonly monetary: MinorCuts | null;
}

/** Finds where the fifths of a shop's customers end; each customer's scores then follow from their own row alone. */
@Injectable()
export class RfmScores {
  constructor(
    private readonly database: Database,
    private readonly scopes: ReportScopes,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError malformed for a day that has not begun. */
  async scopeOf(ask: RfmAsk): Promise<RfmScope> {
    const now = this.clock.now();
    const measuredAt = ask.measuredOn === undefined ? now : endOf(ask.measuredOn, ask.timeZone, now);
    const { asOf, currency, leftOut } = await this.scopes.ofOrdersUntil(measuredAt, ask.currency);
    const basis = await this.cut({ currency, measuredAt, past: measuredAt < now });
    return { asOf, basis, definition: definitionOf(basis, ask.timeZone, leftOut) };
  }

  /** The scope again as a page before fixed it, so that the pages of one list agree. */
  async scopeFrom(basis: RfmBasis, timeZone: string): Promise<RfmScope> {
    const { asOf, leftOut } = await this.scopes.ofOrdersUntil(basis.measuredAt, basis.currency);
    return { asOf, basis, definition: definitionOf(basis, timeZone, leftOut) };
  }

  private async cut(basis: RfmBasis): Promise<RfmBasis> {
    const [row] = await this.database.compose<CutsRow>(
      addMeasures(
        new Composed<CutsRow>().add(`
          select percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by -days) as recency,
                 percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by frequency) as frequency,
                 (percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by monetary))::text[] as monetary
            from`),
        basis,
      ),
    );
    if (!row?.recency || !row.frequency || !row.monetary) return basis;
    return { ...basis, cuts: { recency: row.recency, frequency: row.frequency, monetary: row.monetary } };
  }
}

/** `(customer_id, days, frequency, monetary) as measured`: from the kept totals, or from the orders of a past time. */
export function addMeasures<Row>(query: Composed<Row>, { currency, measuredAt, past }: RfmBasis): Composed<Row> {
  query.add(`(select customer_id, greatest(date_part('day',`).param(measuredAt, '::timestamptz').add('- last_at), 0)::int as days, frequency, monetary from (');
  if (past) {
    query
      .add(`select customer_id, count(*)::int as frequency, sum(total_minor)::bigint as monetary, max(placed_at) as last_at
              from analytics.order_fact where counted and currency =`)
      .param(currency)
      .add('and placed_at <')
      .param(measuredAt, '::timestamptz')
      .add('group by customer_id');
  } else {
    query.add('select customer_id, orders as frequency, total_minor as monetary, last_at from analytics.customer_total where currency =').param(currency);
  }
  return query.add(') as totals) as measured');
}

/** `(…, r, f, m) as scored`, by the rule of domain/rfm-score.ts. */
export function addScores<Row>(query: Composed<Row>, basis: RfmBasis, { recency, frequency, monetary }: NonNullable<RfmBasis['cuts']>): Composed<Row> {
  // width_bucket counts the cuts that are not above its operand; one less than a whole number has those below the number itself.
  query.add('(select measured.*, 1 + width_bucket(-days - 1,').param(recency, '::int[]');
  query.add(') as r, 1 + width_bucket(frequency - 1,').param(frequency, '::int[]');
  query.add(') as f, 1 + width_bucket(monetary - 1,').param(monetary, '::bigint[]');
  return addMeasures(query.add(') as m from'), basis).add(') as scored');
}

/** The end of the day, or now if the day is not over. */
function endOf(day: Day, timeZone: string, now: Date): Date {
  if (startOfDay(day, timeZone) > now) {
    throw new DomainError('malformed', 'day_not_yet', `measuredOn=${day} has not begun in ${timeZone}. Give a past day, or leave it out for now.`, {
      errors: [{ pointer: '?measuredOn', code: 'day_not_yet', detail: 'has not begun' }],
    });
  }
  const end = startOfDay(dayAfter(day), timeZone);
  return end < now ? end : now;
}

function definitionOf({ currency, measuredAt }: RfmBasis, timeZone: string, leftOut: number): RfmDefinition {
  const { orders, dates, amounts, oneCurrency } = COUNTING_RULE;
  return { orders, dates, amounts, currencies: oneCurrency, currency, leftOut, timeZone, measuredAt: measuredAt.toISOString(), scores: SCORES, segments: SEGMENTS };
}
