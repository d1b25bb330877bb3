import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { SYSTEM } from '../../src/kernel/actor.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { everyPage } from '../support/every-page.js';
import { forgetGadgets, GadgetModule, gadgets, makeGadgetTables } from '../support/gadgets.js';
import { importEnded, importFile, problemsOf, startImport, uploadFile } from '../support/import-file.js';
import { until } from '../support/until.js';

const MAPPING = { code: 'Number', name: 'Name', price: 'Price' };
const GADGETS = { resource: 'gadgets', mapping: MAPPING };

/** `count` good lines below a header. */
function csv(count: number): string {
  return `Number,Name,Price\n${Array.from({ length: count }, (_, n) => `G-${n},"Lamp, model ${n}",${n}\n`).join('')}`;
}

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true, modules: [GadgetModule] });
  await makeGadgetTables(app);
  http = await app.asAdmin();
});
afterAll(() => app?.close());
beforeEach(() => forgetGadgets(app));

/** How many times a line was applied for good, over all lines. */
async function applied(): Promise<{ lines: number; distinct: number; gadgets: number }> {
  const [row] = await app.asOwner<{ lines: number; distinct: number; gadgets: number }>(
    'select count(*)::int as lines, count(distinct line)::int as "distinct", (select count(*)::int from public.gadget) as gadgets from public.gadget_line');
  return row!;
}

