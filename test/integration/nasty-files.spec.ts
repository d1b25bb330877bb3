import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
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

  it('S156 the same orders in two encodings and dialects come to the same gadgets', async () => {
    const tables: object[] = [];
    for (const file of ['tmall_orders_1000_utf8_lf.csv', 'tmall_orders_1000_utf8bom_crlf.csv', 'tmall_orders_1000_utf16le_bom_tab.csv']) {
      await forgetGadgets(app);
      const { body } = await http.post('/v1/uploads').set('Content-Type', 'application/octet-stream').send(sharedBytes('nasty', 'encodings', file)).expect(201);
      const done = await importEnded(http, await startImport(http, body.id, { resource: 'gadgets', mapping: { code: '订单编号', name: '收货地址' } }));
      expect({ file, counts: done.counts }).toEqual({ file, counts: { created: 1000, updated: 0, unchanged: 0, refused: 0 } });
      tables.push(await app.asOwner('select code, name from public.gadget order by code'));
    }
    expect(tables[1]).toEqual(tables[0]);
    expect(tables[2]).toEqual(tables[0]);
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
