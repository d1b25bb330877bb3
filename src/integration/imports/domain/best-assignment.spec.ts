import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bestAssignment } from './best-assignment.js';

const sumOf = (weights: number[][], pairs: readonly (number | undefined)[]) => pairs.reduce<number>((sum, column, row) => sum + (column === undefined ? 0 : weights[row]![column]!), 0);

/** The most there is, by trying everything. */
function mostOf(weights: number[][], row = 0, taken: readonly number[] = []): number {
  if (row === weights.length) return 0;
  const alone = mostOf(weights, row + 1, taken);
  return weights[row]!.reduce((most, weight, column) => (taken.includes(column) ? most : Math.max(most, weight + mostOf(weights, row + 1, [...taken, column]))), alone);
}

describe('the best assignment', () => {
  it('gives the first row its second choice where that is better for all', () => {
    expect(bestAssignment([[9, 8], [9, 1]])).toEqual([1, 0]);
  });

  it('leaves a row alone rather than pair it for nothing', () => {
    expect(bestAssignment([[0, 0], [0, 5]])).toEqual([undefined, 1]);
    expect(bestAssignment([[3], [4], [2]])).toEqual([undefined, 0, undefined]);
    expect(bestAssignment([])).toEqual([]);
    expect(bestAssignment([[], []])).toEqual([undefined, undefined]);
  });

  it('is as good as the best of all, and uses no column twice', () => {
    const table = fc.integer({ min: 0, max: 5 }).chain((columns) => fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }), { maxLength: 5 }));
    fc.assert(fc.property(table, (weights) => {
      const pairs = bestAssignment(weights);
      const used = pairs.filter((column) => column !== undefined);
      expect(new Set(used).size).toBe(used.length);
      expect(sumOf(weights, pairs)).toBe(mostOf(weights));
    }));
  });
});
