import { runningSums } from './dice.js';

export const DAY = 86_400_000;
const DAYS = 365;
/** China Standard Time has no summer time. */
const SHANGHAI = 8 * 3_600_000;

/** The 365 calendar days in Shanghai that end with the day of `until`, and how much is bought on each. */
export interface Year {
  /** The first midnight. */
  readonly from: Date;
  readonly until: Date;
  /** Running sums of what each day weighs; day 0 begins at `from`, the last one ends at `until`. */
  readonly weights: readonly number[];
}

export function year(until: Date): Year {
  const today = midnight(until);
  const from = new Date(today.getTime() - (DAYS - 1) * DAY);
  const days = Array.from({ length: DAYS }, (_, day) => weightOf(new Date(from.getTime() + day * DAY)));
  days[DAYS - 1]! *= (until.getTime() - today.getTime()) / DAY;
  return { from, until, weights: runningSums(days) };
}

/** An instant on a day of the year, `clock` (0 to 1) of the way through it; the last day is only as long as it has lasted. */
export function instantOn({ from, until }: Year, day: number, clock: number): Date {
  const begin = from.getTime() + day * DAY;
  return new Date(begin + Math.floor(clock * Math.min(DAY, until.getTime() - begin)));
}

/** Days of the Chinese shopping year, as `MM-DD`, by how many ordinary days each is worth. */
const FESTIVALS: Readonly<Record<string, number>> = {
  '11-09': 1.5, '11-10': 2.5, '11-11': 8, '11-12': 2,
  '12-11': 1.6, '12-12': 4.5,
  '06-16': 1.5, '06-17': 2, '06-18': 5.5, '06-19': 1.4,
};
/** Days around the Chinese New Year, which is day 0: presents before it, then everybody is at home. */
const PRESENTS = { from: -24, to: -5, weight: 1.4 };
const AT_HOME = { from: -4, to: 8, weight: 0.3 };
const WEEKEND = 1.15;

/** What an average weekday without any feast weighs is 1. */
export function weightOf(instant: Date): number {
  const day = dayIn(instant);
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return (FESTIVALS[day.slice(5)] ?? 1) * newYearWeight(instant) * (weekday === 0 || weekday === 6 ? WEEKEND : 1);
}

/** Is it a day on which the shop gives discounts? */
export function isFestival(instant: Date): boolean {
  return (FESTIVALS[dayIn(instant).slice(5)] ?? 1) >= 2;
}

function newYearWeight(instant: Date): number {
  const distance = daysFromNewYear(instant);
  if (distance === undefined) return 1;
  const season = [PRESENTS, AT_HOME].find(({ from, to }) => distance >= from && distance <= to);
  return season?.weight ?? 1;
}

const LUNAR = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'Asia/Shanghai' });

/** Days after (or, negative, before) the nearest Chinese New Year; undefined farther off than the season is long. */
function daysFromNewYear(instant: Date): number | undefined {
  for (let distance = PRESENTS.from; distance <= AT_HOME.to; distance += 1) {
    const parts = LUNAR.formatToParts(instant.getTime() - distance * DAY);
    const [month, day] = ['month', 'day'].map((type) => parts.find((part) => part.type === type)?.value);
    if (month === '1' && day === '1') return distance;
  }
  return undefined;
}

/** The calendar day in Shanghai, e.g. `2026-11-11`. */
export function dayIn(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI).toISOString().slice(0, 10);
}

function midnight(instant: Date): Date {
  return new Date(Date.parse(`${dayIn(instant)}T00:00:00Z`) - SHANGHAI);
}
