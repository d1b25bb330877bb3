const DAY_MILLIS = 86_400_000;
/** Clocks are nowhere further from UTC. */
const MOST_OFFSET_MILLIS = 14 * 3_600_000;
const WITH_OFFSET = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})$/i;
const LOCAL = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;
/** ISO 8601 without its dashes, as banks and tills write it. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?$/;
const DATE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;

/**
 * The instant a cell of a file means: RFC 3339 with its offset, or local time in `timeZone` (IANA), as `2026-01-15 08:00`,
 * `2026/1/15 8:00:00`, `20260115080000` or a day alone, which begins at midnight. Undefined for anything else, and for days that do not exist.
 * A local time that a clock change skips is read by the offset before it; one that comes twice is the first of the two.
 */
export function readInstant(text: string, timeZone: string): Date | undefined {
  const absolute = WITH_OFFSET.exec(text);
  if (absolute) {
    const [, , , , , , , , offset = 'Z'] = absolute;
    const local = utcOf(absolute);
    return local === undefined || Math.abs(offsetMillis(offset)) > MOST_OFFSET_MILLIS ? undefined : new Date(local - offsetMillis(offset));
  }
  const local = utcOf(LOCAL.exec(text) ?? COMPACT.exec(text));
  if (local === undefined) return undefined;
  return new Date(instantAt(local, timeZone));
}

/** `local` is a wall time as if it were UTC. */
function instantAt(local: number, timeZone: string): number {
  const [before, after] = [zoneOffset(local - DAY_MILLIS, timeZone), zoneOffset(local + DAY_MILLIS, timeZone)];
  if (before === after) return local - before;
  // Clocks change within these two days: the earlier reading that shows this wall time, or, where clocks skip it, that of the old offset.
  const readings = [local - before, local - after].sort((a, b) => a - b);
  return readings.find((instant) => instant + zoneOffset(instant, timeZone) === local) ?? local - before;
}

/** A day as `2026-01-15`, written so or as `2026/1/15`, `2026.1.15` or `20260115`. Whether it exists is for the reader to check. */
export function readDay(text: string): string | undefined {
  const [, year, month = '', day = ''] = DATE.exec(text) ?? (text.length === 8 ? COMPACT.exec(text) : null) ?? [];
  return year === undefined ? undefined : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** The wall time of a match as if it were UTC; undefined if there is no such day or time. */
function utcOf(match: RegExpExecArray | null): number | undefined {
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millis));
  return instant.getUTCMonth() === month - 1 && instant.getUTCDate() === day && year >= 1000 ? instant.getTime() : undefined;
}

function offsetMillis(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The instant as clocks in the zone (IANA) show it, in milliseconds as if that were UTC. */
export function wallTime(instant: Date, timeZone: string): number {
  return instant.getTime() + zoneOffset(instant.getTime(), timeZone);
}

/** RFC 3339 with the zone's own offset, to the millisecond; `readInstant` gives back the same instant whatever zone it reads for. */
export function writeInstant(instant: Date, timeZone: string): string {
  const offset = zoneOffset(instant.getTime(), timeZone);
  // Until about 1900 clocks were off by odd seconds, which RFC 3339 cannot say.
  if (offset === 0 || offset % 60_000 !== 0) return instant.toISOString();
  const minutes = Math.abs(offset) / 60_000;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${new Date(instant.getTime() + offset).toISOString().slice(0, -1)}${offset < 0 ? '-' : '+'}${hours}:${rest}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that clocks in the zone are ahead of UTC at an instant. */
function zoneOffset(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(parts['year']!, parts['month']! - 1, parts['day']!, parts['hour']!, parts['minute']!, parts['second']!);
  return wall - Math.floor(instant / 1000) * 1000;
}
