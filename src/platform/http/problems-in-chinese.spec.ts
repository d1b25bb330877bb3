import { describe, expect, it } from '@jest/globals';
import { ProblemsInChinese } from './problems-in-chinese.js';

describe('problems in Chinese', () => {
  it('are found by code over all lists', () => {
    const problems = new ProblemsInChinese([{ late: '已过期。' }, { early: '未到时间。' }]);
    expect(problems.detailOf('early')).toBe('未到时间。');
    expect(problems.detailOf('no_such_code')).toBeUndefined();
    expect(problems.all()).toEqual([['early', '未到时间。'], ['late', '已过期。']]);
  });

  it('refuse a code that two lists say', () => {
    expect(() => new ProblemsInChinese([{ late: '已过期。' }, { late: '太晚了。' }])).toThrow(/^Two lists say "late" in Chinese\. .+\.$/);
  });
});
