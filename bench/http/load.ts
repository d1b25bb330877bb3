import { Connection, type Answer, type Ask } from './connection.js';

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The next thing to ask. */
  readonly ask: () => Ask;
}

export interface Answered {
  readonly count: number;
  /** From the first question to the last answer. */
  readonly seconds: number;
  /** In milliseconds, from short to long. */
  readonly latencies: Float64Array;
}

/**
 * Each connection asks, waits for the answer and asks again, until the time is up; what is then under way is still answered.
 * @throws if anything is answered with other than success: a figure over refusals would be worthless.
 */
export async function closedLoop({ port, connections, seconds, ask }: Load): Promise<Answered> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const latencies: number[] = [];
  const began = performance.now();
  const deadline = began + seconds * 1000;
  const work = async (connection: Connection): Promise<void> => {
    while (performance.now() < deadline) {
      const what = ask();
      const asked = performance.now();
      assertGood(what, await connection.ask(what));
      latencies.push(performance.now() - asked);
    }
  };
  try {
    await Promise.all(open.map(work));
  } finally {
    for (const connection of open) connection.close();
  }
  return { count: latencies.length, seconds: (performance.now() - began) / 1000, latencies: Float64Array.from(latencies).sort() };
}

/** @param share 0..1 @returns milliseconds, or NaN of no answers */
export function quantile(latencies: Float64Array, share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? Number.NaN;
}

/** Asks once, on a connection of its own. */
export async function askOnce(port: number, what: Ask): Promise<Answer> {
  const connection = await Connection.open(port);
  try {
    const answer = await connection.ask(what);
    assertGood(what, answer);
    return answer;
  } finally {
    connection.close();
  }
}

/** @throws if the answer is no success. */
export function assertGood({ method, path }: Ask, { status, body }: Answer): void {
  if (status < 200 || status > 299) throw new Error(`${method} ${path} was answered ${status}: ${body.slice(0, 500)}`);
}
