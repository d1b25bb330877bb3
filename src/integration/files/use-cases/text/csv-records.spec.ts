import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { csvRecords, type CsvRecord } from './csv-records.js';

async function read(pieces: string | string[]): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(typeof pieces === 'string' ? [pieces] : pieces, ',')) records.push(record);
  return records.filter(({ cells }) => cells.some((cell) => cell !== ''));
}

const cells = async (text: string) => (await read(text)).map((record) => record.cells);

describe('reading CSV', () => {
  it('takes every line end, even mixed, and quotes in the middle of a cell', async () => {
    expect(await cells('a,b\r\n1,5" pipe\n2,"x" y\r3,"say ""hi"""')).toEqual([['a', 'b'], ['1', '5" pipe'], ['2', '"x" y'], ['3', 'say "hi"']]);
  });

  it('counts lines as an editor does, past blank lines and quoted line breaks', async () => {
    const records = await read('h,k\r\n"a\r\nb",1\r\n\r\nc,2\n"d\n\ne",3\nf,4');
    expect(records.map(({ line, cells: [first] }) => [line, first])).toEqual([[1, 'h'], [2, 'a\r\nb'], [5, 'c'], [6, 'd\n\ne'], [9, 'f']]);
  });

  it('gives up only the line whose quote is never closed', async () => {
    const records = await read('h,k\n1,a\n2,"b\n3,c\n4,d\n');
    expect(records.map(({ line, cells: found, broken }) => [line, found.join(','), broken?.code])).toEqual([
      [1, 'h,k', undefined], [2, '1,a', undefined], [3, '2,"b', 'quote_not_closed'], [4, '3,c', undefined], [5, '4,d', undefined],
    ]);
  });

  it('does so too where the quote swallows more than a record may hold, and where a line is that long itself', async () => {
    const many = Array.from({ length: 40_000 }, (_, n) => `${n},value`).join('\n');
    const records = await read(`h,k\n1,"a\n${many}\n2,${'x'.repeat(300_000)}\n3,end`);
    expect(records.length).toBe(40_000 + 4);
    expect(records.filter(({ broken }) => broken).map(({ line, broken }) => [line, broken!.code])).toEqual([[2, 'line_too_long'], [40_003, 'line_too_long']]);
    expect(records.at(-1)).toEqual({ line: 40_004, cells: ['3', 'end'] });
  });

  it('refuses a file that is broken throughout', async () => {
    await expect(read(`${`"${'x'.repeat(300_000)}\n`}`.repeat(51))).rejects.toThrow(expect.objectContaining({ code: 'not_csv' }));
  });

  it('reads the same however the text is cut into pieces', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', '客', '😀') });
    await fc.assert(fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 20 }), fc.nat(1000), async (rows, at) => {
      const text = stringify(rows, { quoted: true });
      const whole = rows.filter((row) => row.some((value) => value !== ''));
      const characters = Array.from(text);
      const cut = at % (characters.length + 1);
      const pieces = [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
      expect((await read(pieces)).map((record) => record.cells)).toEqual(whole);
    }));
  });

  it('reads lines without a quote as it reads them beside lines that have one, wherever pieces end', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ' ', '客', '😀'), maxLength: 4 });
    const line = fc.tuple(fc.array(cell, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n', '\r'));
    await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.array(fc.nat(200), { maxLength: 6 }), async (lines, cuts) => {
      const text = lines.map(([row, end]) => `x,${row.map((value) => (value.includes('"') ? `"${value.replaceAll('"', '""')}"` : value)).join(',')}${end}`).join('');
      const characters = Array.from(text);
      const ends = [...cuts.filter((at) => at < characters.length).sort((one, other) => one - other), characters.length];
      const pieces = ends.map((end, n) => characters.slice(n === 0 ? 0 : ends[n - 1], end).join(''));
      expect(await read(pieces)).toEqual(lines.map(([row], n) => ({ line: n + 1, cells: ['x', ...row] })));
    }), { numRuns: 500 });
  });

  it('holds no more than a piece ahead of what is taken', async () => {
    let given = 0;
    function* pieces() {
      for (let piece = 0; piece < 50; piece += 1) {
        given += 1;
        yield Array.from({ length: 1000 }, (_, n) => `${piece * 1000 + n},some text in a cell\n`).join('');
      }
    }
    let taken = 0;
    let mostAhead = 0;
    for await (const record of csvRecords(pieces(), ',')) {
      if (record.cells[0] !== '') taken += 1;
      mostAhead = Math.max(mostAhead, given - taken / 1000);
    }
    expect(taken).toBe(50_000);
    expect(mostAhead).toBeLessThan(2);
  });
});
