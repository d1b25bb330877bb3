import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { encoded } from '../../../../test/support/encoded.js';
import type { Encoding } from '../domain/encoding.js';
import type { ReadingSettings } from '../persistence/upload.js';
import { fileLines } from './file-lines.js';
import { takeIn, type TakenIn } from './take-in.js';

interface Read extends TakenIn {
  readonly rows: readonly (readonly string[])[];
  readonly broken: readonly (readonly [number, string])[];
}

async function read(bytes: Buffer, settings: ReadingSettings = {}, { mediaType = 'application/octet-stream', cut = 1000 } = {}): Promise<Read> {
  const pieces: string[] = [];
  async function* source(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
  }
  const taken = await takeIn(source(), { mediaType, settings, maxBytes: 1e9 }, {
    addPiece: async (_, text) => void pieces.push(text),
    keepBytes: async ({ bytes: whole }) => {
      const parts: Buffer[] = [];
      for await (const part of whole) parts.push(part);
      const all = Buffer.concat(parts);
      return { size: all.length, async *read(from, to) { yield all.subarray(from, to); } };
    },
  });
  const rows: (readonly string[])[] = [];
  const broken: [number, string][] = [];
  for await (const line of fileLines(taken.facts, pieces)) {
    if (line.broken) broken.push([line.line, line.broken.code]);
    else rows.push(line.cells);
  }
  return { ...taken, rows, broken };
}

const CITIES = '姓名,城市,备注\n李娜,上海,老客户\n王芳,内蒙古自治区,今天下单\n张伟,黑龙江省,已经退款\n';

