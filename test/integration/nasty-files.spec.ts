import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { plainNumber } from '../../src/integration/files/domain/cell-number.js';
import { UploadContent } from '../../src/integration/files/persistence/upload-content.js';
import { UploadRepository } from '../../src/integration/files/persistence/upload.repository.js';
import { fileLines } from '../../src/integration/files/use-cases/file-lines.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { forgetGadgets, GadgetModule, makeGadgetTables } from '../support/gadgets.js';
import { importEnded, startImport } from '../support/import-file.js';
import { describeWithData, sharedBytes, sharedPath, sharedText } from '../support/shared-data.js';

const spectrum = (): string[] => readdirSync(sharedPath('nasty', 'csv_spectrum', 'csvs'));

/** Where the set's JSON does not say what its CSV says. */
const ERRATA: Readonly<Record<string, Record<string, string>>> = { 'location_coordinates.csv': { 'Contact Phone Number': '2095257564' } };

/** Files that are no table, with why each is refused; every other one must go in. */
const REFUSED: Readonly<Record<string, string>> = { 'unicode_sheet_name.xls': 'not_a_table' };

let app: TestApp;
let http: Http;

/** Every line of a file, as an import would read it. */
async function rowsOf(under: TestApp, client: Http, bytes: Buffer, query: Record<string, string> = {}): Promise<(readonly string[])[]> {
  const { body } = await client.post('/v1/uploads').query(query).set('Content-Type', 'application/octet-stream').send(bytes).expect(201);
  const upload = (await under.get(UploadRepository).get(under.database, body.id))!;
  const rows: (readonly string[])[] = [];
  for await (const { cells } of fileLines(upload, under.get(UploadContent).read(upload))) rows.push(upload.columns.map((_, at) => cells[at] ?? ''));
  return rows;
}

