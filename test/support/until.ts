import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MILLIS = 25;

/** Looks again and again until `found` gives something other than false, null or undefined. @throws after `seconds`, naming what did not come. */
export async function until<T>(what: string, found: () => Promise<T | false | null | undefined> | T | false | null | undefined, seconds = 45): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await found();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await pause(LOOK_EVERY_MILLIS);
  }
}
