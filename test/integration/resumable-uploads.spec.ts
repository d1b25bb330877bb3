import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ForgetUploads } from '../../src/integration/files/use-cases/forget-uploads.js';
import { accessToken } from '../support/access-token.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importEnded } from '../support/import-file.js';
import { forgetGadgets, GadgetModule, makeGadgetTables } from '../support/gadgets.js';
import { everythingStored } from '../support/table-hashes.js';
import { until } from '../support/until.js';

const TUS = { 'Tus-Resumable': '1.0.0' } as const;
const CHUNK = { ...TUS, 'Content-Type': 'application/offset+octet-stream' } as const;
const HOUR = 3_600_000;

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true, modules: [GadgetModule], config: { MAX_FILE_MB: '64' } });
  await makeGadgetTables(app);
  http = await app.asAdmin();
});
afterAll(() => app?.close());

function metadata(values: Record<string, string>): string {
  return Object.entries(values).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`).join(',');
}

async function begin(bytes: number, values: Record<string, string> = {}, client = http): Promise<string> {
  const { headers } = await client.post('/v1/resumable-uploads').set({ ...TUS, 'Upload-Length': String(bytes), 'Upload-Metadata': metadata(values) }).expect(201);
  return headers['location'] as string;
}

function send(place: string, offset: number, bytes: Buffer) {
  return http.patch(place).set({ ...CHUNK, 'Upload-Offset': String(offset) }).send(bytes);
}

async function offsetOf(place: string): Promise<number> {
  const { headers } = await http.head(place).set(TUS).expect(200);
  return Number(headers['upload-offset']);
}

async function ended(place: string): Promise<{ id: string; status: string; operationId: string }> {
  return until(`the end of looking into ${place}`, async () => {
    const { body } = await http.get(place).set(TUS).expect(200);
    return body.status !== 'analysing' && body.status !== 'receiving' && body;
  });
}

function table(rows: number): Buffer {
  return Buffer.from(`code,name\n${Array.from({ length: rows }, (_, n) => `R-${n},客户 number ${n}`).join('\n')}\n`);
}

describe('S156 a file in chunks', () => {
  beforeEach(() => forgetGadgets(app));

  it('S156 goes on where it was cut off, in another process too, and is then an upload like others', async () => {
    const bytes = table(40_000);
    const place = await begin(bytes.length, { filename: 'big.csv', filetype: 'text/csv' });
    await send(place, 0, bytes.subarray(0, 500_000)).expect(204).expect('Upload-Offset', '500000');

    const { port } = new URL(app.url);
    const sending = request({ port, method: 'PATCH', path: place, headers: { ...CHUNK, Authorization: await accessToken(app), 'Upload-Offset': '500000', 'Content-Length': '400000' } });
    sending.on('error', () => undefined);
    sending.write(bytes.subarray(500_000, 800_000));
    await until('a part of the chunk to be kept', async () => (await offsetOf(place)) > 500_000);
    sending.destroy();
    await until('the rest of what came to be kept', async () => (await offsetOf(place)) === 800_000);

    app = await app.restart();
    http = await app.asAdmin();
    expect(await offsetOf(place)).toBe(800_000);
    await send(place, 800_000, bytes.subarray(800_000)).expect(204).expect('Upload-Offset', String(bytes.length));

    const { id, status } = await ended(place);
    expect(status).toBe('ready');
    const { body } = await http.get(`/v1/uploads/${id}`).expect(200);
    expect(body).toMatchObject({ name: 'big.csv', format: 'csv', lines: 40_001, bytes: bytes.length, columns: ['code', 'name'], sample: expect.arrayContaining([{ code: 'R-0', name: '客户 number 0' }]) });
    const started = await http.post('/v1/imports').send({ uploadId: id, resource: 'gadgets', mapping: { code: { column: 'code' }, name: { column: 'name' } } }).expect(202);
    expect((await importEnded(http, started.body.id)).counts).toMatchObject({ created: 40_000, refused: 0 });
    expect(await app.asOwner('select count(*)::int as left from integration.upload_raw')).toEqual([{ left: 0 }]);
  });

  it('S156 keeps each byte once, whoever sends it: of two senders one is told where to go on', async () => {
    const bytes = table(30_000);
    const place = await begin(bytes.length);
    const answers = await Promise.all([send(place, 0, bytes), send(place, 0, bytes), send(place, 0, bytes)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409, 409]);
    for (const { body } of answers.filter(({ status }) => status === 409)) expect(body).toMatchObject({ code: 'wrong_offset', offset: expect.any(Number) });
    const { id } = await ended(place);
    expect((await http.get(`/v1/uploads/${id}`).expect(200)).body).toMatchObject({ bytes: bytes.length, lines: 30_001 });
  });

  it('S156 is refused with a wrong offset, beyond its length, packed on the way, or in another version of the protocol', async () => {
    const place = await begin(10);
    await send(place, 3, Buffer.from('abc')).expect(409).expect(({ body }) => expect(body).toMatchObject({ code: 'wrong_offset', offset: 0 }));
    await send(place, 0, Buffer.from('a,b\n1,2\n345')).expect(413).expect(({ body }) => expect(body.code).toBe('beyond_length'));
    await send(place, 0, Buffer.from('abc')).set('Content-Encoding', 'gzip').expect(415);
    await http.patch(place).set({ ...CHUNK, 'Upload-Offset': 'x' }).send(Buffer.from('abc')).expect(400);
    await http.patch(place).set({ ...TUS, 'Content-Type': 'text/csv', 'Upload-Offset': '0' }).send('abc').expect(415);
    await http.head(place).set('Tus-Resumable', '0.2.2').expect(412).expect('Tus-Version', '1.0.0');
    expect(await offsetOf(place)).toBe(0);
    await http.get(`/v1/uploads/${place.split('/').at(-1)}`).expect(409).expect(({ body }) => expect(body.code).toBe('upload_not_ready'));
  });

  it('G41 that would be too large is refused before a byte is sent', async () => {
    const start = (bytes: string) => http.post('/v1/resumable-uploads').set({ ...TUS, 'Upload-Length': bytes });
    await start(String(64 * 1024 * 1024 + 1)).expect(413).expect(({ body }) => expect(body.code).toBe('file_too_large'));
    await start('0').expect(422).expect(({ body }) => expect(body.code).toBe('empty_file'));
    await start('-1').expect(400);
    await start('5').set('Upload-Metadata', 'filename ***').expect(400).expect(({ body }) => expect(body.code).toBe('invalid_upload_metadata'));
    await start('5').set('Upload-Metadata', metadata({ encoding: 'klingon' })).expect(400).expect(({ body }) => expect(body.code).toBe('unknown_encoding'));
  });

  it('S156 that is no table is refused with the reason, and can be given up', async () => {
    const bytes = Buffer.from('%PDF-1.7 not a table');
    const place = await begin(bytes.length);
    await send(place, 0, bytes).expect(204);
    const { id, status, operationId } = await ended(place);
    expect(status).toBe('refused');
    const { body } = await http.get(`/v1/operations/${operationId}`).expect(200);
    expect(body.error).toMatchObject({ code: 'not_a_table', detail: expect.stringContaining('PDF') });
    await http.delete(place).set(TUS).expect(204);
    await http.get(place).set(TUS).expect(404);
    expect(await app.asOwner('select 1 from integration.upload where id = $1', [id])).toEqual([]);
  });

  it('G23 nobody but its sender can see, continue or delete it', async () => {
    const place = await begin(100);
    const other = await app.as('integration');
    await other.get(place).set(TUS).expect(404);
    await other.head(place).set(TUS).expect(404);
    await other.patch(place).set({ ...CHUNK, 'Upload-Offset': '0' }).send(Buffer.from('a,b\n')).expect(404);
    await other.delete(place).set(TUS).expect(404);
    expect(await offsetOf(place)).toBe(0);
  });

  it('G5 begun twice under one key is one upload', async () => {
    const start = (bytes: string) => http.post('/v1/resumable-uploads').set({ ...TUS, 'Upload-Length': bytes, 'Idempotency-Key': 'one-begin' });
    const first = await start('100').expect(201);
    await start('100').expect(201).expect('Location', first.headers['location']!).expect('Idempotent-Replayed', 'true');
    await start('101').expect(422);
  });

  it('G27 lies sealed from its first byte, with its name', async () => {
    const bytes = Buffer.from('name,phone\nCanaria Chunked,13977700088\n');
    const place = await begin(bytes.length + 5, { filename: 'canary-chunked.csv' });
    await send(place, 0, bytes).expect(204);
    const rows = await everythingStored(app);
    const canaries = ['Canaria Chunked', '13977700088', 'canary-chunked'];
    expect(canaries.flatMap((text) => [text, Buffer.from(text).toString('hex')]).filter((form) => rows.includes(form))).toEqual([]);
  });
});

describe('S163 an unfinished file', () => {
  let standing: TestApp | undefined;
  afterEach(() => standing?.close());

  it('S163 is swept up a day after its last chunk', async () => {
    standing = await startApp({ now: '2026-03-01T08:00:00.000Z' });
    const client = await standing.asAdmin();
    const place = await begin(100, {}, client);
    const left = async (hours: number): Promise<number> => {
      standing!.clock.advance(hours * HOUR);
      await standing!.get(ForgetUploads).run();
      return (await standing!.asOwner('select 1 from integration.resumable_upload')).length;
    };
    expect(await left(23)).toBe(1);
    await (await standing.signIn('admin@shop.example', 'correct horse battery staple')).patch(place).set({ ...CHUNK, 'Upload-Offset': '0' }).send(Buffer.from('a,b\n')).expect(204);
    expect(await left(23)).toBe(1);
    expect(await left(2)).toBe(0);
  });
});