describeWithData('S156 files seen in the wild', () => {
  beforeAll(async () => {
    app = await startApp({ workers: true, modules: [GadgetModule] });
    await makeGadgetTables(app);
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());
  beforeEach(() => forgetGadgets(app));

  it('S156 csv-spectrum: every file is read cell by cell as its JSON says', async () => {
    for (const file of spectrum()) {
      const name = file.replace('.csv', '');
      const expected = JSON.parse(sharedText('nasty', 'csv_spectrum', 'json', `${name}.json`)) as Record<string, string> | Record<string, string>[];
      const { body } = await http.post('/v1/uploads').set('Content-Type', 'text/csv').send(sharedBytes('nasty', 'csv_spectrum', 'csvs', file)).expect(201);
      const rows = [expected].flat().slice(0, 5).map((row) => ({ ...row, ...ERRATA[file] }));
      expect({ file, read: body.sample }).toEqual({ file, read: rows });
      const [code, other = code] = body.columns as string[];
      const done = await importEnded(http, await startImport(http, body.id, { resource: 'gadgets', mapping: { code, name: other } }));
      expect({ file, status: done.status, refused: done.counts.refused }).toEqual({ file, status: 'succeeded', refused: 0 });
    }
  });

  it.each<[file: readonly string[], query: Record<string, string>, facts: Record<string, unknown>, lines: number, types: readonly string[]]>([
    [['nasty', 'messytables', 'characters.csv'], {}, { encoding: 'big5', encodingGrounds: 'likely', delimiter: ',' }, 382, ['text', 'text', 'text', 'text']],
    [['nasty', 'messytables', 'spanish_chars.csv'], {}, { encoding: 'windows-1252', header: true }, 115, []],
    [['nasty', 'messytables', 'utf-16le_encoded.csv'], {}, { encoding: 'utf-16le', encodingGrounds: 'byte_order_mark' }, 327, ['text', 'text', 'text', 'text', 'integer']],
    [['nasty', 'messytables', 'simple.psv'], {}, { delimiter: '|' }, 28, ['integer', 'integer', 'integer', 'integer', 'integer', 'integer']],
    [['nasty', 'messytables', 'simple.ssv'], {}, { delimiter: ';' }, 6, ['date', 'integer', 'text']],
    [['nasty', 'messytables', 'example.tsv'], {}, { delimiter: '\t', header: true }, 140, ['instant', 'integer']],
    [['nasty', 'messytables', 'simple.xlsx'], {}, { format: 'xlsx', sheet: 'simple.csv', lines: 7 }, 6, ['date', 'integer', 'text']],
    [['nasty', 'encodings', 'olist_reviews_latin1.csv'], {}, { encoding: 'windows-1252' }, 300, ['text', 'text', 'integer']],
    [['ecommerce_churn', 'E_Commerce_Dataset.xlsx'], { sheet: 'E Comm' }, { format: 'xlsx', sheet: 'E Comm', lines: 5631 }, 1000, ['integer', 'integer', 'integer', 'text', 'integer', 'integer', 'text']],
    [['tmall_orders', 'tmall_order_report.csv.gz'], {}, { encoding: 'utf-8', lines: 28_011 }, 1000, ['integer', 'amount', 'amount', 'text', 'instant', 'instant', 'amount']],
    [['marketing_campaign', 'marketing_campaign.csv'], {}, { delimiter: '\t', lines: 2241 }, 1000, ['integer', 'integer', 'text', 'text', 'integer', 'integer', 'integer', 'date']],
    [['cdnow', 'CDNOW_sample.txt'], { delimiter: ' ' }, { delimiter: ' ', header: false, headerGrounds: 'detected', lines: 6919 }, 1000, ['integer', 'integer', 'date', 'integer', 'amount']],
  ])('S156 %p is understood', async (file, query, facts, lines, types) => {
    const { body: upload } = await http.post('/v1/uploads').query(query).set('Content-Type', 'application/octet-stream').send(sharedBytes(...file)).expect(201);
    const { body } = await http.get(`/v1/uploads/${upload.id}/analysis`).expect(200);
    expect(body).toMatchObject({ ...facts, linesLookedAt: lines, linesUnreadable: 0 });
    expect((body.columns as { type: string }[]).slice(0, types.length).map(({ type }) => type)).toEqual(types);
    const [reads] = await app.asOwner<{ count: number }>(
      `select count(*)::int from (select action, subject_ids from platform.audit_inbox union all select action, subject_ids from platform.audit_log) as audit
        where action = 'upload.read' and $1 = any(subject_ids)`, [upload.id]);
    expect(reads).toEqual({ count: 2 });
  });

  it('S156 the sheet of a workbook holds the same cells as the CSV that was made of it', async () => {
    const pieces = { xlsx: sharedBytes('ecommerce_churn', 'E_Commerce_Dataset.xlsx'), csv: sharedBytes('ecommerce_churn', 'ecommerce_churn.csv') };
    const rows = await Promise.all([rowsOf(app, http, pieces.xlsx, { sheet: 'E Comm' }), rowsOf(app, http, pieces.csv)]);
    expect(rows[0].length).toBe(5630);
    // Whoever made the CSV wrote the noise of floating point out, 231.08999999999997 where the sheet shows 231.09.
    expect(rows[0]).toEqual(rows[1].map((row) => row.map(plainNumber)));
  });

  it('S156 messytables: every file is imported, line by line or not, or refused with a reason', async () => {
    for (const file of readdirSync(sharedPath('nasty', 'messytables'))) {
      const answer = await http.post('/v1/uploads').set('Content-Type', 'application/octet-stream').send(sharedBytes('nasty', 'messytables', file));
      expect({ file, status: answer.status, code: answer.body.code }).toEqual(
        REFUSED[file] === undefined ? { file, status: 201, code: undefined } : { file, status: 422, code: REFUSED[file] },
      );
      if (answer.status !== 201) continue;
      const [code] = answer.body.columns as string[];
      const done = await importEnded(http, await startImport(http, answer.body.id, { resource: 'gadgets', mapping: { code } }));
      const { created, updated, unchanged, refused } = done.counts;
      expect({ file, status: done.status }).toEqual({ file, status: 'succeeded' });
      expect(created + updated + unchanged + refused).toBeLessThanOrEqual(answer.body.lines);
    }
  });

  it('S156 the same orders in four encodings and dialects come to the same gadgets', async () => {
    const tables: object[] = [];
    for (const file of ['tmall_orders_1000_utf8_lf.csv', 'tmall_orders_1000_utf8bom_crlf.csv', 'tmall_orders_1000_utf16le_bom_tab.csv', 'tmall_orders_1000_gbk_crlf.csv']) {
      await forgetGadgets(app);
      const { body } = await http.post('/v1/uploads').set('Content-Type', 'application/octet-stream').send(sharedBytes('nasty', 'encodings', file)).expect(201);
      const done = await importEnded(http, await startImport(http, body.id, { resource: 'gadgets', mapping: { code: '订单编号', name: '收货地址' } }));
      expect({ file, counts: done.counts }).toEqual({ file, counts: { created: 1000, updated: 0, unchanged: 0, skipped: 0, refused: 0 } });
      tables.push(await app.asOwner('select code, name from public.gadget order by code'));
    }
    for (const table of tables.slice(1)) expect(table).toEqual(tables[0]);
  });

  it('S156 naughty strings go in as they are, or are refused by name', async () => {
    const strings = JSON.parse(sharedText('nasty', 'strings', 'blns.json')) as string[];
    const lines = strings.map((name, n) => JSON.stringify({ code: `N-${n}`, name })).join('\n');
    const { body } = await http.post('/v1/uploads').set('Content-Type', 'application/x-ndjson').send(lines).expect(201);
    const done = await importEnded(http, await startImport(http, body.id, { resource: 'gadgets', mapping: { code: 'code', name: 'name' } }));
    expect(done.counts).toMatchObject({ created: strings.length, refused: 0 });
    const rows = await app.asOwner<{ code: string; name: string | null }>('select code, name from public.gadget');
    const read = new Map(rows.map(({ code, name }) => [code, name]));
    expect(strings.map((_, n) => read.get(`N-${n}`) ?? '')).toEqual(strings.map((text) => text.trim()));
  });
});
