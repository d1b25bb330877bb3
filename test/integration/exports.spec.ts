import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import exceljs from 'exceljs';
import { ExportContent } from '../../src/integration/exports/persistence/export-content.js';
import { ForgetExports } from '../../src/integration/exports/use-cases/forget-exports.js';
import { SYSTEM } from '../../src/kernel/actor.js';
import { Imports } from '../../src/platform/transfer/imports.js';
import { email, phone, register } from '../customer/people.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { exportEnded, exportFile, fileOf, startExport, type ExportRequest } from '../support/export-file.js';
import { everythingStored } from '../support/table-hashes.js';
import { until } from '../support/until.js';

const PEOPLE = 1_150;
const CANARY = 'Canary Quillfeather';
const NOT_SAFE = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

function rowsOf(csv: Buffer): string[][] {
  return parse(csv.subarray(3), { record_delimiter: '\r\n' });
}

async function sheetsOf(file: Buffer): Promise<exceljs.CellValue[][][]> {
  const book = new exceljs.Workbook();
  await book.xlsx.load(file as unknown as ArrayBuffer);
  return book.worksheets.map((sheet) => {
    const rows: exceljs.CellValue[][] = [];
    const width = sheet.getRow(1).cellCount;
    sheet.eachRow((row) => rows.push(Array.from({ length: width }, (_, index) => row.getCell(index + 1).value)));
    return rows;
  });
}

/** A cell of a workbook as the same cell stands in CSV; amounts lose nothing but zeros at their end. */
function asText(cell: exceljs.CellValue): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell as string | number | boolean);
}

