import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/statement.js';
import { ReportScopes, type Definition, type ReportAsk } from './report-scope.js';

const STATUSES = sql<StatusCount>('analytics.order_statuses', `
  select status, source_status as "sourceStatus", count(*)::int as orders
    from analytics.order_fact
   where ($1::text is null or currency = $1) and placed_at >= $2 and placed_at < $3
   group by status, source_status
   order by orders desc, status, source_status`);

const EVERY_ORDER = 'Every order counts here, cancelled ones too.';

export interface StatusCount {
  readonly status: string;
  readonly sourceStatus: string | null;
  readonly orders: number;
}

export interface StatusesReport {
  readonly asOf: string | null;
  readonly definition: Definition;
  readonly data: readonly StatusCount[];
}

/** Where the orders stand, in our words and in those of the system they came from. */
@Injectable()
export class OrderStatusesView {
  constructor(
    private readonly database: Database,
    private readonly scopes: ReportScopes,
  ) {}

  async read(ask: ReportAsk): Promise<StatusesReport> {
    const { asOf, period, definition } = await this.scopes.ofEveryCurrency(ask);
    // Without months asked for every order is meant, even one outside the months of those that count elsewhere.
    const from = ask.from === undefined ? '-infinity' : period.borders[0];
    const to = ask.to === undefined ? 'infinity' : period.borders.at(-1);
    const data = await this.database.query(STATUSES, [ask.currency ?? null, from, to]);
    return { asOf, definition: { ...definition, orders: EVERY_ORDER, from: ask.from ?? null, to: ask.to ?? null }, data };
  }
}
