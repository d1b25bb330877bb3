import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/statement.js';
import { cohortsOf, type Cohort, type RetentionCell } from '../domain/retention.js';
import { ReportScopes, type Definition, type ReportAsk } from './report-scope.js';

/** Month 0 holds what came before the first border: those customers are of an older cohort and fall out. */
const RETENTION = sql<RetentionCell>('analytics.retention', `
  select cohort - 1 as cohort, month - 1 as month, count(*)::int as customers
    from (select month, min(month) over (partition by customer_id) as cohort
            from (select distinct customer_id, width_bucket(placed_at, $2::timestamptz[]) as month
                    from analytics.order_fact where counted and currency = any($1::text[]) and placed_at < $3) as active) as followed
   where cohort > 0
   group by cohort, month`);

export interface RetentionReport {
  readonly asOf: string | null;
  readonly definition: Definition;
  readonly data: readonly Cohort[];
}

/** How many of those who first ordered in a month order in the months after it. */
@Injectable()
export class RetentionView {
  constructor(
    private readonly database: Database,
    private readonly scopes: ReportScopes,
  ) {}

  async read(ask: ReportAsk): Promise<RetentionReport> {
    const { asOf, currencies, period, definition } = await this.scopes.ofEveryCurrency(ask);
    const cells = await this.database.query(RETENTION, [currencies, period.borders, period.borders.at(-1)]);
    return { asOf, definition, data: cohortsOf(period.months, cells) };
  }
}
