/**
 * Chance from a seed: the same seed throws the same numbers on every machine. Source: sfc32 (Chris Doty-Humphrey, PractRand),
 * seeded by splitmix32; 128 bits of state, none of it cryptographic.
 */
export class Dice {
  private readonly state: [number, number, number, number];

  /** @param name parts one seed into streams, so that a change to one part of the shop leaves the others as they were. */
  constructor(seed: number, name: string) {
    const mix = splitmix32(seed ^ hashOf(name));
    this.state = [mix(), mix(), mix(), mix()];
    for (let n = 0; n < WARM_UP; n += 1) this.next();
  }

  /** 0 ≤ x < 1. */
  next(): number {
    const [a, b, c, counter] = this.state;
    const result = (a + b + counter) | 0;
    this.state[0] = b ^ (b >>> 9);
    this.state[1] = (c + (c << 3)) | 0;
    this.state[2] = (((c << 21) | (c >>> 11)) + result) | 0;
    this.state[3] = (counter + 1) | 0;
    return (result >>> 0) / 4_294_967_296;
  }

  /** True in this share of throws. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** One of the keys, each as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    const running = runningSums(entries.map(([, weight]) => weight));
    return entries[this.among(running)]![0];
  }

  /** The place in running sums that a throw falls on, from `from` to before `to`. */
  among(running: readonly number[], from = 0, to = running.length): number {
    const low = from === 0 ? 0 : running[from - 1]!;
    const sought = low + this.next() * (running[to - 1]! - low);
    let [first, last] = [from, to - 1];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (running[middle]! > sought) last = middle;
      else first = middle + 1;
    }
    return first;
  }

  /** A whole number from `least` on whose share falls by the power `exponent` (> 1): few are large, some very. */
  powerLaw(least: number, exponent: number, most: number): number {
    return Math.min(most, Math.floor(least * (1 - this.next()) ** (-1 / (exponent - 1))));
  }
}

const WARM_UP = 12;

export function runningSums(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
