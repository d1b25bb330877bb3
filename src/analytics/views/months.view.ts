import { Injectable } from '@nestjs/common';
import { toMoneyText, type MoneyText } from '../../kernel/money.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/statement.js';
import type { Month } from '../domain/calendar.js';
import { ReportScopes, type Definition, type ReportAsk } from './report-scope.js';

/** Months are numbered from 1 by their borders, $2. */
const MONTHS = sql<MonthRow>('analytics.months', `
  with sold as (
    select width_bucket(placed_at, $2::timestamptz[]) as month, count(*)::int as orders, count(distinct customer_id)::int as customers,
           sum(total_minor)::text as minor, sum(refunded_minor)::text as refunded_minor
      from analytics.order_fact
     where counted and currency = $1 and placed_at >= $3 and placed_at < $4 and ($5::text[] is null or channel = any($5))
     group by 1
  ), begun as (
    select width_bucket(first_at, $2::timestamptz[]) as month, count(*)::int as customers
      from analytics.customer_total as total
     where currency = $1 and first_at >= $3 and first_at < $4
       and ($5::text[] is null or exists (
         select from analytics.order_fact first
          where first.counted and first.customer_id = total.customer_id and first.placed_at = total.first_at and first.currency = total.currency
            and first.channel = any($5)))
     group by 1
  )
  select sold.*, coalesce(begun.customers, 0) as new_customers from sold left join begun using (month) order by month`);

interface MonthRow {
  readonly month: number;
  readonly orders: number;
  readonly customers: number;
  readonly new_customers: number;
  /** Sums come as text: they may be larger than a number keeps. */
  readonly minor: string;
  readonly refunded_minor: string;
}

export interface MonthsAsk extends ReportAsk {
  readonly channel?: readonly string[];
}

export interface MonthOfSales {
  readonly month: Month;
  readonly orders: number;
  readonly customers: number;
  /** Whose first counted order in the currency was one of these. */
  readonly newCustomers: number;
  readonly revenue: MoneyText;
  readonly refunded: MoneyText;
  readonly averageOrderValue: MoneyText | null;
}

export interface MonthsReport {
  readonly asOf: string | null;
  readonly definition: Definition;
  readonly data: readonly MonthOfSales[];
}

/** What was sold in each month, and to how many. */
@Injectable()
export class MonthsView {
  constructor(
    private readonly database: Database,
    private readonly scopes: ReportScopes,
  ) {}

  async read(ask: MonthsAsk): Promise<MonthsReport> {
    const { asOf, currency, period, definition } = await this.scopes.ofOrders(ask);
    const { months, borders } = period;
    const rows = await this.database.query(MONTHS, [currency, borders, borders[0], borders.at(-1), ask.channel ?? null]);
    const byMonth = new Map(rows.map((row) => [row.month, row]));
    return { asOf, definition, data: months.map((month, index) => monthOfSales(month, byMonth.get(index + 1) ?? NOTHING, currency)) };
  }
}

const NOTHING: Omit<MonthRow, 'month'> = { orders: 0, customers: 0, new_customers: 0, minor: '0', refunded_minor: '0' };

function monthOfSales(month: Month, row: Omit<MonthRow, 'month'>, currency: string): MonthOfSales {
  const [minor, orders] = [BigInt(row.minor), BigInt(row.orders)];
  const money = (amount: bigint) => toMoneyText({ minor: amount, currency });
  return {
    month, orders: row.orders, customers: row.customers, newCustomers: row.new_customers, revenue: money(minor), refunded: money(BigInt(row.refunded_minor)),
    averageOrderValue: orders === 0n ? null : money((2n * minor + orders) / (2n * orders)),
  };
}
