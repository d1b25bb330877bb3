import { describe, expect, it } from '@jest/globals';
import { parseJsonLine, textAt } from '../../files/domain/json-line.js';
import { problemLine, ProblemTable } from './problem-rows.js';

const MAPPING = { code: { column: 'Nr' }, price: { column: 'price' }, currency: { constant: 'CNY' } };
const trouble = (cells: string[], column?: string, detail = 'is wrong. Mend it.') => ({ line: 7, column, detail, cells });

describe('a row of a report', () => {
  it('has the cells of the file, then what is wrong under the file\'s name of the column and ours', () => {
    const table = new ProblemTable(['Nr', 'price'], MAPPING);
    expect(table.header).toEqual(['Nr', 'price', 'problem']);
    expect(table.row([trouble(['1', 'x'], 'code'), trouble(['1', 'x'], 'price'), trouble(['1', 'x'], 'currency'), trouble(['1', 'x'])])).toEqual([
      '1', 'x', 'Line 7: Nr (code): is wrong. Mend it.; price: is wrong. Mend it.; currency: is wrong. Mend it.; is wrong. Mend it.',
    ]);
  });

  it('fills missing cells and puts surplus ones behind', () => {
    const table = new ProblemTable(['Nr', 'price'], MAPPING);
    expect(table.row([trouble(['1'])])).toEqual(['1', '', 'Line 7: is wrong. Mend it.']);
    expect(table.row([trouble(['1', '2', '3'])])).toEqual(['1', '2', 'Line 7: is wrong. Mend it.', '3']);
  });

  it('replaces what an earlier report said, unless that column is imported', () => {
    expect(new ProblemTable(['Nr', 'problem', 'note'], MAPPING).row([trouble(['1', 'old', 'n'])])).toEqual(['1', 'n', 'Line 7: is wrong. Mend it.']);
    const mapped = new ProblemTable(['Nr', 'problem'], { note: { column: 'problem' } });
    expect(mapped.header).toEqual(['Nr', 'problem', 'problem']);
    expect(mapped.row([trouble(['1', 'mine'])])).toEqual(['1', 'mine', 'Line 7: is wrong. Mend it.']);
  });
});

describe('a line of a report about NDJSON', () => {
  it('is the record with one more member, its numbers to the last digit', () => {
    const line = problemLine([trouble([' {"id":820982911946154508,"n":1.50,"in":{"a":"}"}} \r'], 'code')], MAPPING);
    expect(line).toBe('{"id":820982911946154508,"n":1.50,"in":{"a":"}"},"problem":"Line 7: Nr (code): is wrong. Mend it."}');
    expect(problemLine([trouble(['{ }'])], MAPPING)).toBe('{"problem":"Line 7: is wrong. Mend it."}');
  });

  it('takes another name where the record has that one', () => {
    const line = parseJsonLine(problemLine([trouble(['{"problem":"mine","problem (2)":"too"}'])], MAPPING))!;
    expect(['problem', 'problem (2)', 'problem (3)'].map((name) => textAt(line, name))).toEqual(['mine', 'too', 'Line 7: is wrong. Mend it.']);
  });

  it('holds what is no object as text', () => {
    expect(JSON.parse(problemLine([trouble(['not "json"'])], MAPPING))).toEqual({ line: 'not "json"', problem: 'Line 7: is wrong. Mend it.' });
  });
});
