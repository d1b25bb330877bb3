import { DomainError } from '../../kernel/domain-error.js';
import { bordersOf, monthOf, monthsBetween, type Month } from './calendar.js';

/** Ten years: what one answer holds at the most. */
export const MAX_MONTHS = 120;

/** The months a report is about; `borders` has one entry more than `months`. */
export interface Period {
  readonly months: readonly Month[];
  readonly borders: readonly Date[];
  readonly timeZone: string;
}

export interface PeriodAsk {
  readonly from?: Month;
  readonly to?: Month;
  readonly timeZone: string;
}

/**
 * The months asked for; by default all from the first instant to the last, the newest ten years of them at the most.
 * @throws DomainError malformed if they run backwards or are more than ten years.
 */
export function periodOf({ from, to, timeZone }: PeriodAsk, first: Date, last: Date): Period {
  const end = to ?? later(monthOf(last, timeZone), from);
  const asked = monthsBetween(from ?? earlier(monthOf(first, timeZone), end), end);
  if (asked.length === 0) throw refused('from', `from=${from} comes after to=${to}. Exchange them.`);
  if (asked.length > MAX_MONTHS && from !== undefined) throw refused('from', `from=${from} to ${end} are ${asked.length} months; one answer holds ${MAX_MONTHS}. Ask in pieces.`);
  const months = asked.slice(-MAX_MONTHS);
  return { months, borders: bordersOf(months, timeZone), timeZone };
}

function later(month: Month, other: Month = month): Month {
  return other > month ? other : month;
}

function earlier(month: Month, other: Month): Month {
  return other < month ? other : month;
}

function refused(name: string, detail: string): DomainError {
  return new DomainError('malformed', 'invalid_period', detail, { errors: [{ pointer: `?${name}`, code: 'invalid_period', detail }] });
}
