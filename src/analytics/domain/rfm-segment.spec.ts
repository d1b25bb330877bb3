import { describe, expect, it } from '@jest/globals';
import type { Score } from './rfm-score.js';
import { cellsOf, fmOf, RFM_SEGMENTS, segmentOf, type RfmScores } from './rfm-segment.js';

const SCORES: Score[] = [1, 2, 3, 4, 5];
const ALL: RfmScores[] = SCORES.flatMap((r) => SCORES.flatMap((f) => SCORES.map((m) => ({ r, f, m }))));

describe('RFM segments', () => {
  it('name each of the 125 cells once, and every name has a cell', () => {
    expect(ALL).toHaveLength(125);
    expect(new Set(ALL.map(segmentOf))).toEqual(new Set(RFM_SEGMENTS));
    const cells = RFM_SEGMENTS.flatMap((segment) => cellsOf([segment]));
    expect(cells.toSorted((one, other) => one - other)).toEqual(SCORES.flatMap((r) => SCORES.map((fm) => 10 * r + fm)));
  });

  it.each([
    ['champions', { r: 5, f: 5, m: 5 }],
    ['champions', { r: 4, f: 3, m: 4 }],
    ['loyal', { r: 3, f: 5, m: 4 }],
    ['potential_loyal', { r: 5, f: 1, m: 3 }],
    ['new', { r: 5, f: 1, m: 1 }],
    ['promising', { r: 4, f: 1, m: 1 }],
    ['need_attention', { r: 3, f: 3, m: 3 }],
    ['about_to_sleep', { r: 3, f: 1, m: 2 }],
    ['at_risk', { r: 2, f: 5, m: 5 }],
    ['cant_lose', { r: 1, f: 5, m: 4 }],
    ['hibernating', { r: 2, f: 1, m: 1 }],
    ['lost', { r: 1, f: 1, m: 1 }],
  ] as const)('%s are e.g. %j', (name, scores) => expect(segmentOf(scores)).toBe(name));

  it('the cells of a segment are those of its customers', () => {
    for (const scores of ALL) expect(cellsOf([segmentOf(scores)])).toContain(10 * scores.r + fmOf(scores));
  });

  it('fm is the mean, halves rounded up', () => {
    expect([fmOf({ f: 1, m: 1 }), fmOf({ f: 1, m: 2 }), fmOf({ f: 2, m: 5 }), fmOf({ f: 5, m: 5 })]).toEqual([1, 2, 4, 5]);
  });
});
