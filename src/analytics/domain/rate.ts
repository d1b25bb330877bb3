/** A part of a whole, 0 to 1 with six digits; null of nothing, where no share can be named. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1_000_000) / 1_000_000;
}
