/** What a number format shows of a serial number; `duration` counts hours beyond 24. */
export type DateFormat = 'date' | 'time' | 'duration' | 'instant';

/** ECMA-376 part 1, 18.8.30: formats every workbook knows by number, those of East Asian editions among them. */
const BUILT_IN: readonly (readonly [DateFormat, readonly number[]])[] = [
  ['date', [14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]],
  ['time', [18, 19, 20, 21, 32, 33, 45, 47]],
  ['duration', [46]],
  ['instant', [22]],
];

/** Quoted texts, escaped and padding characters, colours, conditions and locales. */
const NOT_PLACES = /"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi;

/** Of a number format by its number, and its code if the workbook defines it; undefined if it shows plain numbers. */
export function dateFormat(id: number, code: string | undefined): DateFormat | undefined {
  if (code === undefined) return BUILT_IN.find(([, ids]) => ids.includes(id))?.[0];
  const [places = ''] = code.replace(NOT_PLACES, '').toLowerCase().split(';', 1);
  if (places.startsWith('general')) return undefined;
  if (/\[[hms]+\]/.test(places)) return 'duration';
  const hasTime = /[hs]/.test(places);
  if (/[yd]/.test(places)) return hasTime ? 'instant' : 'date';
  if (hasTime) return 'time';
  return /m/.test(places) ? 'date' : undefined;
}

const DAY_MILLIS = 86_400_000;
/** 31 December 9999. */
const LAST_DAY = 2_958_465;
/** Excel holds 1900 for a leap year, as Lotus 1-2-3 did: its day 60 never was. */
const DAY_THAT_NEVER_WAS = 60;
const DAYS_TO_1904 = 1462;

/**
 * A serial number as local time: `2026-01-15`, `2026-01-15 08:00:00`, `08:00:00` or, of a duration, `27:30:00`; with
 * milliseconds where it has some. Undefined if there is no such day.
 */
export function dateText(serial: number, format: DateFormat, is1904: boolean): string | undefined {
  if (!(serial >= 0)) return undefined;
  const millis = Math.round(serial * DAY_MILLIS);
  if (format === 'duration' || (format === 'time' && serial < 1)) return clock(millis);
  const day = Math.floor(millis / DAY_MILLIS) + (is1904 ? DAYS_TO_1904 : 0);
  if (day > LAST_DAY || day === DAY_THAT_NEVER_WAS || day === 0) return undefined;
  const firstDay = Date.UTC(1899, 11, day < DAY_THAT_NEVER_WAS ? 31 : 30);
  const date = new Date(firstDay + day * DAY_MILLIS).toISOString().slice(0, 10);
  const time = millis % DAY_MILLIS;
  return format === 'date' && time === 0 ? date : `${date} ${clock(time)}`;
}

function clock(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  const whole = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return millis % 1000 === 0 ? whole : `${whole}.${String(millis % 1000).padStart(3, '0')}`;
}
