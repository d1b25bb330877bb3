import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { RandomAccessFile } from './random-access.js';
import { Workbook } from './workbook.js';

function inMemory(bytes: Buffer): RandomAccessFile {
  return {
    size: bytes.length,
    async *read(from, to) {
      for (let at = from; at < to; at += 1000) yield bytes.subarray(at, Math.min(to, at + 1000));
    },
  };
}

async function rowsOf(bytes: Buffer, sheet?: string): Promise<(readonly [number, ...unknown[]])[]> {
  const workbook = await Workbook.open(inMemory(bytes));
  const rows: [number, ...unknown[]][] = [];
  for await (const { line, cells } of workbook.rows(workbook.sheet(sheet))) rows.push([line, ...cells]);
  return rows;
}

async function excel(fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  fill(book);
  return Buffer.from(await book.xlsx.writeBuffer());
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook written by hand, for what exceljs does not write. */
function byHand(sheetXml: string, parts: Record<string, string> = {}, { workbookPr = '', packed = true } = {}): Buffer {
  return zip({
    '_rels/.rels': `<Relationships><Relationship Id="r1" Type="${RELATIONS}/officeDocument" Target="/book/main.xml"/></Relationships>`,
    'book/main.xml': `<x:workbook xmlns:x="${MAIN}" xmlns:r="${RELATIONS}">${workbookPr}<x:sheets><x:sheet name="S" sheetId="1" r:id="a"/></x:sheets></x:workbook>`,
    'book/_rels/main.xml.rels': `<Relationships><Relationship Id="a" Type="${RELATIONS}/worksheet" Target="sheets/one.xml"/><Relationship Id="b" Type="${RELATIONS}/styles" Target="styles.xml"/><Relationship Id="c" Type="${RELATIONS}/sharedStrings" Target="../texts.xml"/></Relationships>`,
    'book/sheets/one.xml': `<x:worksheet xmlns:x="${MAIN}"><x:sheetData>${sheetXml}</x:sheetData></x:worksheet>`,
    ...parts,
  }, packed);
}

function zip(parts: Record<string, string | Buffer>, packed = true): Buffer {
  const locals: Buffer[] = [];
  const headers: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content);
    const data = packed ? deflateRawSync(raw) : raw;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(packed ? 8 : 0, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, Buffer.from(name), data]);
    const header = Buffer.alloc(14);
    header.writeUInt32LE(at, 10);
    headers.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, header, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(headers);
  const end = Buffer.alloc(22);
  end.write('504b0506', 0, 'hex');
  end.writeUInt16LE(headers.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

describe('S156 a workbook', () => {
  it('S156 gives texts, numbers, dates, booleans, formulas, links and errors as a person reads them', async () => {
    const bytes = await excel((book) => {
      const sheet = book.addWorksheet('Orders');
      sheet.addRow(['姓名', 'amount', 'at', 'day', 'vip', 'total', 'site', 'rich', 'wrong']);
      const row = sheet.addRow([
        '李娜', 128.1 * 3, new Date('2026-01-15T08:30:00Z'), new Date('2026-02-28T00:00:00Z'), true, { formula: 'B2*2', result: 0.1 + 0.2 },
        { text: 'shop', hyperlink: 'https://shop.example' }, { richText: [{ text: 'bold', font: { bold: true } }, { text: ' & plain\nline' }] }, { error: '#N/A' },
      ]);
      row.getCell(3).numFmt = 'yyyy-mm-dd hh:mm';
      row.getCell(4).numFmt = '[$-409]d\\.mmm\\.yy;@';
    });
    expect(await rowsOf(bytes)).toEqual([
      [1, '姓名', 'amount', 'at', 'day', 'vip', 'total', 'site', 'rich', 'wrong'],
      [2, '李娜', '384.3', '2026-01-15 08:30:00', '2026-02-28', 'true', '0.3', 'shop', 'bold & plain\nline', { error: '#N/A' }],
    ]);
  });

  it('S156 numbers lines as its rows are, past blank ones, and puts cells where they stand', async () => {
    const bytes = await excel((book) => {
      const sheet = book.addWorksheet('S');
      sheet.getCell('B3').value = 'b';
      sheet.getCell('AB3').value = 'ab';
      sheet.getCell('A7').value = 'a';
    });
    expect(await rowsOf(bytes)).toEqual([[3, '', 'b', ...Array.from({ length: 25 }, () => ''), 'ab'], [7, 'a']]);
  });

  it('S156 reads the first sheet that is visible, or the one named', async () => {
    const bytes = await excel((book) => {
      book.addWorksheet('hidden', { state: 'hidden' }).addRow(['h']);
      book.addWorksheet('订单').addRow(['v']);
      book.addWorksheet('other').addRow(['o']);
    });
    const { sheets } = await Workbook.open(inMemory(bytes));
    expect(sheets).toEqual([{ name: 'hidden', isVisible: false }, { name: '订单', isVisible: true }, { name: 'other', isVisible: true }]);
    expect([await rowsOf(bytes), await rowsOf(bytes, 'other'), await rowsOf(bytes, 'hidden')]).toEqual([[[1, 'v']], [[1, 'o']], [[1, 'h']]]);
    await expect(rowsOf(bytes, 'none')).rejects.toMatchObject({ code: 'unknown_sheet' });
  });

  it('S156 written as a stream, with texts inline or shared behind the sheet, reads the same', async () => {
    const read: unknown[] = [];
    for (const useSharedStrings of [true, false]) {
      const out = new PassThrough();
      const parts: Buffer[] = [];
      out.on('data', (part: Buffer) => parts.push(part));
      const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useSharedStrings });
      const sheet = book.addWorksheet('S');
      for (let n = 0; n < 500; n += 1) sheet.addRow([`客户 ${n % 50}`, n / 10, new Date(Date.UTC(2026, 0, 1 + n))]).commit();
      const isOver = once(out, 'end');
      await book.commit();
      await isOver;
      read.push(await rowsOf(Buffer.concat(parts)));
    }
    expect((read[0] as unknown[])[499]).toEqual([500, '客户 49', '49.9', '2027-05-15']);
    expect(read[1]).toEqual(read[0]);
  });

  it('S156 takes what the standard allows: prefixes, cells without addresses, ids of twenty digits, escapes, readings, ISO dates', async () => {
    const sheet = `<x:row><x:c><x:v>69123456789012345678</x:v></x:c><x:c t="str"><x:v>a_x000D_&amp;b</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c><x:c t="d"><x:v>2026-01-15T08:00:00</x:v></x:c><x:c><x:v>1.5E-7</x:v></x:c><x:c t="b"><x:v>0</x:v></x:c><x:c/></x:row>`;
    const texts = `<sst><si><r><t>東京</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si></sst>`;
    for (const packed of [true, false]) {
      expect(await rowsOf(byHand(sheet, { 'texts.xml': texts }, { packed }))).toEqual([[1, '69123456789012345678', 'a\r&b', '東京', '2026-01-15 08:00:00', '0.00000015', 'false']]);
    }
  });

  it('S156 counts days from 1900, with the leap day that never was, or from 1904', async () => {
    const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="&quot;day &quot;yyyy/m/d"/><numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="[Red]#,##0.00"/></numFmts><cellXfs><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="21"/><xf numFmtId="31"/></cellXfs></styleSheet>`;
    const cells = [['1', 0], ['59', 0], ['61', 1], ['46037.354166666664', 0], ['1.1458333333333333', 2], ['5.5', 3], ['0.5', 4], ['46037', 5]];
    const sheet = `<row>${cells.map(([value, style]) => `<c s="${style}"><v>${value}</v></c>`).join('')}</row>`;
    expect(await rowsOf(byHand(sheet, { 'book/styles.xml': styles }))).toEqual([[1, '1900-01-01', '1900-02-28', '1900-03-01', '2026-01-15 08:30:00', '27:30:00', '5.5', '12:00:00', '2026-01-15']]);
    expect(await rowsOf(byHand('<row><c s="0"><v>44575</v></c></row>', { 'book/styles.xml': styles }, { workbookPr: '<x:workbookPr date1904="1"/>' }))).toEqual([[1, '2026-01-15']]);
  });

  const whole = byHand('<row><c><v>1</v></c></row>');
  it.each<[string, Buffer, string]>([
    ['cut off', whole.subarray(0, whole.length - 30), 'broken_workbook'],
    ['an archive of something else', zip({ 'customers.csv': 'a,b\n1,2\n' }), 'not_a_table'],
    ['an OpenDocument file', zip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }), 'not_a_table'],
    ['a binary workbook', zip({ '_rels/.rels': '<x/>', 'xl/workbook.bin': 'x' }), 'not_a_table'],
    ['XML that is damaged', byHand('<row><c><v>1</v></row>'), 'broken_workbook'],
    ['XML with entities of its own', byHand('', { 'book/sheets/one.xml': '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>' }), 'broken_workbook'],
    ['a row before the one above', byHand('<row r="5"><c><v>1</v></c></row><row r="4"><c><v>1</v></c></row>'), 'broken_workbook'],
    ['a cell beyond the last column', byHand('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>'), 'broken_workbook'],
  ])('S156 that is %s is refused with a sentence', async (_, bytes, code) => {
    await expect(rowsOf(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(/^The .+\. .+\.$/) });
  });

  it('S156 whose bytes were changed is refused, not read half', async () => {
    const bytes = byHand('<row><c t="str"><v>13800138000</v></c></row>', {}, { packed: false });
    bytes[bytes.indexOf('13800138000') + 5] = 0x39;
    await expect(rowsOf(bytes)).rejects.toMatchObject({ code: 'broken_workbook' });
  });

  it('G41 a bomb is refused early', async () => {
    await expect(rowsOf(byHand(`<row><c t="str"><v>${' '.repeat(60_000_000)}</v></c></row>`))).rejects.toMatchObject({ code: 'packed_too_tightly' });
  });
});
