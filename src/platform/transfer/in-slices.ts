import { setImmediate } from 'node:timers/promises';

/** How long one slice may keep the process from its other work: a request takes several turns of the event loop, and waits for a slice at each. */
export const SLICE_MS = 1;

/** Items between two looks at the clock. */
const AT_ONCE = 8;

/**
 * `Promise.all(items.map(work))` that lets requests in between. A chunk of thousands of lines worked through at one go would hold
 * up every request of this process for as long.
 * @throws what `work` throws; then nothing behind those eight items was begun.
 */
export async function inSlices<Item, Result>(items: readonly Item[], work: (item: Item) => Result | Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let began = performance.now();
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map((item) => work(item)))));
    if (performance.now() - began < SLICE_MS) continue;
    await setImmediate();
    began = performance.now();
  }
  return results;
}
