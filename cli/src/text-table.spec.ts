import { describe, expect, it } from '@jest/globals';
import { cellsOf, textTable } from './text-table.js';

describe('a table of text', () => {
  it('lines up in any script', () => {
    const table = textTable(['NAME', 'ORDERS', 'NOTE'], [['张三丰', 3, 'vip'], ['Ada', 12, null], ['', undefined, '一']]);
    expect(table).toBe('NAME    ORDERS  NOTE\n张三丰  3       vip\nAda     12\n                一');
  });

  it('shortens what is too wide, but for the last column', () => {
    const [, row] = textTable(['A', 'B'], [['长'.repeat(30), 'x'.repeat(90)]]).split('\n');
    expect(row).toBe(`${'长'.repeat(19)}…  ${'x'.repeat(90)}`);
  });

  it('stays on its line whatever is in a cell', () => {
    expect(textTable(['A'], [['a\nb\r\u001b[2J\u009b\u202ec']])).toBe('A\na b  [2J  c');
  });

  it.each([['abc', 3], ['熟客', 4], ['ｗ', 2], ['👍', 2], ['é', 1]])('%s takes %i cells', (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });
});
