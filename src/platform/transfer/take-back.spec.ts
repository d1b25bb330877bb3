import { describe, expect, it } from '@jest/globals';
import { recordKey, sortOut } from './take-back.js';

const record = (id: string, version: number, part = 0) => ({ id, part, version });

describe('what an import may take back', () => {
  const untouched = record('a', 1);
  const changed = record('b', 1);
  const needed = record('c', 3);
  const gone = record('d', 1);
  const line = record('e', 2, 1);
  const otherLine = record('e', 2, 2);
  const versions = new Map([[untouched, 1], [changed, 2], [needed, 3], [line, 2], [otherLine, 4]].map(([one, version]) => [recordKey(one as typeof line), version as number]));

  it('is what is at the version it left and nobody needs; what is gone is neither taken nor kept', () => {
    expect(sortOut([untouched, changed, needed, gone, line, otherLine], versions, new Set([recordKey(needed), recordKey(changed)]))).toEqual({
      free: [untouched, line],
      kept: [{ id: 'b', part: 0, reason: 'changed_since' }, { id: 'c', part: 0, reason: 'in_use' }, { id: 'e', part: 2, reason: 'changed_since' }],
    });
  });
});
