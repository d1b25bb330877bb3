/** A day without a time or zone, as `1990-02-28`. */
export type CalendarDate = string;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

export function isCalendarDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return false;
  const instant = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // Years below 100 are read as 19xx, and 30 February rolls over: both come back as another day.
  return instant.toISOString().slice(0, 10) === text;
}

/** The UTC day of an instant. */
export function dayOf(instant: Date): CalendarDate {
  return instant.toISOString().slice(0, 10);
}

/** Whole years lived on `on`. Born on 29 February, one grows older on 1 March of common years. */
export function ageOn(bornOn: CalendarDate, on: CalendarDate): number {
  const years = Number(on.slice(0, 4)) - Number(bornOn.slice(0, 4));
  // Month and day compare as text because both are padded.
  return on.slice(5) < bornOn.slice(5) ? years - 1 : years;
}