describe('exports', () => {
  let app: TestApp;
  let http: Http;
  let canaryId: string;

  beforeAll(async () => {
    app = await startApp({ workers: true });
    http = await app.asAdmin();
    canaryId = (await register(http, {
      name: CANARY, tags: ['vip', 'a|b'], note: '=HYPERLINK("http://x","y")', contactPoints: [phone('138 1234 5678'), phone('13800000002'), email('li@example.com')],
      externalIds: [{ system: 'shop', id: '007' }], addresses: [{ label: 'home', city: '上海', country: 'CN' }, { city: '成都' }], bornOn: '1990-06-15',
    })).id;
    const lines = Array.from({ length: PEOPLE }, (_, at) => ({ line: at + 2, values: { 'externalIds.bulk': String(at), name: `客户${at}`, tags: at % 2 ? 'odd' : 'even' } }));
    await app.database.transaction(SYSTEM, (tx) => app.get(Imports).get('customers')!.apply(tx, lines, { timeZone: 'UTC', currency: 'CNY' }));
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => app?.close());

  it('say what can be had', async () => {
    const { body } = await http.get('/v1/exports/resources').expect(200);
    const { data } = body as { data: { resource: string; columns: { name: string }[]; filters: { name: string }[] }[] };
    expect(data.map(({ resource }) => resource)).toEqual(['customers', 'fulfilments', 'order-lines', 'orders', 'payments', 'products', 'refunds']);
    expect(data[0]).toMatchObject({ permission: 'customer:read', columns: expect.arrayContaining([expect.objectContaining({ name: 'phone', derived: false })]), filters: expect.arrayContaining([expect.objectContaining({ name: 'tagsAny', many: true })]) });
    // What tells who somebody is would be kept with the export.
    expect(data[0]!.filters.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['phone', 'email', 'q']));
  });

  it('have a line for each record, and one more for what does not fit', async () => {
    const started = await http.post('/v1/exports').send({ resource: 'customers', format: 'csv', filters: { tagsAny: ['vip'] }, columns: ['id', 'name', 'phone', 'address.city', 'tags', 'note'] }).expect(202);
    const { id } = started.body as { id: string };
    expect(started.headers['location']).toBe(`/v1/operations/${id}`);
    expect(await exportEnded(http, id)).toMatchObject({ status: 'succeeded', progress: { done: 1, total: 1 }, lines: 2, fileName: expect.stringMatching(/^customers-\d{8}-\d{4}\.csv$/) });
    expect((await http.get(`/v1/operations/${id}`).expect(200)).body).toMatchObject({ kind: 'integration.export', result: { resource: 'customers', records: 1, lines: 2 } });
    expect(rowsOf(await fileOf(http, id))).toEqual([
      ['id', 'name', 'phone', 'address.city', 'tags', 'note'],
      [canaryId, CANARY, '138 1234 5678', '上海', 'a\\|b|vip', `'=HYPERLINK("http://x","y")`],
      [canaryId, '', '13800000002', '成都', '', ''],
    ]);
  });

  it('show instants in the zone asked for, and what is worked out if it is asked for', async () => {
    const ask: ExportRequest = { resource: 'customers', filters: { tagsAny: ['vip'] }, columns: ['createdAt', 'orderCount', 'totalSpent', 'lastOrderAt'], timeZone: 'Asia/Shanghai' };
    expect(rowsOf(await exportFile(http, ask))[1]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/), '0', '0.00', '']);
  });

  it('are packed on demand, page by page', async () => {
    const packed = await exportFile(http, { resource: 'customers', compress: true });
    expect(gunzipSync(packed)).toEqual(await exportFile(http, { resource: 'customers' }));
    expect(packed.length).toBeLessThan(gunzipSync(packed).length / 3);
  });

  it('in NDJSON nest what the names of the columns nest', async () => {
    const lines = (await exportFile(http, { resource: 'customers', format: 'ndjson', filters: { tagsAny: ['vip'] } })).toString().trim().split('\n').map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([{ id: canaryId, externalIds: { shop: '007' }, address: { city: '上海' }, tags: ['a|b', 'vip'], phone: '138 1234 5678' }, { id: canaryId, phone: '13800000002' }]);
  });

  it('G43 hold the same cells in a workbook, dates as dates and text as text that is never run', async () => {
    const [csv, file] = [rowsOf(await exportFile(http, { resource: 'customers' })), await exportFile(http, { resource: 'customers', format: 'xlsx' })];
    const [sheet] = await sheetsOf(file);
    const raw = csv.map((row) => row.map((cell) => (cell.startsWith("'=") ? cell.slice(1) : cell)));
    const bornOn = raw[0]!.indexOf('bornOn');
    expect(sheet!.map((row) => row.map((cell, at) => (at === bornOn ? asText(cell).slice(0, 10) : asText(cell))))).toEqual(raw);
    expect(csv.flat().filter((cell) => NOT_SAFE.test(cell) && !/^[+-]?\d[\d.,]*$/.test(cell))).toEqual([]);
    const createdAt = sheet![0]!.indexOf('createdAt');
    expect(sheet![1]![createdAt]).toBeInstanceOf(Date);
  });

  it.each([
    [{ resource: 'leads' }, '/resource', 'unknown_resource'],
    [{ resource: 'customers', columns: ['name', 'shoeSize'] }, '/columns/1', 'unknown_column'],
    [{ resource: 'customers', columns: ['name', 'name'] }, '/columns/1', 'given_twice'],
    [{ resource: 'customers', filters: { q: '李' } }, '/filters/q', 'unknown_filter'],
    [{ resource: 'customers', filters: { tagsAny: 'vip' } }, '/filters/tagsAny', 'invalid_filter'],
    [{ resource: 'customers', filters: { orderCountGte: -1 } }, '/filters/orderCountGte', 'invalid_filter'],
    [{ resource: 'orders', filters: { status: ['lost'] } }, '/filters/status', 'invalid_filter'],
    [{ resource: 'orders', filters: { placedAtGte: '2026-01-15' } }, '/filters/placedAtGte', 'invalid_filter'],
    [{ resource: 'orders', filters: { customerId: "x' or 1=1" } }, '/filters/customerId', 'invalid_filter'],
    [{ resource: 'customers', format: 'xlsx', compress: true }, '/compress', 'already_packed'],
  ])('refuse %j with where and why', async (ask, pointer, code) => {
    const { body } = await http.post('/v1/exports').send({ format: 'csv', ...ask }).expect(422);
    expect(body).toMatchObject({ code: 'export_does_not_fit', errors: [{ pointer, code, detail: expect.stringMatching(/\w/) }] });
  });

  it('B11 are for those who may export and may read what is in them, and seen by who asked for them only', async () => {
    const viewer = await app.as('viewer');
    await viewer.post('/v1/exports').send({ resource: 'customers', format: 'csv' }).expect(403);
    const key = (await http.post('/v1/api-keys').send({ name: 'Products only', scopes: ['export:run', 'product:read', 'operation:read'] }).expect(201)).body as { key: string };
    const half = (method: 'get' | 'post', path: string) => app.http[method](path).set('Authorization', `Bearer ${key.key}`);
    expect((await half('post', '/v1/exports').send({ resource: 'customers', format: 'csv' }).expect(403)).body).toMatchObject({ code: 'permission_missing', detail: expect.stringContaining('customer:read') });
    await half('post', '/v1/exports').send({ resource: 'products', format: 'csv' }).expect(202);

    const id = await startExport(http, { resource: 'customers' });
    await exportEnded(http, id);
    for (const path of [`/v1/exports/${id}`, `/v1/exports/${id}/file`]) {
      await (await app.as('manager')).get(path).expect(404);
      await half('get', path).expect(404);
    }
  });

  it('come whole, in parts, or not at all where the reader has them', async () => {
    const id = await startExport(http, { resource: 'customers' });
    const { bytes, fileName } = await exportEnded(http, id);
    const whole = await http.get(`/v1/exports/${id}/file`).expect(200);
    expect(whole.headers).toMatchObject({
      'content-length': String(bytes), 'accept-ranges': 'bytes', etag: `"${id}"`, 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': `attachment; filename="${fileName}"`,
    });
    const file = await fileOf(http, id);
    expect(file.length).toBe(bytes);
    await http.get(`/v1/exports/${id}/file`).set('If-None-Match', `"${id}"`).expect(304);
    for (const [from, to] of [[0, 9], [bytes - 10, bytes - 1], [40_000, 90_000]] as const) {
      const part = await http.get(`/v1/exports/${id}/file`).set('Range', `bytes=${from}-${to}`).expect(206);
      expect(part.headers['content-range']).toBe(`bytes ${from}-${to}/${bytes}`);
      expect(Number(part.headers['content-length'])).toBe(to - from + 1);
      if (from === 0) expect(part.text).toBe(file.subarray(0, 10).toString());
    }
  });

  it('cut off in the middle are gone on with behind the last page, and the file is as if nothing had happened', async () => {
    const expected = await exportFile(http, { resource: 'customers' });
    const [book] = await sheetsOf(await exportFile(http, { resource: 'customers', format: 'xlsx' }));
    for (const format of ['csv', 'xlsx'] as const) {
      const content = app.get(ExportContent);
      const add = content.add.bind(content);
      let pages = 0;
      jest.spyOn(content, 'add').mockImplementation(async (...given) => {
        await add(...given);
        pages += 1;
        if (pages === 2) throw new Error('the machine went away');
      });
      const id = await startExport(http, { resource: 'customers', format });
      expect(await exportEnded(http, id)).toMatchObject({ status: 'succeeded', lines: PEOPLE + 2, progress: { done: PEOPLE + 1, total: PEOPLE + 1 } });
      expect(pages).toBe(4);
      const file = await fileOf(http, id);
      if (format === 'csv') expect(file).toEqual(expected);
      else expect(await sheetsOf(file)).toEqual([book]);
      jest.restoreAllMocks();
    }
  });

  it('G27 lie nowhere in clear, and what was read is written down', async () => {
    const id = await startExport(http, { resource: 'customers', filters: { tagsAny: ['vip'] } });
    await exportEnded(http, id);
    await fileOf(http, id);
    const all = await everythingStored(app);
    for (const form of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64').slice(0, -4)]) expect(all.includes(form)).toBe(false);
    const entries = await until('the audit of the export', async () => {
      const { body } = await http.get('/v1/audit-entries').query({ subjectId: id, limit: 50 }).expect(200);
      const { data } = body as { data: { action: string; details: Record<string, unknown> }[] };
      return data.length >= 4 && data;
    });
    expect(entries.map(({ action }) => action).sort()).toEqual(['customers.exported', 'export.downloaded', 'export.started', 'operation.started']);
    expect(entries.find(({ action }) => action === 'customers.exported')!.details).toMatchObject({ records: 1, filters: '{"tagsAny":["vip"]}' });
  });

  it('are deleted with their keys when their time is up', async () => {
    const id = await startExport(http, { resource: 'customers' });
    expect(Date.parse((await exportEnded(http, id)).expiresAt!)).toBeGreaterThan(Date.now() + 6.9 * 86_400_000);
    await app.asOwner(`update integration.export set expires_at = now() - interval '1 second' where operation_id = $1`, [id]);
    await app.get(ForgetExports).run();
    await http.get(`/v1/exports/${id}`).expect(404);
    await http.get(`/v1/exports/${id}/file`).expect(404);
    expect(await app.asOwner('select 1 from integration.export_piece where operation_id = $1', [id])).toEqual([]);
  });
});

describe('an export that nobody works on', () => {
  it('gives no file before it is whole, and can be cancelled', async () => {
    const app = await startApp();
    try {
      const http = await app.asAdmin();
      const id = await startExport(http, { resource: 'customers' });
      expect((await http.get(`/v1/exports/${id}/file`).expect(409)).body).toMatchObject({ code: 'export_not_ready' });
      await http.post(`/v1/operations/${id}/cancel`).send({}).expect(200);
      expect(await exportEnded(http, id)).toMatchObject({ status: 'cancelled', expiresAt: null });
    } finally {
      await app.close();
    }
  });
});
