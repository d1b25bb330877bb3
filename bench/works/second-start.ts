import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app/app.js';
import { atMost, median, type Finding } from '../finding.js';

const STARTS = 3;
const IDLE_MILLIS = 5_000;
const MEGABYTE = 2 ** 20;

/** W12: a start on a database that is there, and what the process holds when nobody asks anything. */
export async function secondStart(app: App): Promise<Finding[]> {
  const starts: number[] = [];
  for (let n = 0; n < STARTS; n += 1) starts.push(await app.restart());
  await pause(IDLE_MILLIS);
  const memory = app.memory();
  const done = { app: STARTS, floor: 0 };
  return [
    { work: 'W12', what: 'second start to ready, database included', value: median(starts), unit: 's', rounds: starts, wave1: atMost(4), aim: atMost(1.5), done },
    ...(memory === undefined ? [] : [{ work: 'W12', what: 'idle memory of the app process', value: memory / MEGABYTE, unit: 'MB' as const, wave1: atMost(220), aim: atMost(150), done }]),
  ];
}
