import { Injectable } from '@nestjs/common';
import { toMoneyText, type MoneyText } from '../../kernel/money.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/statement.js';
import { ReportScopes, type Definition, type ReportAsk } from './report-scope.js';

const PAYMENTS = sql<{ method: string; payments: number; minor: string }>('analytics.payments', `
  select method, count(*)::int as payments, sum(amount_minor)::text as minor
    from analytics.payment_fact
   where state = 'settled' and currency = $1 and recorded_at >= $2 and recorded_at < $3
   group by method
   order by sum(amount_minor) desc, method`);

const RULE = {
  orders: 'Every settled payment counts, whatever became of its order.',
  dates: 'A payment belongs to the instant it was recorded (recordedAt), read on the calendar of timeZone.',
  amounts: 'What was captured. Refunds are not taken off.',
} as const;

export interface MethodOfPayment {
  readonly method: string;
  readonly payments: number;
  readonly amount: MoneyText;
}

export interface PaymentsReport {
  readonly asOf: string | null;
  readonly definition: Definition;
  readonly data: readonly MethodOfPayment[];
}

/** How people pay. */
@Injectable()
export class PaymentsView {
  constructor(
    private readonly database: Database,
    private readonly scopes: ReportScopes,
  ) {}

  async read(ask: ReportAsk): Promise<PaymentsReport> {
    const { asOf, currency, period, definition } = await this.scopes.ofPayments(ask);
    const rows = await this.database.query(PAYMENTS, [currency, period.borders[0], period.borders.at(-1)]);
    const data = rows.map(({ method, payments, minor }) => ({ method, payments, amount: toMoneyText({ minor: BigInt(minor), currency }) }));
    return { asOf, definition: { ...definition, ...RULE }, data };
  }
}
