/** A calendar month, e.g. `2026-03`. */
export type Month = string;
/** A calendar day, e.g. `2026-03-31`. */
export type Day = string;

const DAY_MILLIS = 86_400_000;

/**
 * The first instant of a day in an IANA time zone. Where clocks are put forward at midnight that is 01:00; where they are put
 * back over midnight, the first of the two.
 */
export function startOfDay(day: Day, timeZone: string): Date {
  const asIfUtc = Date.parse(`${day}T00:00:00Z`);
  // Zones change their offset at most once within these two days, so the day begins by one of the two.
  const offsets = [offsetAt(asIfUtc - DAY_MILLIS, timeZone), offsetAt(asIfUtc + DAY_MILLIS, timeZone)];
  const [earlier, later] = [asIfUtc - Math.max(...offsets), asIfUtc - Math.min(...offsets)];
  return new Date(earlier + offsetAt(earlier, timeZone) >= asIfUtc ? earlier : later);
}

export function dayAfter(day: Day): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MILLIS).toISOString().slice(0, 10);
}

/** The month an instant falls in, by the calendar of the zone. */
export function monthOf(instant: Date, timeZone: string): Month {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone)).toISOString().slice(0, 7);
}

export function monthAfter(month: Month, count = 1): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

/** From the first to the last, both included; empty if the last comes before the first. */
export function monthsBetween(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month = monthAfter(month)) months.push(month);
  return months;
}

/** The first instant of each month, and of the one after the last: the borders between them. */
export function bordersOf(months: readonly Month[], timeZone: string): Date[] {
  const last = months.at(-1);
  return last === undefined ? [] : [...months, monthAfter(last)].map((month) => startOfDay(`${month}-01`, timeZone));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What must be added to UTC to read the local clock, in milliseconds. */
function offsetAt(millis: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second']);
  return local - Math.floor(millis / 1000) * 1000;
}