describe('S156 an import', () => {
  it('S156 shows what can be imported, how the file was understood, and what became of each line', async () => {
    const { body: resources } = await http.get('/v1/imports/resources').expect(200);
    expect(resources.data.find((one: { resource: string }) => one.resource === 'gadgets')).toMatchObject({
      permission: 'product:write', columns: [{ name: 'code', required: true, type: 'text', example: 'G-1' }, { name: 'name' }, { name: 'price' }, { name: 'externalIds.<system>', required: false }],
    });
    const { body: upload, headers } = await http.post('/v1/uploads?name=gadgets.csv').set('Content-Type', 'text/csv').send('Number;Name;Price\r\n1;客;5\r\n2;"B;C";6\r\n').expect(201);
    expect(headers['location']).toBe(`/v1/uploads/${upload.id}`);
    expect(upload).toMatchObject({
      name: 'gadgets.csv', format: 'csv', delimiter: ';', encoding: 'utf-8', columns: ['Number', 'Name', 'Price'], lines: 3, bytes: 39, imported: false,
      sample: [{ Number: '1', Name: '客', Price: '5' }, { Number: '2', Name: 'B;C', Price: '6' }],
    });
    const accepted = await http.post('/v1/imports').send({ uploadId: upload.id, ...GADGETS, options: { timeZone: 'America/Sao_Paulo', currency: 'BRL' } }).expect(202);
    expect(accepted.headers['location']).toBe(`/v1/operations/${accepted.body.id}`);
    expect(accepted.body).toMatchObject({ kind: 'integration.import', progress: { done: 0, total: 2 } });
    expect(await importEnded(http, accepted.body.id)).toMatchObject({
      status: 'succeeded', resource: 'gadgets', uploadId: upload.id, dryRun: false, progress: { done: 2, total: 2 }, counts: { created: 2, updated: 0, unchanged: 0, skipped: 0, refused: 0 },
    });
    expect(gadgets.lastSettings).toMatchObject({ timeZone: 'America/Sao_Paulo', currency: 'BRL' });
    const { body: operation } = await http.get(`/v1/operations/${accepted.body.id}`).expect(200);
    expect(operation.result).toEqual({ resource: 'gadgets', dryRun: false, created: 2, updated: 0, unchanged: 0, skipped: 0, refused: 0 });
  });

  it('S156 of the same file twice changes nothing the second time', async () => {
    expect((await importFile(http, csv(5000), GADGETS)).counts).toEqual({ created: 5000, updated: 0, unchanged: 0, skipped: 0, refused: 0 });
    expect((await importFile(http, csv(5000), GADGETS)).counts).toEqual({ created: 0, updated: 0, unchanged: 5000, skipped: 0, refused: 0 });
  });

  it('S156 reports wrong lines by number with the reason, gives them back mendable, and takes the rest', async () => {
    const file = 'Number,Name,Price\n1,Lamp,10\n,Nameless,5\n3,"=cmd|\' /C calc\'!A0",dear\n4,"two\nlines",7\n5,short\n6,a,1,spilt\n7,"open\n';
    const done = await importFile(http, file, GADGETS);
    expect(done).toMatchObject({ status: 'succeeded', counts: { created: 3, updated: 0, unchanged: 0, skipped: 0, refused: 4 } });
    expect((await problemsOf(http, done.id)).map(({ line, column, code }) => [line, column, code])).toEqual([
      [3, 'code', 'required'], [4, 'price', 'not_a_number'], [8, null, 'too_many_cells'], [9, null, 'quote_not_closed'],
    ]);
    const answer = await http.get(`/v1/imports/${done.id}/problems.csv`).expect(200).expect('Content-Type', 'text/csv; charset=utf-8');
    const rows = parse(answer.text, { bom: true, relax_column_count: true }) as string[][];
    expect(rows).toEqual([
      ['Number', 'Name', 'Price', 'problem'],
      ['', 'Nameless', '5', 'Line 3: Number (code): A gadget needs a code. Fill it in.'],
      ['3', "'=cmd|' /C calc'!A0", 'dear', 'Line 4: Price (price): "dear" is no whole number. Write digits only.'],
      ['6', 'a', '1', expect.stringContaining('Line 8: This line has 4 cells and the header 3'), 'spilt'],
      ['', '', '', expect.stringContaining('Line 9: This line opens a quote that is never closed'), '7,"open'],
    ]);
    const mended = answer.text.replace('\r\n,Nameless', '\r\n2,Nameless').replace('dear', '9');
    expect((await importFile(http, mended, GADGETS)).counts).toEqual({ created: 2, updated: 0, unchanged: 0, skipped: 0, refused: 2 });
    expect(await app.asOwner("select name from public.gadget where code = '3'")).toEqual([{ name: "=cmd|' /C calc'!A0" }]);
  });

  it('S156 pages problems without gaps', async () => {
    const done = await importFile(http, `Number,Name,Price\n${'1,x,dear\n'.repeat(450)}`, GADGETS);
    const problems = await everyPage<{ line: number }>(http, `/v1/imports/${done.id}/problems?limit=200`);
    expect(problems.map(({ line }) => line)).toEqual(Array.from({ length: 450 }, (_, n) => n + 2));
  });

  it('S156 sets a line apart that only the database refuses, or that our code stumbles over, and takes all others', async () => {
    const lines = csv(5000).split('\n');
    lines[1234] = 'G-poison,below zero,-5';
    lines[4321] = 'G-odd,TypeError,5';
    const done = await importFile(http, lines.join('\n'), GADGETS);
    expect(done).toMatchObject({ status: 'succeeded', counts: { created: 4998, refused: 2 } });
    expect((await problemsOf(http, done.id)).map(({ line, code }) => [line, code])).toEqual([[1235, 'inconsistent'], [4322, 'unexpected']]);
    expect(await applied()).toEqual({ lines: 4998, distinct: 4998, gadgets: 4998 });
  });

  it('S156 tried out says what would come of it and changes nothing; the same upload then is imported', async () => {
    await importFile(http, 'Number,Name,Price\nG-0,old,1\n', GADGETS);
    await app.asOwner('truncate public.gadget_line');
    const events = await app.asOwner('select count(*) from platform.outbox');
    const uploadId = await uploadFile(http, `${csv(4000)}${'bad,x,dear\n'.repeat(150)}`);
    const trial = await importEnded(http, await startImport(http, uploadId, { ...GADGETS, options: { dryRun: true } }));
    expect(trial).toMatchObject({ status: 'succeeded', dryRun: true, counts: { created: 3999, updated: 1, unchanged: 0, skipped: 0, refused: 150 } });
    expect(await problemsOf(http, trial.id)).toHaveLength(100);
    expect(await applied()).toEqual({ lines: 0, distinct: 0, gadgets: 1 });
    expect(await app.asOwner('select count(*) from platform.outbox')).toEqual(events);
    const real = await importEnded(http, await startImport(http, uploadId, GADGETS));
    expect(real.counts).toEqual(trial.counts);
    await until('its lines to be deleted', async () => (await http.get(`/v1/uploads/${uploadId}`).expect(200)).body.imported);
    await http.post('/v1/imports').send({ uploadId, ...GADGETS }).expect(409).expect(({ body }) => expect(body.code).toBe('upload_used'));
    expect(await app.asOwner('select count(*)::int as pieces from integration.upload_piece where upload_id = $1', [uploadId])).toEqual([{ pieces: 0 }]);
  });

  it('S156 cancelled stops at the next chunk and keeps what went in; resumed it ends with every line applied once', async () => {
    const gate = holdAt(3);
    const id = await startImport(http, await uploadFile(http, csv(10_000)), GADGETS);
    await gate.reached;
    await http.post(`/v1/operations/${id}/cancel`).expect(200);
    gate.open();
    const cancelled = await importEnded(http, id);
    expect(cancelled).toMatchObject({ status: 'cancelled', progress: { done: 3000, total: 10_000 }, counts: { created: 3000 } });
    expect(await applied()).toEqual({ lines: 3000, distinct: 3000, gadgets: 3000 });
    await http.post(`/v1/operations/${id}/resume`).expect(200);
    expect(await importEnded(http, id)).toMatchObject({ status: 'succeeded', counts: { created: 10_000 } });
    expect(await applied()).toEqual({ lines: 10_000, distinct: 10_000, gadgets: 10_000 });
  });

  it('S156 cut off between two commits goes on in the next process where the last chunk ended, with no line lost or doubled', async () => {
    const gate = holdAt(4);
    const id = await startImport(http, await uploadFile(http, `${csv(11_000)}bad,x,dear\n`), GADGETS);
    await gate.reached;
    const restarting = app.restart();
    gate.fail(Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' }));
    app = await restarting;
    http = await app.asAdmin();
    gadgets.beforeCommit = () => Promise.resolve();
    expect(await importEnded(http, id)).toMatchObject({ status: 'succeeded', counts: { created: 11_000, updated: 0, unchanged: 0, skipped: 0, refused: 1 } });
    expect(await applied()).toEqual({ lines: 11_000, distinct: 11_000, gadgets: 11_000 });
    expect(await problemsOf(http, id)).toHaveLength(1);
  });

  it('G10 done by two processes at once, one of which was taken for dead, applies every line once', async () => {
    const gate = holdAt(2);
    const id = await startImport(http, await uploadFile(http, `${csv(9000)}bad,x,dear\n`), GADGETS);
    await gate.reached;
    const { handler } = app.get(Jobs).registered().find(({ kind }) => kind.name === 'operation.integration.import')!;
    const second = handler.run({
      id, payload: { operationId: id }, attempt: 2, isLastAttempt: false, signal: new AbortController().signal,
      once: (work) => app.database.transaction(SYSTEM, work),
    });
    gate.open();
    await second;
    expect(await importEnded(http, id)).toMatchObject({ status: 'succeeded', counts: { created: 9000, refused: 1 } });
    expect(await applied()).toEqual({ lines: 9000, distinct: 9000, gadgets: 9000 });
    expect(await problemsOf(http, id)).toHaveLength(1);
  });

  it('G42 of 200,000 lines is taken in chunks of 1,000, packed by gzip on the way', async () => {
    const done = await importFile(http, gzipSync(csv(200_000)), GADGETS, 'application/gzip', 120);
    expect(done).toMatchObject({ status: 'succeeded', progress: { done: 200_000, total: 200_000 }, counts: { created: 200_000, refused: 0 } });
    expect(gadgets.calls).toEqual(Array.from({ length: 200 }, () => 1000));
    expect(await applied()).toEqual({ lines: 200_000, distinct: 200_000, gadgets: 200_000 });
  }, 150_000);

  it('S156 takes NDJSON by path, with numbers as the file has them', async () => {
    const file = '{"id":820982911946154508,"about":{"name":"Lamp"},"price":12}\n\n{"id":2,"about":{"name":null},"tags":["a"]}\nnot json\n{"id":3,"about":{}}\n';
    const done = await importFile(http, file, { resource: 'gadgets', mapping: { code: 'id', name: 'about.name', price: { column: 'price', constant: '7' } } }, 'application/x-ndjson');
    expect(done.counts).toEqual({ created: 3, updated: 0, unchanged: 0, skipped: 0, refused: 1 });
    expect((await problemsOf(http, done.id)).map(({ line, code }) => [line, code])).toEqual([[4, 'not_json']]);
    expect(await app.asOwner('select code, name, price::int from public.gadget order by code')).toEqual([
      { code: '2', name: null, price: 7 }, { code: '3', name: null, price: 7 }, { code: '820982911946154508', name: 'Lamp', price: 12 },
    ]);
  });

  it('S156 refuses a mapping that does not fit, with a pointer to each mistake', async () => {
    const uploadId = await uploadFile(http, csv(1));
    const { body } = await http.post('/v1/imports').send({ uploadId, resource: 'gadgets', mapping: { name: 'Nmae', colour: 'Name', 'externalIds.a/b': 'Name', price: {} } }).expect(422);
    expect(body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code])).toEqual([
      ['/mapping/name', 'unknown_file_column'], ['/mapping/colour', 'unknown_column'], ['/mapping/externalIds.a~1b', 'unknown_column'], ['/mapping/price', 'nothing_mapped'], ['/mapping', 'column_missing'],
    ]);
    const malformed = await http.post('/v1/imports').send({ uploadId, resource: 'gadgets', mapping: { code: { column: 5, valueMap: ['x'], extra: 1 }, name: null } }).expect(400);
    expect(malformed.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/mapping/code/column', '/mapping/code/valueMap', '/mapping/code/extra', '/mapping/name']);
    await http.post('/v1/imports').send({ uploadId, ...GADGETS, resource: 'gizmos' }).expect(422).expect(({ body: { errors } }) => expect(errors[0]).toMatchObject({ pointer: '/resource' }));
    await http.post('/v1/imports').send({ uploadId, ...GADGETS, options: { timeZone: 'Mars/Olympus' } }).expect(400);
  });

  it('S156 needs the permission of what is imported, and an upload of the caller\'s own', async () => {
    const integration = await app.as('integration');
    const viewer = await app.as('viewer');
    const uploadId = await uploadFile(http, csv(1));
    await viewer.post('/v1/uploads').set('Content-Type', 'text/csv').send('a,b\n').expect(403);
    await integration.get(`/v1/uploads/${uploadId}`).expect(404);
    await integration.post('/v1/imports').send({ uploadId, ...GADGETS }).expect(422).expect(({ body }) => expect(body.errors[0]).toMatchObject({ pointer: '/uploadId', code: 'not_found' }));
    await integration.delete(`/v1/uploads/${uploadId}`).expect(404);
    await http.delete(`/v1/uploads/${uploadId}`).expect(204);
    await http.get(`/v1/uploads/${uploadId}`).expect(404);
  });

  it('G5 a retried start of an import under its key starts one', async () => {
    const uploadId = await uploadFile(http, csv(3));
    const start = () => http.post('/v1/imports').set('Idempotency-Key', 'import-once').send({ uploadId, ...GADGETS });
    const first = await start().expect(202);
    const again = await start().expect(202).expect('Idempotent-Replayed', 'true');
    expect(again.body.id).toBe(first.body.id);
    await importEnded(http, first.body.id);
    expect(await applied()).toEqual({ lines: 3, distinct: 3, gadgets: 3 });
  });

  it('G27 keeps neither file nor refused lines in clear', async () => {
    const done = await importFile(http, 'Number,Name,Price\n,Canary-7f3a,1\nx,Canary-7f3a,dear\n', { ...GADGETS, options: { dryRun: true } });
    expect(done.counts.refused).toBe(2);
    const rows = await app.asOwner<{ row: string }>(`
      select p::text as row from integration.import_problem p union all select u::text from integration.upload u
      union all select encode(sealed, 'escape') from integration.upload_piece union all select encode(sealed, 'escape') from integration.import_problem
      union all select o::text from platform.operation o union all select j::text from platform.job j`);
    expect(rows.filter(({ row }) => row.includes('Canary'))).toEqual([]);
  });
});

/** Holds the import before the `nth` chunk commits. */
function holdAt(nth: number): { reached: Promise<void>; open: () => void; fail: (error: Error) => void } {
  let open!: () => void;
  let fail!: (error: Error) => void;
  const held = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  held.catch(() => undefined);
  let calls = 0;
  gadgets.beforeCommit = async () => {
    calls += 1;
    if (calls === nth) await held;
  };
  return { reached: until('the chunk to be held', () => calls >= nth || undefined).then(() => undefined), open, fail };
}
