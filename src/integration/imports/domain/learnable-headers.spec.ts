import { describe, expect, it } from '@jest/globals';
import { learnableHeaders } from './learnable-headers.js';

describe('headers that may teach', () => {
  it('are those mapped that are in the file and have a name of their own', () => {
    const mapping = { name: { column: '姓名' }, email: { column: 'column 2' }, source: { constant: 'shop' }, note: { column: 'gone' } };
    expect(learnableHeaders(['姓名', 'column 2', 'Address1'], mapping)).toEqual([{ fileColumn: '姓名', column: 'name' }]);
  });

  it.each(['13812345678', '１３８１２３４５６７８', 'li@example.com', '2020-02-21', '21.02.2020', '178.8', '¥12', '7', '上海市 200002'])('are none where a column is called %j, which is a record', (cell) => {
    expect(learnableHeaders(['Li Na', cell], { name: { column: 'Li Na' } })).toEqual([]);
  });
});
