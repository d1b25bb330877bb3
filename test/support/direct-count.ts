import { expect } from '@jest/globals';
import type { Http } from './app.js';

/** An order that counts, as a file tells it. */
export interface CountedOrder {
  readonly customer: string;
  /** Of the local day it was placed, e.g. `2018-01`. */
  readonly month: string;
  readonly totalMinor: number;
}

/** Months, cohorts and repeat rates of these orders, counted the plain way. */
export function countDirectly(orders: readonly CountedOrder[]) {
  const firstOf = new Map<string, string>();
  for (const { customer, month } of orders) if (month < (firstOf.get(customer) ?? '9999')) firstOf.set(customer, month);
  const all = monthsFrom(orders.map(({ month }) => month));
  const months = all.map((month) => {
    const own = orders.filter((order) => order.month === month);
    const customers = new Set(own.map(({ customer }) => customer));
    return {
      month, orders: own.length, customers: customers.size,
      newCustomers: [...customers].filter((customer) => firstOf.get(customer) === month).length,
      revenueMinor: own.reduce((sum, { totalMinor }) => sum + totalMinor, 0),
    };
  });
  const cohorts = all.map((cohort) => ({
    month: cohort,
    active: all.filter((month) => month >= cohort).map((month) => new Set(orders.filter((order) => order.month === month && firstOf.get(order.customer) === cohort).map(({ customer }) => customer)).size),
  }));
  return { months, cohorts, customers: firstOf.size, repeatCustomers: repeatsAmong(orders) };
}

/** The reports of a shop that has these orders and no others equal a direct count. `query` may name currency and time zone. */
export async function expectReportsToEqual(http: Http, orders: readonly CountedOrder[], query = ''): Promise<void> {
  const direct = countDirectly(orders);
  const get = async <Row>(report: string) => (await http.get(`/v1/reports/${report}?${query}`).expect(200)).body as { data: Row[] };

  const months = await get<{ month: string; orders: number; customers: number; newCustomers: number; revenue: { amount: string } }>('months');
  expect(months.data.map(({ month, orders: count, customers, newCustomers, revenue }) => ({ month, orders: count, customers, newCustomers, revenueMinor: Math.round(Number(revenue.amount) * 100) }))).toEqual(direct.months);

  const retention = await get<{ month: string; active: { customers: number }[] }>('retention');
  expect(retention.data.map(({ month, active }) => ({ month, active: active.map(({ customers }) => customers) }))).toEqual(direct.cohorts);

  const { overall } = (await get('repeat-purchase-rate')) as unknown as { overall: object };
  expect(overall).toMatchObject({ customers: direct.customers, repeatCustomers: direct.repeatCustomers });
}

function repeatsAmong(orders: readonly CountedOrder[]): number {
  const counts = new Map<string, number>();
  for (const { customer } of orders) counts.set(customer, (counts.get(customer) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1).length;
}

function monthsFrom(present: readonly string[]): string[] {
  const months: string[] = [];
  const last = present.toSorted().at(-1)!;
  for (let [year, month] = present.toSorted()[0]!.split('-').map(Number) as [number, number]; ; [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1]) {
    const name = `${year}-${String(month).padStart(2, '0')}`;
    if (name > last) return months;
    months.push(name);
  }
}
