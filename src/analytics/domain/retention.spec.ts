import { describe, expect, it } from '@jest/globals';
import { cohortsOf } from './retention.js';

describe('retention', () => {
  it('follows each cohort from its own month to the last; what nobody is in is zero', () => {
    const cells = [
      { cohort: 0, month: 0, customers: 4 },
      { cohort: 0, month: 2, customers: 1 },
      { cohort: 2, month: 2, customers: 3 },
    ];
    expect(cohortsOf(['2026-01', '2026-02', '2026-03'], cells)).toEqual([
      {
        month: '2026-01', customers: 4, active: [
          { monthsLater: 0, month: '2026-01', customers: 4, share: 1 },
          { monthsLater: 1, month: '2026-02', customers: 0, share: 0 },
          { monthsLater: 2, month: '2026-03', customers: 1, share: 0.25 },
        ],
      },
      {
        month: '2026-02', customers: 0, active: [
          { monthsLater: 0, month: '2026-02', customers: 0, share: null },
          { monthsLater: 1, month: '2026-03', customers: 0, share: null },
        ],
      },
      { month: '2026-03', customers: 3, active: [{ monthsLater: 0, month: '2026-03', customers: 3, share: 1 }] },
    ]);
  });
});
