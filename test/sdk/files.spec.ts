import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createShuke, OperationFailed, type Shuke } from '@shuke/client';
import exceljs from 'exceljs';
import { fileAt } from '../../sdk/typescript/src/node.js';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { BreakingProxy, type Break } from '../support/breaking-proxy.js';

const CHUNK_BYTES = 256 * 1024;
const MAPPING = { 'externalIds.file': 'uid', name: 'n' };
/** Long lines, so that a large file is not many customers. */
const TABLE = `uid,n,remark\n${Array.from({ length: 300 }, (_, n) => `f-${n},客户 ${n},${'x'.repeat(4_000)}\n`).join('')}`;
const TABLE_BYTES = new TextEncoder().encode(TABLE).byteLength;

let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await startApp({ workers: true });
  await app.asAdmin();
  folder = await mkdtemp(path.join(tmpdir(), 'shuke-files-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await app.close();
});

/** A client whose connections break as told. */
async function through(breaks: (request: { readonly method?: string; readonly url?: string }, number: number) => Break | undefined, work: (shuke: Shuke, proxy: BreakingProxy) => Promise<void>): Promise<void> {
  const proxy = await BreakingProxy.before(app.url, breaks);
  try {
    await work(createShuke({ baseUrl: proxy.url, signIn: ADMINISTRATOR, retry: { firstPauseMillis: 1, longestPauseMillis: 20 } }), proxy);
  } finally {
    await proxy.close();
  }
}

/** Every other chunk breaks off in its middle. */
const inTheMiddle = () => {
  let chunks = 0;
  return ({ method }: { readonly method?: string }) => (method === 'PATCH' && (chunks += 1) % 2 === 1 ? { ofRequest: 200_000 } : undefined);
};

describe('S156 a large file by the client', () => {
  it.each([
    ['a Blob', () => Promise.resolve(new Blob([TABLE])), {}],
    ['a stream whose size is known', () => Promise.resolve(new Blob([TABLE]).stream()), { size: TABLE_BYTES }],
    ['a file by its path', async () => {
      await writeFile(path.join(folder, 'large.csv'), TABLE);
      return fileAt(path.join(folder, 'large.csv'));
    }, {}],
  ])('S156 %s goes in chunks over connections that break, and is imported', async (_, open, options) => {
    await through(inTheMiddle(), async (shuke, proxy) => {
      const told: number[] = [];
      const { data: upload } = await shuke.upload(await open(), { name: 'large.csv', chunkBytes: CHUNK_BYTES, ...options, onProgress: ({ sentBytes }) => told.push(sentBytes) });
      expect(upload).toMatchObject({ name: 'large.csv', format: 'csv', lines: 301, bytes: TABLE_BYTES, columns: ['uid', 'n', 'remark'] });
      const { data: operation } = await shuke.call('createImport', { body: { uploadId: upload.id, resource: 'customers', mapping: MAPPING } });
      await shuke.waitFor(operation);
      const { data } = await shuke.call('getImport', { id: operation.id });
      expect([data.counts.created + data.counts.unchanged, data.counts.refused]).toEqual([300, 0]);
      expect(told.at(-1)).toBe(TABLE_BYTES);
      expect(proxy.seen.filter((line) => line.startsWith('PATCH')).length).toBeGreaterThan(TABLE_BYTES / CHUNK_BYTES + 2);
      expect(proxy.seen.filter((line) => line.startsWith('POST /v1/uploads'))).toEqual([]);
    });
  });

  it('S156 that is no table is refused as a small one is, and nothing of it stays', async () => {
    await through(() => undefined, async (shuke) => {
      const document = `%PDF-1.7 ${'not a table '.repeat(50_000)}`;
      const refusals = await Promise.all([CHUNK_BYTES, Infinity].map((chunkBytes) => shuke.upload(document, { chunkBytes }).catch((error: unknown) => error)));
      expect(refusals).toEqual(Array(2).fill(expect.objectContaining({ name: 'ShukeProblem', status: 422, code: 'not_a_table', detail: (refusals[0] as Error & { detail: string }).detail })));
      expect(await app.asOwner('select from integration.resumable_upload r join integration.upload u on u.id = r.upload_id where u.created_at > now() - interval \'1 hour\' and r.operation_id is null')).toEqual([]);
      expect(refusals[0]).not.toBeInstanceOf(OperationFailed);
    });
  });

  it('S156 is read as it is said, in chunks and in one request', async () => {
    await through(() => undefined, async (shuke) => {
      const bytes = Uint8Array.from(Buffer.from('uid;n\n1;Zo\xeb\n', 'latin1'));
      for (const chunkBytes of [8, undefined]) {
        const { data } = await shuke.upload(bytes, { name: 'old.csv', encoding: 'windows-1252', delimiter: ';', header: 'false', chunkBytes });
        expect(data).toMatchObject({ encoding: 'windows-1252', encodingGrounds: 'given', delimiter: ';', header: false, sample: expect.arrayContaining([{ 'column 1': '1', 'column 2': 'Zoë' }]) });
      }
    });
  });
});

describe('S157 an export by the client', () => {
  it('S157 is made, waited for and fetched over connections that break, each byte once', async () => {
    let parts = 0;
    const breaking = ({ url }: { readonly url?: string }) => (url?.endsWith('/file') && (parts += 1) <= 4 ? { ofAnswer: parts * 300 } : undefined);
    await through(breaking, async (shuke, proxy) => {
      const told: (number | null)[] = [];
      const ask = { resource: 'customers', format: 'csv' as const, columns: ['externalIds.file', 'name'] };
      const file = await shuke.export(ask, { onProgress: ({ progress }) => told.push(progress.done) });
      const bytes = await new Response(file.stream).arrayBuffer();
      expect(bytes.byteLength).toBe(file.bytes);
      expect(file.fileName).toMatch(/^customers-.*\.csv$/);
      expect(new TextDecoder().decode(bytes).trimEnd().split('\r\n')).toHaveLength(301);
      expect(proxy.seen.filter((line) => line.includes('/file'))).toEqual([expect.not.stringContaining('bytes='), ...Array(parts - 1).fill(expect.stringMatching(/bytes=\d+-$/))]);
      expect(parts).toBe(5);
      expect(told.at(-1)).toBe(300);

      const rest = await shuke.exportFile(file.id, { from: 1_000 });
      expect(Buffer.from(await new Response(rest.stream).arrayBuffer())).toEqual(Buffer.from(bytes).subarray(1_000));
      const nothing = await shuke.exportFile(file.id, { from: file.bytes });
      expect(await new Response(nothing.stream).text()).toBe('');
    });
  });

  it('S157 is had packed, as a workbook, and empty', async () => {
    await through(() => undefined, async (shuke) => {
      const bytesOf = async (ask: Parameters<Shuke['export']>[0]) => Buffer.from(await new Response((await shuke.export(ask)).stream).arrayBuffer());
      expect(gunzipSync(await bytesOf({ resource: 'customers', format: 'ndjson', compress: true })).toString().trimEnd().split('\n')).toHaveLength(300);
      const book = new exceljs.Workbook();
      await book.xlsx.load(await bytesOf({ resource: 'customers', format: 'xlsx' }) as unknown as ArrayBuffer);
      expect(book.worksheets[0]!.rowCount).toBe(301);
      expect(await bytesOf({ resource: 'customers', format: 'ndjson', filters: { tagsAny: ['nobody has this'] } })).toHaveLength(0);
    });
  });
});
