/** 1 to 5; 5 is best: most recent, most orders, most money. */
export type Score = 1 | 2 | 3 | 4 | 5;

/** Four values, lowest first; each one exceeded adds 1 to the score. */
/** As `Cuts`, of amounts in minor units, as text: what somebody spent may be more than a number keeps. */
export type MinorCuts = readonly [string, string, string, string];

export type Cuts = readonly [number, number, number, number];

const FIFTHS = [1, 2, 3, 4] as const;

/**
 * Where the fifths of a population end: the ⌈k·n/5⌉-th lowest of n values, k = 1 to 4; undefined for nobody.
 * PostgreSQL's `percentile_disc(array[0.2, 0.4, 0.6, 0.8])` gives the same (SQL:2016 §10.9).
 */
export function cutsOf(values: readonly number[]): Cuts | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((one, other) => one - other);
  const [first, second, third, fourth] = FIFTHS.map((k) => sorted[Math.ceil((k * sorted.length) / 5) - 1]!);
  return [first!, second!, third!, fourth!];
}

/**
 * The fifth a value stands in: 1 + ⌊5·b/n⌋, where b of n values are below it. Equal values share the lower fifth, so the many
 * who bought once score 1, not the luck of their place in the list. A higher value never scores lower.
 */
export function scoreOf(value: number, cuts: Cuts): Score {
  return (1 + cuts.filter((cut) => value > cut).length) as Score;
}
