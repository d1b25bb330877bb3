/** Numbers from 0 (included) to 1 (not included). */
export type Random = () => number;

/** The same numbers for the same seed and item on every machine, and any item without those before it (mulberry32). */
export function randomOf(seed: number, item: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(item + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

/**
 * Draws ranks from 0 so that rank r comes in proportion to 1 / (r + 1)^exponent (Zipf's law).
 * @returns a function from a random number to a rank below `ranks`
 */
export function zipf(ranks: number, exponent: number): (random: number) => number {
  const upTo = new Float64Array(ranks);
  let sum = 0;
  for (let rank = 0; rank < ranks; rank += 1) upTo[rank] = sum += (rank + 1) ** -exponent;
  return (random) => {
    const target = random * sum;
    let [low, high] = [0, ranks - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (upTo[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
