const LONGEST_MILLIS = 3_600_000;

/**
 * Milliseconds before the attempt after number `attempt` (1 at first): doubling, an hour at the most, and spread over the
 * upper half of that span by `random` (0 to 1) so that jobs which failed together do not come back together.
 */
export function backoffMillis(attempt: number, firstSeconds: number, random: number): number {
  const whole = Math.min(LONGEST_MILLIS, firstSeconds * 1000 * 2 ** Math.min(attempt - 1, 30));
  return Math.round(whole / 2 + (whole / 2) * random);
}
