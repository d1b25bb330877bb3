import { getNextMillis } from 'bullmq';

/**
 * The first firing of a cron line (five fields, or six with seconds in front) after an instant, in an IANA time zone.
 * @throws if the line or the zone cannot be read, with what to write instead.
 */
export function nextFiring(cron: string, timeZone: string, after: Date): Date {
  let millis: number | undefined;
  try {
    millis = getNextMillis(after.getTime(), { pattern: cron, tz: timeZone });
  } catch (error) {
    throw new Error(`The schedule "${cron}" in zone "${timeZone}" cannot be read (${(error as Error).message}). Write five cron fields such as "30 3 * * *" and an IANA zone such as Asia/Shanghai.`);
  }
  if (millis === undefined || Number.isNaN(millis)) throw new Error(`The schedule "${cron}" in zone "${timeZone}" never fires. Write five cron fields such as "30 3 * * *" and an IANA zone such as Asia/Shanghai.`);
  return new Date(millis);
}
