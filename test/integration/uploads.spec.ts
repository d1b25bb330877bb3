import { once } from 'node:events';
import { request } from 'node:http';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/id.js';
import { UploadRepository } from '../../src/integration/files/persistence/upload.repository.js';
import { ForgetUploads } from '../../src/integration/files/use-cases/forget-uploads.js';
import { accessToken } from '../support/access-token.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { uploadFile } from '../support/import-file.js';
import { everythingStored } from '../support/table-hashes.js';
import { until } from '../support/until.js';

const NOW = '2026-03-01T08:00:00.000Z';
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Off the loop, which the server under test shares. */
const packed = promisify(gzip);

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ now: NOW });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

function upload(content: string | Buffer, type = 'text/csv') {
  return http.post('/v1/uploads').set('Content-Type', type).send(content);
}

async function stored(): Promise<{ uploads: number; pieces: number }> {
  const [row] = await app.asOwner<{ uploads: number; pieces: number }>(
    'select (select count(*)::int from integration.upload) as uploads, (select count(*)::int from integration.upload_piece) as pieces');
  return row!;
}

describe('S156 an upload', () => {
  it.each([
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFFname,city\nLi,上海\n'), 'utf-8'],
    ['UTF-16 LE with a byte order mark', Buffer.from('\uFEFFname\tcity\r\nLi\t上海\r\n', 'utf16le'), 'utf-16le'],
    ['UTF-16 BE with a byte order mark', Buffer.from('\uFEFFname\tcity\r\nLi\t上海\r\n', 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16 LE without a mark', Buffer.from('name\tcity\r\nLi\t上海\r\n', 'utf16le'), 'utf-16le'],
    ['UTF-16 BE without a mark', Buffer.from('name\tcity\r\nLi\t上海\r\n', 'utf16le').swap16(), 'utf-16be'],
    ['GBK', Buffer.from('6e616d652c636974790a4c692cc9cfbaa30a', 'hex'), 'gb18030'],
    ['gzip', gzipSync('name,city\nLi,上海\n'), 'utf-8'],
  ])('S156 is read as %s', async (_, bytes, encoding) => {
    const { body } = await upload(bytes).expect(201);
    expect(body).toMatchObject({ encoding, columns: ['name', 'city'], sample: [{ name: 'Li', city: '上海' }] });
  });

  it('S156 is known by the SHA-256 and length of the unpacked file', async () => {
    const text = 'a,b\n1,2\n';
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect((await upload(text).expect(201)).body).toMatchObject({ sha256, bytes: 8 });
    expect((await upload(gzipSync(text)).set('Content-Encoding', 'gzip').expect(201)).body).toMatchObject({ sha256, bytes: 8 });
  });

  it('S156 of several pieces keeps every character, wherever the pieces part', async () => {
    const text = `name\n${'😀客x'.repeat(200_000)}\n`;
    const { body } = await upload(text, 'text/plain').expect(201);
    const [row] = await app.asOwner<{ pieces: number; lines: number }>('select pieces, lines::int from integration.upload where id = $1', [body.id]);
    expect(row).toEqual({ pieces: 4, lines: 2 });
  });

  it.each([
    ['a ZIP archive cut off', Buffer.from('504b0304140006000800', 'hex'), 'broken_workbook'],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'not_a_table'],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), 'not_a_table'],
    ['text with NUL characters', Buffer.from('a,b\n1,\0\0\0\n'), 'not_a_table'],
    ['nothing', Buffer.from('  \n\n '), 'empty_file'],
    ['one JSON array', Buffer.from('[{"a":1},{"a":2}]'), 'json_array'],
    ['gzip cut off', gzipSync('a,b\n'.repeat(10_000)).subarray(0, 60), 'broken_gzip'],
    ['gzip in gzip', gzipSync(gzipSync('a,b\n')), 'not_a_table'],
    ['more columns than a table has', Buffer.from(`${'c,'.repeat(600)}c\n`), 'too_many_columns'],
  ])('S156 that is %s is refused with a sentence and leaves nothing behind', async (_, bytes, code) => {
    const before = await stored();
    const { body } = await upload(bytes).expect(422);
    expect(body).toMatchObject({ code, detail: expect.stringMatching(/^The .+\. .+\.$/) });
    expect(await stored()).toEqual(before);
  });

  it('S156 takes NDJSON by its type or its looks, and refuses what only claims to be', async () => {
    expect((await upload('{"a":{"b":1}}\n{"c":2}\n', 'application/octet-stream').expect(201)).body).toMatchObject({ format: 'ndjson', delimiter: null, columns: ['a.b', 'c'], sample: [{ 'a.b': '1', c: '' }, { 'a.b': '', c: '2' }] });
    await upload('a,b\n1,2\n', 'application/x-ndjson').expect(422).expect(({ body }) => expect(body.code).toBe('not_ndjson'));
  });

  it('G41 a gzip bomb is refused early', async () => {
    const bomb = await packed(Buffer.alloc(100 * 1024 * 1024, 'a,b\n'));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const before = await stored();
    await upload(bomb, 'application/gzip').expect(413).expect(({ body }) => expect(body.code).toBe('packed_too_tightly'));
    expect(await stored()).toEqual(before);
  });

  it('G41 a file over 50 MB is refused, also when it does not say its length', async () => {
    const before = await stored();
    const sending = request(`${app.url}/v1/uploads`, { method: 'POST', headers: { Authorization: await accessToken(app), 'Content-Type': 'text/csv' } });
    sending.on('error', () => undefined);
    const answered = once(sending, 'response');
    const piece = Buffer.from('some,cells,in,a,line\n'.repeat(50_000));
    let isOver = false;
    void answered.then(() => (isOver = true));
    for (let sent = 0; sent < 60 * 1024 * 1024 && !isOver; sent += piece.length) if (!sending.write(piece)) await Promise.race([once(sending, 'drain'), answered]);
    const [{ statusCode }] = (await answered) as [{ statusCode: number }];
    expect(statusCode).toBe(413);
    sending.destroy();
    await until('the pieces to be gone', async () => JSON.stringify(await stored()) === JSON.stringify(before));
  });

  it('S156 cut off by its sender leaves nothing behind', async () => {
    const before = await stored();
    const sending = request(`${app.url}/v1/uploads`, { method: 'POST', headers: { Authorization: await accessToken(app), 'Content-Type': 'text/csv', 'Content-Length': '1000000' } });
    sending.on('error', () => undefined);
    sending.write('a,b\n'.repeat(200_000));
    await until('the first piece to arrive', async () => (await stored()).pieces > before.pieces);
    sending.destroy();
    await until('the pieces to be gone', async () => JSON.stringify(await stored()) === JSON.stringify(before));
  });

  it('S156 refuses other types and an empty body', async () => {
    await upload('x', 'image/png').expect(415);
    await http.post('/v1/uploads').expect(400);
  });

  it('G5 retried under its key is one upload; another file under the key is refused', async () => {
    const send = (text: string) => upload(text).set('Idempotency-Key', 'one-upload');
    const first = await send('a,b\n1,2\n').expect(201);
    const again = await send('a,b\n1,2\n').expect(201).expect('Idempotent-Replayed', 'true');
    expect(again.body).toEqual(first.body);
    await send('a,b\n1,3\n').expect(422).expect(({ body }) => expect(body.code).toBe('idempotency_key_reused'));
    const [kept] = await app.asOwner<{ body: string }>("select convert_from(body, 'UTF8') as body from platform.idempotency where key = 'one-upload'");
    expect(kept!.body).not.toContain('sample');
  });

  it('G27 keeps nothing of a file without a header in clear, though its first record was taken for one', async () => {
    const canaries = ['Canaria Headerless', '13977700011', 'canary.headerless@example.com'];
    const { body } = await upload(`${canaries.join(',')}\nLi,13977700012,li@example.com\n`).query({ name: 'canary-of-Li.csv', header: 'true' }).set('Idempotency-Key', 'headerless').expect(201);
    expect(body).toMatchObject({ name: 'canary-of-Li.csv', columns: canaries });
    expect((await http.get(`/v1/uploads/${body.id}`).expect(200)).body).toEqual(body);
    const mapping = { name: { column: 'no such column' } };
    const refused = await http.post('/v1/imports').set('Idempotency-Key', 'headerless-import').send({ uploadId: body.id, resource: 'customers', mapping }).expect(422);
    expect(JSON.stringify(refused.body)).toContain(canaries[0]);
    await app.drainEvents();

    const rows = await everythingStored(app);
    expect(rows).toContain(body.id);
    const forms = [...canaries, 'canary-of-Li'].flatMap((text) => [text, Buffer.from(text).toString('hex')]);
    expect(forms.filter((form) => rows.includes(form))).toEqual([]);
  });

  it('G6 retried after it was deleted gets the first answer, without what its file said', async () => {
    const send = () => upload('a,b\n1,2\n').query({ name: 'gone.csv' }).set('Idempotency-Key', 'deleted-since');
    const first = await send().expect(201);
    const { name: _name, sheets: _sheets, sheet: _sheet, columns: _columns, sample: _sample, ...facts } = first.body as Record<string, unknown>;
    await http.delete(`/v1/uploads/${first.body.id}`).expect(204);
    const again = await send().expect(201).expect('Idempotent-Replayed', 'true').expect('Location', first.headers['location']!);
    expect(again.body).toEqual(facts);
  });

  it('S163 is forgotten with its key after seven days; one whose process died in the middle, after an hour', async () => {
    await app.asOwner('truncate integration.upload cascade');
    await uploadFile(http, 'name\nCanary\n');
    await app.database.transaction(SYSTEM, (tx) => app.get(UploadRepository).open(tx, newId()));
    const left = async (after: number): Promise<{ uploads: number; pieces: number }> => {
      app.clock.advance(after);
      await app.get(ForgetUploads).run();
      return stored();
    };
    expect(await left(59 * MINUTE)).toEqual({ uploads: 2, pieces: 1 });
    expect(await left(2 * MINUTE)).toEqual({ uploads: 1, pieces: 1 });
    expect(await left(7 * DAY - 62 * MINUTE)).toEqual({ uploads: 1, pieces: 1 });
    expect(await left(2 * MINUTE)).toEqual({ uploads: 0, pieces: 0 });
  });
});
