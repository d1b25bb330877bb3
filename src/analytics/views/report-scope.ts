import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Currency } from '../../kernel/money.js';
import { AppConfig } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { one } from '../../platform/database/sql.js';
import { sql, type Statement } from '../../platform/database/statement.js';
import { COUNTING_RULE } from '../domain/counting-rule.js';
import { periodOf, type Period, type PeriodAsk } from '../domain/period.js';

interface Present {
  readonly currency: Currency;
  readonly first: string;
  readonly last: string;
}

interface PresentRow {
  readonly as_of: string | null;
  readonly present: readonly Present[];
}

/** Which currencies there are, each with its first and last instant: one look into the index for each, however many orders. */
const ORDERS_PRESENT = sql<PresentRow>('analytics.orders_present', `
  with recursive present as (
    (select currency, placed_at as first from analytics.order_fact where counted order by currency, placed_at limit 1)
    union all
    select next.currency, next.first
      from present, lateral (select currency, placed_at as first from analytics.order_fact
                              where counted and currency > present.currency order by currency, placed_at limit 1) as next
  )
  select platform.instant(platform.as_of('{analytics.order_facts}')) as as_of,
         coalesce((select json_agg(seen) from (
           select currency, first, (select max(placed_at) from analytics.order_fact o where counted and o.currency = present.currency) as last
             from present) as seen), '[]') as present`);

const PAYMENTS_PRESENT = sql<PresentRow>('analytics.payments_present', `
  with recursive present as (
    (select currency, recorded_at as first from analytics.payment_fact where state = 'settled' order by currency, recorded_at limit 1)
    union all
    select next.currency, next.first
      from present, lateral (select currency, recorded_at as first from analytics.payment_fact
                              where state = 'settled' and currency > present.currency order by currency, recorded_at limit 1) as next
  )
  select platform.instant(platform.as_of('{analytics.order_facts}')) as as_of,
         coalesce((select json_agg(seen) from (
           select currency, first, (select max(recorded_at) from analytics.payment_fact p where state = 'settled' and p.currency = present.currency) as last
             from present) as seen), '[]') as present`);

const ORDERS_BETWEEN = sql<{ count: number }>('analytics.orders_between', `
  select count(*)::int as count from analytics.order_fact where counted and currency = any($1::text[]) and placed_at >= $2 and placed_at < $3`);

const PAYMENTS_BETWEEN = sql<{ count: number }>('analytics.payments_between', `
  select count(*)::int as count from analytics.payment_fact where state = 'settled' and currency = any($1::text[]) and recorded_at >= $2 and recorded_at < $3`);

export interface ReportAsk extends PeriodAsk {
  readonly currency?: Currency;
}

/** How an answer was counted. */
export interface Definition {
  readonly orders: string;
  readonly dates: string;
  readonly amounts: string | null;
  readonly currencies: string;
  /** Null where orders of every currency count. */
  readonly currency: Currency | null;
  /** Orders (or payments) of the time asked about that are in other currencies. */
  readonly leftOut: number;
  readonly timeZone: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What a report looks at, and up to when that is complete. */
export interface ReportScope {
  readonly asOf: string | null;
  readonly currency: Currency;
  readonly period: Period;
  readonly definition: Definition;
}

/** A currency to count in, and how many orders that leaves out. */
export interface OneCurrency {
  readonly asOf: string | null;
  readonly currency: Currency;
  readonly leftOut: number;
}

export interface ManyCurrenciesScope extends Omit<ReportScope, 'currency'> {
  readonly currencies: readonly Currency[];
}

/** Fixes currency, months and `asOf` of a report, before its rows are read, so that they are never older than it says. */
@Injectable()
export class ReportScopes {
  constructor(
    private readonly database: Database,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** For reports that add up amounts: one currency; by default the only one present, else the configured one. */
  ofOrders(ask: ReportAsk): Promise<ReportScope> {
    return this.ofOneCurrency(ask, ORDERS_PRESENT, ORDERS_BETWEEN);
  }

  ofPayments(ask: ReportAsk): Promise<ReportScope> {
    return this.ofOneCurrency(ask, PAYMENTS_PRESENT, PAYMENTS_BETWEEN);
  }

  /** For reports that add up nothing but customers and orders. */
  async ofEveryCurrency(ask: ReportAsk): Promise<ManyCurrenciesScope> {
    const { as_of, present } = await this.look(ORDERS_PRESENT);
    const currencies = ask.currency === undefined ? present.map(({ currency }) => currency) : [ask.currency];
    const period = this.periodOf(ask, present.filter(({ currency }) => currencies.includes(currency)));
    const leftOut = await this.countOthers(ORDERS_BETWEEN, present, currencies, endsOf(period));
    const definition = { ...inWords(period), amounts: null, currencies: COUNTING_RULE.everyCurrency, currency: ask.currency ?? null, leftOut };
    return { asOf: as_of, currencies, period, definition };
  }

  /** For RFM, which looks at all orders up to an instant. */
  async ofOrdersUntil(until: Date, asked: Currency | undefined): Promise<OneCurrency> {
    const { as_of, present } = await this.look(ORDERS_PRESENT);
    const currency = asked ?? this.onlyOne(present);
    const leftOut = await this.countOthers(ORDERS_BETWEEN, present, [currency], ['-infinity', until]);
    return { asOf: as_of, currency, leftOut };
  }

  private async ofOneCurrency(ask: ReportAsk, presence: Statement<PresentRow>, between: Statement<{ count: number }>): Promise<ReportScope> {
    const { as_of, present } = await this.look(presence);
    const currency = ask.currency ?? this.onlyOne(present);
    const period = this.periodOf(ask, present.filter((one) => one.currency === currency));
    const leftOut = await this.countOthers(between, present, [currency], endsOf(period));
    const definition = { ...inWords(period), amounts: COUNTING_RULE.amounts, currencies: COUNTING_RULE.oneCurrency, currency, leftOut };
    return { asOf: as_of, currency, period, definition };
  }

  private async look(presence: Statement<PresentRow>): Promise<PresentRow> {
    const row = await one(this.database, presence);
    return row ?? { as_of: null, present: [] };
  }

  private onlyOne(present: readonly Present[]): Currency {
    return present.length === 1 ? present[0]!.currency : this.config.currency;
  }

  private periodOf(ask: PeriodAsk, present: readonly Present[]): Period {
    const instants = present.flatMap(({ first, last }) => [Date.parse(first), Date.parse(last)]);
    const now = this.clock.now().getTime();
    const [first, last] = instants.length === 0 ? [now, now] : [Math.min(...instants), Math.max(...instants)];
    return periodOf(ask, new Date(first), new Date(last));
  }

  private async countOthers(between: Statement<{ count: number }>, present: readonly Present[], counted: readonly Currency[], ends: Ends): Promise<number> {
    const others = present.map(({ currency }) => currency).filter((currency) => !counted.includes(currency));
    if (others.length === 0) return 0;
    const row = await one(this.database, between, [others, ...ends]);
    return row?.count ?? 0;
  }
}

/** From the first instant (PostgreSQL's `-infinity` for all) to before the second. */
type Ends = readonly [Date | '-infinity', Date];

function endsOf({ borders }: Period): Ends {
  return [borders[0]!, borders.at(-1)!];
}

function inWords({ months, timeZone }: Period) {
  return { orders: COUNTING_RULE.orders, dates: COUNTING_RULE.dates, timeZone, from: months[0] ?? null, to: months.at(-1) ?? null };
}
