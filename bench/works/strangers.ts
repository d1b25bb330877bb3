import type { Bench } from '../bench.js';
import { randomOf, type Random } from '../shop/random.js';

const SEED = 7;
let streams = 0;

/** Random numbers for one side of one work, other ones each time. */
export function chance(): Random {
  streams += 1;
  return randomOf(SEED, streams);
}

/** Numbers of customers, each as likely as any, so that no cache holds them all. */
export function strangers({ shop }: Bench): () => number {
  const random = chance();
  return () => Math.floor(random() * shop.size.customers);
}
