import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { one } from '../../platform/database/sql.js';
import { sql } from '../../platform/database/statement.js';
import type { Month } from '../domain/calendar.js';
import { shareOf } from '../domain/rate.js';
import { ReportScopes, type Definition, type ReportAsk } from './report-scope.js';

interface BuyersRow {
  readonly month: number;
  readonly customers: number;
  readonly repeated: number;
}

const OVERALL = sql<Omit<BuyersRow, 'month'>>('analytics.repeat_overall', `
  select count(*)::int as customers, (count(*) filter (where orders > 1))::int as repeated
    from (select count(*) as orders from analytics.order_fact
           where counted and currency = any($1::text[]) and placed_at >= $2 and placed_at < $3 group by customer_id) as buyers`);

const BY_MONTH = sql<BuyersRow>('analytics.repeat_by_month', `
  select month, count(*)::int as customers, (count(*) filter (where orders > 1))::int as repeated
    from (select width_bucket(placed_at, $4::timestamptz[]) as month, count(*) as orders from analytics.order_fact
           where counted and currency = any($1::text[]) and placed_at >= $2 and placed_at < $3 group by customer_id, 1) as buyers
   group by month`);

const BY_COHORT = sql<BuyersRow>('analytics.repeat_by_cohort', `
  select width_bucket(first_at, $4::timestamptz[]) as month, count(*)::int as customers, (count(*) filter (where orders > 1))::int as repeated
    from (select min(first_at) as first_at, sum(orders) as orders from analytics.customer_total where currency = any($1::text[]) group by customer_id) as buyers
   where first_at >= $2 and first_at < $3
   group by 1`);

/** Of so many customers who ordered, so many ordered twice or more. */
export interface RepeatRate {
  readonly customers: number;
  readonly repeatCustomers: number;
  /** 0 to 1; null if there are no customers. */
  readonly rate: number | null;
}

export interface MonthOfRepeats {
  readonly month: Month;
  /** Who ordered in the month, and who did so twice or more within it. */
  readonly inMonth: RepeatRate;
  /** Whose first order was in the month, and who has ordered again since, at any time. */
  readonly cohort: RepeatRate;
}

export interface RepeatPurchaseReport {
  readonly asOf: string | null;
  readonly definition: Definition;
  /** Over the whole time from the first month to the last. */
  readonly overall: RepeatRate;
  readonly data: readonly MonthOfRepeats[];
}

/** How many customers come back. */
@Injectable()
export class RepeatPurchaseView {
  constructor(
    private readonly database: Database,
    private readonly scopes: ReportScopes,
  ) {}

  async read(ask: ReportAsk): Promise<RepeatPurchaseReport> {
    const { asOf, currencies, period, definition } = await this.scopes.ofEveryCurrency(ask);
    const { months, borders } = period;
    const ends = [currencies, borders[0], borders.at(-1)];
    const [overall, inMonth, cohort] = await Promise.all([
      one(this.database, OVERALL, ends),
      this.database.query(BY_MONTH, [...ends, borders]),
      this.database.query(BY_COHORT, [...ends, borders]),
    ]);
    const rateOf = (rows: readonly BuyersRow[], index: number) => repeatRate(rows.find((row) => row.month === index + 1));
    const data = months.map((month, index) => ({ month, inMonth: rateOf(inMonth, index), cohort: rateOf(cohort, index) }));
    return { asOf, definition, overall: repeatRate(overall), data };
  }
}

function repeatRate({ customers, repeated }: Omit<BuyersRow, 'month'> = { customers: 0, repeated: 0 }): RepeatRate {
  return { customers, repeatCustomers: repeated, rate: shareOf(repeated, customers) };
}
