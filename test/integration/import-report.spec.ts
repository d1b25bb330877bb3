import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { SYSTEM } from '../../src/kernel/actor.js';
import { ImportProblemRepository } from '../../src/integration/imports/persistence/import-problem.repository.js';
import { ImportProblemsView } from '../../src/integration/imports/views/import-problems.view.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { forgetGadgets, GadgetModule, makeGadgetTables } from '../support/gadgets.js';
import { importFile } from '../support/import-file.js';

const GADGETS = { resource: 'gadgets', mapping: { code: 'Number', name: 'Name', price: 'Price' } };

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true, modules: [GadgetModule] });
  await makeGadgetTables(app);
  http = await app.asAdmin();
});
afterAll(() => app?.close());
beforeEach(() => forgetGadgets(app));

describe('S156 the report of an import', () => {
  it('S156 is the file again with one more column: its separator, its columns in order, its cells; mended it goes in by the same mapping', async () => {
    const file = 'Unmapped;Name;Price;Number\r\n=1+1;"a;b";dear;1\r\nx;good;3;2\r\n\u0040y;"two\nlines";cheap;\r\n';
    const done = await importFile(http, file, GADGETS);
    expect(done.counts).toMatchObject({ created: 1, refused: 2 });
    const { text } = await http.get(`/v1/imports/${done.id}/problems.csv`).expect(200);
    expect(parse(text, { bom: true, delimiter: ';' })).toEqual([
      ['Unmapped', 'Name', 'Price', 'Number', 'problem'],
      ["'=1+1", 'a;b', 'dear', '1', 'Line 2: Price (price): "dear" is no whole number. Write digits only.'],
      ["'@y", 'two\nlines', 'cheap', '', 'Line 4: Number (code): A gadget needs a code. Fill it in.'],
    ]);
    const half = await importFile(http, text.replace('dear', '5'), GADGETS);
    expect(half.counts).toEqual({ created: 1, updated: 0, unchanged: 0, skipped: 0, refused: 1 });
    const again = (await http.get(`/v1/imports/${half.id}/problems.csv`).expect(200)).text;
    expect(parse(again, { bom: true, delimiter: ';' })[0]).toEqual(['Unmapped', 'Name', 'Price', 'Number', 'problem']);
    expect((await importFile(http, again.replace('cheap;', '6;9'), GADGETS)).counts).toEqual({ created: 1, updated: 0, unchanged: 0, skipped: 0, refused: 0 });
    expect(await app.asOwner('select code, name from public.gadget order by code')).toEqual([{ code: '1', name: 'a;b' }, { code: '2', name: 'good' }, { code: '9', name: 'two\nlines' }]);
  });

  it('S156 of NDJSON is NDJSON, and each format says where the other is', async () => {
    const request = { resource: 'gadgets', mapping: { code: 'id', name: 'about.name', price: 'price' } };
    const file = '{"id":820982911946154508,"about":{"name":"Lamp"},"price":"dear"}\nnot json\n{"id":1,"price":2}\n';
    const done = await importFile(http, file, request, 'application/x-ndjson');
    const { text } = await http.get(`/v1/imports/${done.id}/problems.ndjson`).expect(200).expect('Content-Type', /^application\/x-ndjson/).buffer(true).parse((answer, end) => {
      let all = '';
      answer.on('data', (part: Buffer) => (all += part.toString('utf8')));
      answer.on('end', () => end(null, all));
    }).then(({ body }) => ({ text: body as string }));
    const [first = '', second = '', ...rest] = text.split('\n');
    expect(rest).toEqual(['']);
    expect(first).toBe('{"id":820982911946154508,"about":{"name":"Lamp"},"price":"dear","problem":"Line 1: price: \\"dear\\" is no whole number. Write digits only."}');
    expect(JSON.parse(second)).toEqual({ line: 'not json', problem: expect.stringContaining('Line 2: This line is not one JSON object') });
    expect((await importFile(http, first.replace('"dear",', '"5",'), request, 'application/x-ndjson')).counts).toMatchObject({ created: 1, refused: 0 });
    await http.get(`/v1/imports/${done.id}/problems.csv`).expect(409).expect(({ body }) => expect(body).toMatchObject({ code: 'problems_in_other_format', detail: expect.stringContaining('problems.ndjson') }));
    const table = await importFile(http, 'Number,Name,Price\n1,x,dear\n', GADGETS);
    await http.get(`/v1/imports/${table.id}/problems.ndjson`).expect(409);
  });

  it('G42 of long lines holds a few of them at a time', async () => {
    const long = 'x'.repeat(900_000);
    const done = await importFile(http, `{"id":0}\n${Array.from({ length: 6 }, (_, n) => `{"id":${n},"price":"dear","text":"${long}"}\n`).join('')}`, { resource: 'gadgets', mapping: { code: 'id', price: 'price' } }, 'application/x-ndjson');
    const lengths: number[] = [];
    for await (const text of await app.get(ImportProblemsView).ndjson(SYSTEM, done.id)) lengths.push(text.length);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(6 * long.length);
    expect(Math.max(...lengths)).toBeLessThan(4 * 1024 * 1024);
  });

  it('G42 of 100,000 refused lines is complete, and read piece by piece as it is taken', async () => {
    const done = await importFile(http, `Number,Name,Price\n${Array.from({ length: 100_000 }, (_, n) => `${n},x,dear\n`).join('')}`, GADGETS, 'text/csv', 120);
    expect(done.counts).toEqual({ created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 100_000 });
    const piece = jest.spyOn(app.get(ImportProblemRepository), 'piece');
    const rows = await app.get(ImportProblemsView).csv(SYSTEM, done.id);
    await rows.next();
    await rows.next();
    expect(piece.mock.calls.length).toBeLessThanOrEqual(2);
    await rows.return(undefined);
    piece.mockRestore();
    const { text } = await http.get(`/v1/imports/${done.id}/problems.csv`).expect(200);
    const numbers = parse(text, { bom: true, from_line: 2 }).map(([number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 100_000 }, (_, n) => n));
  }, 150_000);
});
