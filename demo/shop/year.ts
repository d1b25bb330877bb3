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
  const day = dayIn(instant);
  const newYear = CHINESE_NEW_YEARS.find((one) => one.startsWith(day.slice(0, 4)));
  if (newYear === undefined) return 1;
  const distance = (Date.parse(day) - Date.parse(newYear)) / DAY;
  return [PRESENTS, AT_HOME].find(({ from, to }) => distance >= from && distance <= to)?.weight ?? 1;
}

/** Source: conversion tables of the Hong Kong Observatory. The calendar in Node's ICU is no help: it has 2027 a day late. A year that is not here has no such season. */
export const CHINESE_NEW_YEARS = [
  '2020-01-25', '2021-02-12', '2022-02-01', '2023-01-22', '2024-02-10', '2025-01-29', '2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13', '2030-02-03',
  '2031-01-23', '2032-02-11', '2033-01-31', '2034-02-19', '2035-02-08', '2036-01-28', '2037-02-15', '2038-02-04', '2039-01-24', '2040-02-12',
] as const;

/** The calendar day in Shanghai, e.g. `2026-11-11`. */
export function dayIn(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI).toISOString().slice(0, 10);
}

function midnight(instant: Date): Date {
  return new Date(Date.parse(`${dayIn(instant)}T00:00:00Z`) - SHANGHAI);
}
