import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvRows } from './csv.js';
import { forSpreadsheet, fromSpreadsheet } from './spreadsheet-text.js';

/** OWASP "CSV Injection", and the variants that got past naive guards. */
const PAYLOADS = [
  '=1+1', '=cmd|\' /C calc\'!A0', '+1+cmd|\' /C calc\'!A0', '-2+3+cmd|\' /C calc\'!A0', '@SUM(1+1)*cmd', '=HYPERLINK("http://x","y")',
  '\t=1+1', '\r=1+1', '\n=1+1', ' =1+1', "'=1+1", '＝1+1', '";=1+1', ',=1+1', '=1+1;=2',
];

describe('CSV for people', () => {
  it.each(PAYLOADS)('never begins a cell like a formula: %j', (payload) => {
    const [[cell = '']] = parse(csvRows([[payload, 'neighbour']]), { record_delimiter: '\r\n' }) as [string[]];
    expect(cell).toMatch(/^(?!\s*[=+\-@＝＋－＠])(?![\t\r\n])/);
    expect(fromSpreadsheet(cell)).toBe(payload);
  });

  it('leaves numbers and phone numbers as they are', () => {
    expect(csvRows([['-5.00', '+8613800138000', '+49,90', 'plain', -5, null]])).toBe('-5.00,+8613800138000,"+49,90",plain,-5,\r\n');
  });

  it('quotes what another locale would split', () => {
    expect(csvRows([['a;b', 'c|d', ' e', 'f"g']])).toBe('"a;b","c|d"," e","f""g"\r\n');
  });

  it('separates cells as it is told', () => {
    expect(csvRows([['a;b', 'c,d', '=1']], ';')).toBe('"a;b";"c,d";\'=1\r\n');
    expect(csvRows([['a\tb', 'c']], '\t')).toBe('"a\tb"\tc\r\n');
  });

  it('gives every text back unchanged', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 5 }), (row) => {
      const [read = []] = parse(csvRows([row]), { record_delimiter: '\r\n' });
      expect(read.map((cell) => fromSpreadsheet(cell))).toEqual(row);
    }));
  });

  it('takes back exactly one apostrophe of its own', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("'", '=', '-', ' ', '\t', '5', 'a') }), (cell) => {
      expect(fromSpreadsheet(forSpreadsheet(cell))).toBe(cell);
    }));
  });
});
