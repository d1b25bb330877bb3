import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import exceljs from 'exceljs';
import fc from 'fast-check';
import { SumTagCounts } from '../../src/customer/use-cases/sum-tag-counts.js';
import { Exports } from '../../src/platform/transfer/exports.js';
import { Imports } from '../../src/platform/transfer/imports.js';
import { columnNamed } from '../../src/platform/transfer/import-definition.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { exportEnded, fileOf, startExport } from '../support/export-file.js';
import { importFile, problemsOf } from '../support/import-file.js';
import { describeWithData, sharedText } from '../support/shared-data.js';
import { tableHashes } from '../support/table-hashes.js';
import { fillWith, storable } from './everything.js';

/** In this order, so that each finds what it speaks of. */
const RESOURCES = ['products', 'customers', 'orders', 'order-lines', 'payments', 'refunds', 'fulfilments'] as const;
const FORMATS = { csv: 'text/csv', ndjson: 'application/x-ndjson', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const;
type Format = keyof typeof FORMATS;

/** OWASP "CSV Injection", and the variants that got past naive guards. */
const FORMULAS = [
  '=1+1', "=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", '@SUM(1+1)*cmd', '=HYPERLINK("http://x","y")', "'=1+1", "''=1+1", '＝1+1', '";=1+1', ',=1+1', '=1+1;=2',
  '-5.00', '+8613800138000', '%0A=1+1',
];

interface Taken {
  readonly columns: readonly string[];
  readonly file: Buffer;
  readonly lines: number;
}

async function takeOut(http: Http, resource: string, format: Format): Promise<Taken> {
  const { id, status, columns, lines } = await exportEnded(http, await startExport(http, { resource, format }), 120);
  expect(status).toBe('succeeded');
  return { columns, lines, file: await fileOf(http, id) };
}

async function bringIn(http: Http, resource: string, format: Format, { file, columns }: Taken) {
  const mapping = Object.fromEntries(columns.map((column) => [column, column]));
  const { id, counts } = await importFile(http, file, { resource, mapping }, FORMATS[format], 120);
  return { counts, problems: await problemsOf(http, id) };
}

/** Lines of a text, or rows of a workbook, which has the time at which it was made in it. */
async function rowsOf(format: Format, file: Buffer): Promise<readonly unknown[]> {
  if (format !== 'xlsx') return file.toString().split('\n');
  const book = new exceljs.Workbook();
  await book.xlsx.load(file as unknown as ArrayBuffer);
  return book.worksheets.map((sheet) => sheet.getSheetValues());
}

/** Records of the contexts, and all they told. */
async function stored(app: TestApp): Promise<Record<string, string>> {
  await app.drainEvents();
  await app.get(SumTagCounts).run();
  const hashes = await tableHashes(app);
  return Object.fromEntries(Object.entries(hashes).filter(([table]) => /^(?:customer|sales|vault)\.|^platform\.event_log/.test(table)));
}

function roundTrip(texts: () => readonly string[], everywhere: number) {
  let app: TestApp;
  let http: Http;
  const taken = new Map<string, Taken>();

  beforeAll(async () => {
    app = await startApp({ workers: true });
    http = await app.asAdmin();
    await fillWith(http, storable(texts()), everywhere);
    for (const format of Object.keys(FORMATS) as Format[]) for (const resource of RESOURCES) taken.set(`${resource}.${format}`, await takeOut(http, resource, format));
  }, 240_000);
  afterAll(() => app?.close());

  it.each(Object.keys(FORMATS) as Format[])('S157 %s into the same installation: every line is known, nothing is written, nothing is told', async (format) => {
    const before = await stored(app);
    for (const resource of RESOURCES) {
      const file = taken.get(`${resource}.${format}`)!;
      expect({ resource, ...(await bringIn(http, resource, format, file)) }).toEqual({ resource, counts: { created: 0, updated: 0, unchanged: file.lines, skipped: 0, refused: 0 }, problems: [] });
    }
    expect(await stored(app)).toEqual(before);
  }, 240_000);

  it.each(Object.keys(FORMATS) as Format[])('S157 %s into an empty installation: what is taken out of that is the same, cell by cell', async (format) => {
    const other = await startApp({ workers: true });
    try {
      const there = await other.asAdmin();
      for (const resource of RESOURCES) {
        const { counts, problems } = await bringIn(there, resource, format, taken.get(`${resource}.${format}`)!);
        expect({ resource, refused: counts.refused, problems }).toEqual({ resource, refused: 0, problems: [] });
      }
      for (const resource of RESOURCES) {
        const [here, copy] = [taken.get(`${resource}.${format}`)!, await takeOut(there, resource, format)];
        expect(await rowsOf(format, copy.file)).toEqual(await rowsOf(format, here.file));
      }
      const figures = 'select count(*)::int as orders, sum(total_minor)::text as total, sum(paid_minor)::text as paid, sum(authorized_minor)::text as authorized, sum(refunded_minor)::text as refunded from sales.order_header';
      expect(await other.asOwner(figures)).toEqual(await app.asOwner(figures));
    } finally {
      await other.close();
    }
  }, 240_000);
}

describe('what is taken out and brought in again', () => {
  // The same every time, so that a failure can be looked into.
  const strange = fc.sample(fc.string({ unit: fc.constantFrom('"', "'", ',', ';', '|', '\\', '\n', '\r\n', '\t', '=', '-', '中', '😀', 'e\u0301', '\u200b', '\u0001', '\ufeff', 'a', ' ', '_x000D_'), minLength: 1, maxLength: 12 }), { seed: 157, numRuns: 60 });
  roundTrip(() => [...FORMULAS, ...strange], FORMULAS.length);
});

describeWithData('what naughty strings become on the way out and in again', () => {
  roundTrip(() => JSON.parse(sharedText('nasty', 'strings', 'blns.json')) as string[], 0);
});

describe('the columns of an export', () => {
  it('are those of the import of the same name, or worked out from them', async () => {
    const app = await startApp();
    try {
      for (const definition of app.get(Exports).all()) {
        const imported = app.get(Imports).get(definition.resource);
        const strangers = definition.columns.filter(({ name, type, derived }) => !derived && columnNamed(imported!, name)?.type !== type);
        expect({ resource: definition.resource, strangers }).toEqual({ resource: definition.resource, strangers: [] });
      }
    } finally {
      await app.close();
    }
  });
});