describe('S156 an encoding', () => {
  it.each<[Encoding, string]>([
    ['gb18030', CITIES],
    ['big5', '姓名,城市\n陳大文,臺北市\n林小華,高雄市\n'],
    ['shift_jis', '氏名,都市\nやまだ,とうきょう\nすずきさん,おおさか\n'],
    ['euc-kr', '이름,도시\n김철수,서울특별시\n이영희,부산광역시\n'],
    ['windows-1251', 'имя,город\nИван Петров,Москва\nАнна,Санкт-Петербург\n'],
    ['utf-16le', CITIES],
    ['utf-16be', CITIES],
    ['utf-8', CITIES],
  ])('S156 %s is found without being named', async (encoding, text) => {
    const { facts, rows } = await read(encoded(text, encoding));
    const lines = text.trim().split('\n').map((line) => line.split(','));
    expect({ encoding: facts.encoding, columns: facts.columns, rows }).toEqual({ encoding, columns: lines[0], rows: lines.slice(1) });
  });

  it('S156 of Western Europe is found, with the quotation marks and the euro of Windows', async () => {
    const { facts, rows } = await read(Buffer.from('name,city,note\nJos\xe9,S\xe3o Paulo,\x93caf\xe9\x94 5 \x80\nFran\xe7ois,Orl\xe9ans,d\xe9j\xe0\n', 'latin1'));
    expect(facts.encoding).toBe('windows-1252');
    expect(rows).toEqual([['José', 'São Paulo', '“café” 5 €'], ['François', 'Orléans', 'déjà']]);
  });

  it('S156 is found where only a late line goes beyond ASCII', async () => {
    const text = `name,city\n${'Li,Rome\n'.repeat(50_000)}李娜,上海老客户\n`;
    const { facts, rows } = await read(encoded(text, 'gb18030'), {}, { cut: 65_536 });
    expect([facts.encoding, rows.length, rows.at(-1)]).toEqual(['gb18030', 50_001, ['李娜', '上海老客户']]);
  });

  it('S156 says how sure it is', async () => {
    const grounds = async (bytes: Buffer, settings: ReadingSettings = {}) => (await read(bytes, settings)).facts.encodingGrounds;
    expect(await grounds(Buffer.from('a,b\n1,2\n'))).toBe('certain');
    expect(await grounds(Buffer.from(CITIES))).toBe('certain');
    expect(await grounds(Buffer.from(`\uFEFF${CITIES}`))).toBe('byte_order_mark');
    expect(await grounds(encoded(CITIES, 'gb18030'))).toBe('likely');
    expect(await grounds(Buffer.from('name\nM\xfcller\n', 'latin1'))).toBe('guessed');
    expect(await grounds(encoded(CITIES, 'gb18030'), { encoding: 'gb18030' })).toBe('given');
  });

  it('S156 that does not hold throughout costs its lines only, told one by one and never changed in silence', async () => {
    const good = Array.from({ length: 20 }, (_, n) => `客户${n},上海`).join('\n');
    const { facts, rows, broken } = await read(Buffer.concat([Buffer.from(`name,city\n${good}\n`), Buffer.from('Jos\xe9,Rome\n', 'latin1'), Buffer.from('赵六,北京\n')]));
    expect([facts.encoding, rows.length, broken]).toEqual(['utf-8', 21, [[22, 'undecodable']]]);
  });

  it.each<[string, Buffer, ReadingSettings]>([
    ['a header that is not in the encoding given', encoded(CITIES, 'gb18030'), { encoding: 'utf-8' }],
    ['UTF-16 that breaks off in a character', encoded(CITIES, 'utf-16le').subarray(0, 41), { encoding: 'utf-16le' }],
    ['an encoding given that fits no line', Buffer.concat([Buffer.from('name,city\n'), Buffer.from('\xff\xff,\xff\n'.repeat(2000), 'latin1')]), { encoding: 'euc-kr' }],
  ])('S156 is refused: %s', async (_, bytes, settings) => {
    await expect(read(bytes, settings)).rejects.toMatchObject({ code: 'wrong_encoding' });
  });

  it('S156 makes no difference to the cells, nor does the dialect, nor where the bytes are cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('客', '一', '上', '海', 'a', 'B', '7', ' ', ',', ';', '\t', '|', '"', "'", '\n', '\r\n'), maxLength: 8 });
    const encodings = fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 }), encodings, fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('"', "'"), fc.constantFrom('\n', '\r\n', '\r'), fc.integer({ min: 1, max: 300 }), fc.boolean(),
        async (table, encoding, delimiter, quote, recordDelimiter, cut, isPacked) => {
          const header = ['商品', '名字', 'note'];
          const text = stringify([header, ...table], { delimiter, quote, escape: quote, record_delimiter: recordDelimiter, quoted: true });
          const bytes = encoded(text, encoding);
          const { facts, rows } = await read(isPacked ? gzipSync(bytes) : bytes, { encoding, delimiter: delimiter as ',', quote: quote as '"', header: true }, { cut });
          expect(facts.columns).toEqual(header);
          expect(rows).toEqual(table.filter((row) => row.some((value) => value.trim() !== '')));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('S156 a dialect', () => {
  it.each([
    ['commas and quotation marks', 'id,name\n1,"a, b"\n2,c\n', [',', '"'], [['1', 'a, b'], ['2', 'c']]],
    ['semicolons and CRLF', 'id;price\r\nx;1,5\r\ny;2,5\r\n', [';', '"'], [['x', '1,5'], ['y', '2,5']]],
    ['tabs', 'id\tname\nx\ta, b\ny\tc\n', ['\t', '"'], [['x', 'a, b'], ['y', 'c']]],
    ['pipes and CR', 'id|name\rx|a\ry|b\r', ['|', '"'], [['x', 'a'], ['y', 'b']]],
    ['apostrophes around cells', "'id','name'\n'x','a, b'\n'y','it''s \"c\"'\n", [',', "'"], [['x', 'a, b'], ['y', 'it\'s "c"']]],
    ['apostrophes within words', "id,name\nx,O'Neil\ny,D'Arcy\n", [',', '"'], [['x', "O'Neil"], ['y', "D'Arcy"]]],
  ])('S156 of %s is found', async (_, text, dialect, expected) => {
    const { facts, rows } = await read(Buffer.from(text));
    expect([facts.delimiter, facts.quote]).toEqual(dialect);
    expect(rows).toEqual(expected);
  });

  it('S156 laid out by blanks is read when it is said so', async () => {
    const { facts, rows } = await read(Buffer.from(' 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n 00021 0002 19970101  3   63.34\r\n'), { delimiter: ' ' });
    expect(facts).toMatchObject({ delimiter: ' ', header: false, headerGrounds: 'detected', columns: ['column 1', 'column 2', 'column 3', 'column 4', 'column 5'] });
    expect(rows[1]).toEqual(['00004', '0001', '19970118', '2', '29.73']);
  });

  it('S156 has a header unless the first record is plainly data, or the caller says otherwise', async () => {
    const header = async (text: string, settings: ReadingSettings = {}) => {
      const { facts, rows } = await read(Buffer.from(text), settings);
      return [facts.header, facts.headerGrounds, facts.columns[0], rows.length];
    };
    expect(await header('name,city\nLi,Rome\n')).toEqual([true, 'assumed', 'name', 1]);
    expect(await header('Li,li@example.com\nWang,wang@example.com\n')).toEqual([false, 'detected', 'column 1', 2]);
    expect(await header('1,2.5\n2,3.5\n3,4.5\n')).toEqual([false, 'detected', 'column 1', 3]);
    expect(await header('2019,2020\n5,6\n7,8\n')).toEqual([true, 'assumed', '2019', 2]);
    expect(await header('city,2024-01-01\nRome,5\nOslo,6\n')).toEqual([true, 'assumed', 'city', 2]);
    expect(await header('Li,Rome\nWang,Oslo\n', { header: false })).toEqual([false, 'given', 'column 1', 2]);
    expect(await header('1,2\n3,4\n5,6\n', { header: true })).toEqual([true, 'given', '1', 2]);
  });
});

describe('S156 the analysis', () => {
  it('S156 tells types, blanks, how many differ, and samples', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => `${n},${n}.50,2026-01-${String(1 + (n % 28)).padStart(2, '0')} 08:00,2026/1/${1 + (n % 28)},c${n}@example.com,138001380${String(n).padStart(2, '0')},${n % 2 ? '是' : '否'},a|b${n},${n % 3 ? 'Rome' : ''},`);
    const { analysis } = await read(Buffer.from(`id,price,at,day,mail,tel,vip,tags,city,nothing\n${rows.join('\n')}\n`));
    expect(analysis.columns.map(({ name, type, blank, distinct }) => [name, type, blank, distinct])).toEqual([
      ['id', 'integer', 0, 30], ['price', 'amount', 0, 30], ['at', 'instant', 0, 28], ['day', 'date', 0, 28], ['mail', 'email', 0, 30],
      ['tel', 'phone', 0, 30], ['vip', 'boolean', 0, 2], ['tags', 'list', 0, 30], ['city', 'text', 10, 1], ['nothing', 'blank', 30, 0],
    ]);
    expect(analysis.columns[0]!.samples).toEqual(['0', '1', '2', '3', '4']);
    expect(analysis).toMatchObject({ linesLookedAt: 30, linesUnreadable: 0 });
  });

  it('S156 looks at no record that the end of the first piece may have cut', async () => {
    const { analysis, rows } = await read(Buffer.from(`id,note\n${Array.from({ length: 200 }, (_, n) => `${n},"${'x\n'.repeat(2000)}"`).join('\n')}\n`), {}, { cut: 65_536 });
    expect(analysis.linesUnreadable).toBe(0);
    expect(analysis.linesLookedAt).toBeLessThan(200);
    expect(rows.length).toBe(200);
  });

  it('S156 of NDJSON goes by path', async () => {
    const { analysis } = await read(Buffer.from('{"id":1,"who":{"mail":"a@example.com"},"tags":["x","y"]}\n{"id":2,"who":{"mail":"b@example.com"}}\n'));
    expect(analysis.columns.map(({ name, type, blank }) => [name, type, blank])).toEqual([['id', 'integer', 0], ['who.mail', 'email', 0], ['tags', 'list', 1]]);
  });
});
