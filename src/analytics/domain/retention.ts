import type { Month } from './calendar.js';
import { shareOf } from './rate.js';

/** So many customers of the cohort with this index ordered in the month with that index. */
export interface RetentionCell {
  readonly cohort: number;
  readonly month: number;
  readonly customers: number;
}

export interface ActiveShare {
  readonly monthsLater: number;
  readonly month: Month;
  readonly customers: number;
  /** Of the cohort, 0 to 1; null for an empty one. */
  readonly share: number | null;
}

/** Everybody whose first counted order fell in `month`, and how many of them ordered in it and in each month after. */
export interface Cohort {
  readonly month: Month;
  readonly customers: number;
  readonly active: readonly ActiveShare[];
}

/** The triangle of cohorts: one for each month, followed to the last. Cells nobody is in are zero. */
export function cohortsOf(months: readonly Month[], cells: readonly RetentionCell[]): Cohort[] {
  const counts = new Map(cells.map(({ cohort, month, customers }) => [cohort * months.length + month, customers]));
  const count = (cohort: number, month: number) => counts.get(cohort * months.length + month) ?? 0;
  return months.map((name, cohort) => {
    const customers = count(cohort, cohort);
    const active = months.slice(cohort).map((month, monthsLater) => {
      const still = count(cohort, cohort + monthsLater);
      return { monthsLater, month, customers: still, share: shareOf(still, customers) };
    });
    return { month: name, customers, active };
  });
}
