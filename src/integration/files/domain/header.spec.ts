import { describe, expect, it } from '@jest/globals';
import { columnNames } from './header.js';

describe('names of columns', () => {
  it('trims, as shops export headers with blanks at the end', () => {
    expect(columnNames(['订单编号', '收货地址 ', '退款金额'])).toEqual(['订单编号', '收货地址', '退款金额']);
  });

  it('gives blank and repeated headers names that can be mapped', () => {
    expect(columnNames(['', 'name', ' ', 'name', 'name', 'name (2)'])).toEqual(['column 1', 'name', 'column 3', 'name (2)', 'name (3)', 'name (2) (2)']);
  });
});
