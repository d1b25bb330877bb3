import type { Score } from './rfm-score.js';

export const RFM_SEGMENTS = [
  'champions', 'loyal', 'potential_loyal', 'new', 'promising', 'need_attention', 'about_to_sleep', 'at_risk', 'cant_lose', 'hibernating', 'lost',
] as const;
export type RfmSegment = (typeof RFM_SEGMENTS)[number];

export interface RfmScores {
  readonly r: Score;
  readonly f: Score;
  readonly m: Score;
}

type Row = readonly [RfmSegment, RfmSegment, RfmSegment, RfmSegment, RfmSegment];

/**
 * Rows: R from 1 to 5. Columns: FM from 1 to 5. Names and ranges follow the table of R against FM in common use (Putler, "RFM
 * Analysis For Successful Customer Segmentation"; docs.churned.io, "RFM-Model"). There the ranges overlap; here every
 * cell has one name.
 */
const NAMES: Readonly<Record<Score, Row>> = {
  5: ['new', 'potential_loyal', 'loyal', 'champions', 'champions'],
  4: ['promising', 'potential_loyal', 'loyal', 'champions', 'champions'],
  3: ['about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal', 'loyal'],
  2: ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'at_risk'],
  1: ['lost', 'hibernating', 'at_risk', 'cant_lose', 'cant_lose'],
};

const SCORES: readonly Score[] = [1, 2, 3, 4, 5];

/** How much they buy: the mean of F and M, halves rounded up. */
export function fmOf({ f, m }: Pick<RfmScores, 'f' | 'm'>): Score {
  return Math.floor((f + m + 1) / 2) as Score;
}

export function segmentOf(scores: RfmScores): RfmSegment {
  return NAMES[scores.r][fmOf(scores) - 1]!;
}

/** The cells of some segments, each as 10·R + FM. */
export function cellsOf(segments: readonly RfmSegment[]): number[] {
  return SCORES.flatMap((r) => SCORES.filter((fm) => segments.includes(NAMES[r][fm - 1]!)).map((fm) => 10 * r + fm));
}
