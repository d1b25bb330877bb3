import type { CsvTable } from '../../platform/http/table-reply.js';
import type { Cohort } from '../domain/retention.js';
import type { MonthOfSales } from '../views/months.view.js';
import type { StatusCount } from '../views/order-statuses.view.js';
import type { MethodOfPayment } from '../views/payments.view.js';
import type { MonthOfRepeats } from '../views/repeat-purchase.view.js';
import type { SegmentSize } from '../views/rfm-segments.view.js';
import type { CustomerRfm } from '../views/rfm.view.js';

/** What the lines of a file say of where they come from, since it has no place for a definition. */
interface Origin {
  readonly asOf: string | null;
  readonly definition: { readonly currency: string | null; readonly timeZone: string };
}

/** The table with its origin on every line; `currency` is what all its amounts are in. */
export function withOrigin<Row>({ name, columns }: CsvTable<Row>, { asOf, definition }: Origin): CsvTable<Row> {
  return { name, columns: [...columns, ['currency', () => definition.currency], ['timeZone', () => definition.timeZone], ['asOf', () => asOf]] };
}

/** The first line of such a file. */
export function headOf<Row>({ columns }: CsvTable<Row>): string {
  return `${[...columns.map(([name]) => name), 'currency', 'timeZone', 'asOf'].join(',')}\r\n`;
}

export const RFM_CSV: CsvTable<CustomerRfm> = {
  name: 'rfm',
  columns: [
    ['customerId', (row) => row.customerId],
    ['recencyDays', (row) => row.recencyDays],
    ['frequency', (row) => row.frequency],
    ['monetary', (row) => row.monetary.amount],
    ['r', (row) => row.r],
    ['f', (row) => row.f],
    ['m', (row) => row.m],
    ['score', (row) => row.score],
    ['segment', (row) => row.segment],
  ],
};

export const SEGMENTS_CSV: CsvTable<SegmentSize> = {
  name: 'rfm-segments',
  columns: [
    ['segment', (row) => row.segment],
    ['customers', (row) => row.customers],
    ['share', (row) => row.share],
    ['revenue', (row) => row.revenue.amount],
    ['revenueShare', (row) => row.revenueShare],
  ],
};

export const MONTHS_CSV: CsvTable<MonthOfSales> = {
  name: 'months',
  columns: [
    ['month', (row) => row.month],
    ['orders', (row) => row.orders],
    ['customers', (row) => row.customers],
    ['newCustomers', (row) => row.newCustomers],
    ['revenue', (row) => row.revenue.amount],
    ['refunded', (row) => row.refunded.amount],
    ['averageOrderValue', (row) => row.averageOrderValue?.amount],
  ],
};

export const REPEATS_CSV: CsvTable<MonthOfRepeats> = {
  name: 'repeat-purchase-rate',
  columns: [
    ['month', (row) => row.month],
    ['customersInMonth', (row) => row.inMonth.customers],
    ['repeatCustomersInMonth', (row) => row.inMonth.repeatCustomers],
    ['rateInMonth', (row) => row.inMonth.rate],
    ['cohortCustomers', (row) => row.cohort.customers],
    ['cohortRepeatCustomers', (row) => row.cohort.repeatCustomers],
    ['cohortRate', (row) => row.cohort.rate],
  ],
};

/** One cell of the triangle. */
export interface FlatRetention {
  readonly cohort: string;
  readonly cohortCustomers: number;
  readonly active: Cohort['active'][number];
}

export function flatRetention(cohorts: readonly Cohort[]): FlatRetention[] {
  return cohorts.flatMap(({ month, customers, active }) => active.map((one) => ({ cohort: month, cohortCustomers: customers, active: one })));
}

export const RETENTION_CSV: CsvTable<FlatRetention> = {
  name: 'retention',
  columns: [
    ['cohort', (row) => row.cohort],
    ['cohortCustomers', (row) => row.cohortCustomers],
    ['monthsLater', (row) => row.active.monthsLater],
    ['month', (row) => row.active.month],
    ['customers', (row) => row.active.customers],
    ['share', (row) => row.active.share],
  ],
};

export const PAYMENTS_CSV: CsvTable<MethodOfPayment> = {
  name: 'payments',
  columns: [
    ['method', (row) => row.method],
    ['payments', (row) => row.payments],
    ['amount', (row) => row.amount.amount],
  ],
};

export const STATUSES_CSV: CsvTable<StatusCount> = {
  name: 'order-statuses',
  columns: [
    ['status', (row) => row.status],
    ['sourceStatus', (row) => row.sourceStatus],
    ['orders', (row) => row.orders],
  ],
};
