import { describe, expect, it } from '@jest/globals';
import exceljs from 'exceljs';
import type { ExportLine } from '../../../platform/transfer/export-definition.js';
import { xmlText } from './xlsx-parts.js';
import { XlsxWriter, type XlsxState } from './xlsx-writer.js';

const MADE_AT = new Date('2026-01-15T08:00:00Z');
const COLUMNS = [
  { name: 'text', type: 'text' }, { name: 'count', type: 'integer' }, { name: 'price', type: 'amount' }, { name: 'at', type: 'instant' },
  { name: 'day', type: 'date' }, { name: 'yes', type: 'boolean' }, { name: 'list', type: 'list' },
] as const;

/** Written as the export operation does, each page by another writer that knows only what the one before left. */
async function workbook(pages: readonly (readonly ExportLine[])[], { timeZone = 'UTC', mostRows = 1_048_576 } = {}): Promise<exceljs.Workbook> {
  const parts: Buffer[] = [];
  let state: XlsxState | undefined;
  const writer = () => new XlsxWriter(COLUMNS, timeZone, MADE_AT, state && (JSON.parse(JSON.stringify(state)) as XlsxState), mostRows);
  for (const [index, page] of pages.entries()) {
    const one = writer();
    if (index === 0) parts.push(await one.begin());
    parts.push(await one.lines(page));
    if (index === pages.length - 1) parts.push(await one.end());
    ({ state } = one);
  }
  const book = new exceljs.Workbook();
  await book.xlsx.load(Buffer.concat(parts) as unknown as ArrayBuffer);
  return book;
}

describe('a workbook', () => {
  it('G43 holds texts as they are, whatever they begin with, and marks what looks like a formula', async () => {
    const texts = ['=1+1', "'=1+1", '+8613800138000', '007', 'a < b & "c"', ' two  blanks ', 'tab\tand\nline', '中文 😀', '\u200b', '-5.00', '@SUM(1)'];
    const book = await workbook([texts.map((text) => ({ text }))]);
    const cells = texts.map((_, index) => book.worksheets[0]!.getCell(index + 2, 1));
    expect(cells.map(({ value }) => value)).toEqual(texts);
    expect(cells.every(({ formula }) => formula === undefined)).toBe(true);
  });

  it('names what XML cannot write as Office Open XML does, and what only looks like such a name', () => {
    expect(['a\r\nb', 'bell \u0007', '_x000D_', 'end\uffff', 'next line \u0085'].map(xmlText)).toEqual(['a_x000D_\nb', 'bell _x0007_', '_x005F_x000D_', 'end_xFFFF_', 'next line _x0085_']);
  });

  it('holds amounts as numbers, and as text where a number would lose some of it', async () => {
    const amounts = ['199.00', '0.07', '-5.00', '9999999999999.99', '99999999999999.99', '1', '1.234'];
    const book = await workbook([amounts.map((price) => ({ price }))]);
    expect(amounts.map((_, index) => book.worksheets[0]!.getCell(index + 2, 3).value)).toEqual([199, 0.07, -5, 9_999_999_999_999.99, '99999999999999.99', 1, 1.234]);
    expect(book.worksheets[0]!.getCell(2, 3).numFmt).toBe('0.00');
  });

  it('holds instants as dates in the zone asked for, to the millisecond, and as text where the clock does not tell them', async () => {
    // Clocks in Berlin were put back from 03:00 to 02:00: 02:30 came twice.
    const instants = ['2026-01-15T08:00:00.123Z', '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z', '1890-01-01T00:00:00.000Z'].map((text) => new Date(text));
    const book = await workbook([instants.map((at) => ({ at }))], { timeZone: 'Europe/Berlin' });
    const [first, early, late, old] = instants.map((_, index) => book.worksheets[0]!.getCell(index + 2, 4).value);
    expect([first, early]).toEqual([new Date('2026-01-15T09:00:00.123Z'), new Date('2026-10-25T02:30:00.000Z')]);
    expect([late, old]).toEqual(['2026-10-25T02:30:00.000+01:00', expect.stringMatching(/^1890-01-01T/)]);
  });

  it('holds counts, days, truths and lists', async () => {
    const book = await workbook([[{ count: 3, day: '1990-06-15', yes: true, list: ['a|b', 'c'] }, { yes: false, day: '1850-01-01' }]]);
    const row = (number: number) => [2, 5, 6, 7].map((column) => book.worksheets[0]!.getCell(number, column).value);
    expect([row(2), row(3)]).toEqual([[3, new Date('1990-06-15'), true, 'a\\|b|c'], [null, '1850-01-01', false, null]]);
  });

  it('goes on in the next sheet where one is full, each with the header, page after page', async () => {
    const line = (count: number): ExportLine => ({ count });
    const book = await workbook([[1, 2].map(line), [3, 4, 5].map(line), [], [6, 7].map(line)], { mostRows: 4 });
    const counts = book.worksheets.map((sheet) => (sheet.getColumn(2).values as unknown[]).slice(1));
    expect(counts).toEqual([['count', 1, 2, 3], ['count', 4, 5, 6], ['count', 7]]);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['Export', 'Export 2', 'Export 3']);
  });

  it('refuses a cell that Excel would cut', async () => {
    await expect(workbook([[{ text: 'x'.repeat(32_768) }]])).rejects.toThrow(expect.objectContaining({ code: 'cell_too_long' }));
  });
});
