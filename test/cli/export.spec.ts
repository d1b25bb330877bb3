import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { BreakingProxy, type Break } from '../support/breaking-proxy.js';
import { ShukeUser } from '../support/shuke.js';

const PEOPLE = 180;

let app: TestApp;
let user: ShukeUser;

beforeAll(async () => {
  app = await startApp({ workers: true });
  const admin = await app.asAdmin();
  const items = Array.from({ length: PEOPLE }, (_, n) => ({ name: `客户 ${n}`, tags: n % 3 === 0 ? ['vip'] : n % 3 === 1 ? ['gold'] : [], externalIds: [{ system: 'shop', id: `u-${n}` }] }));
  await admin.post('/v1/customers/batch').send({ items }).expect(207);
  user = await ShukeUser.create();
  await signIn(app.url);
});
afterAll(async () => {
  await user.remove();
  await app.close();
});

const signIn = (url: string) => user.runs(['sign-in', url, '-e', ADMINISTRATOR.email], { environment: { SHUKE_PASSWORD: ADMINISTRATOR.password } });
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const linesOf = (text: string) => text.trimEnd().split(/\r?\n/);

describe('S157 shuke export', () => {
  it('S157 writes a file that only its owner can read, and says what it is', async () => {
    const { code, stdout, stderr } = await user.runs(['export', 'customers', '-o', 'out.csv', '--json']);
    const file = await readFile(user.at('out.csv'), 'utf8');
    expect(code).toBe(0);
    expect(json(stdout)).toEqual({ operationId: expect.any(String), resource: 'customers', format: 'csv', lines: PEOPLE, bytes: Buffer.byteLength(file), file: 'out.csv' });
    expect(stderr).toMatch(/^Exporting customers as operation .*\n180 lines, .* MB\.\n$/);
    expect(linesOf(file)).toHaveLength(PEOPLE + 1);
    expect((await stat(user.at('out.csv'))).mode & 0o777).toBe(0o600);

    const again = await user.runs(['import', 'out.csv', '-r', 'customers', '--json']);
    expect([again.code, json(again.stdout)['counts']]).toEqual([0, { created: 0, updated: 0, unchanged: PEOPLE, skipped: 0, refused: 0 }]);
  });

  it('S157 narrows by filters and columns, and gives nothing but the file to stdout', async () => {
    const words = ['export', 'customers', '--format', 'ndjson', '--filter', 'tagsAny=vip,gold', '--columns', 'name,tags', '--output', '-'];
    const { code, stdout } = await user.runs([...words, '--json']);
    const records = linesOf(stdout).map(json);
    expect([code, records.length, Object.keys(records[0]!)]).toEqual([0, (PEOPLE / 3) * 2, ['name', 'tags']]);
    expect((await user.runs([...words, '--filter', 'orderCountGte=1'])).stdout).toBe('');
  });

  it('S157 packs it, makes a workbook, and puts it into a folder under the name the server gives it', async () => {
    await mkdir(user.at('exports'));
    const packed = await user.runs(['export', 'customers', '--gzip', '-o', 'exports']);
    expect(packed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^exports\/customers-\d{8}-\d{4}\.csv\.gz\n$/) });
    expect(linesOf(gunzipSync(await readFile(user.at(packed.stdout.trim()))).toString())).toHaveLength(PEOPLE + 1);
    const book = await user.runs(['export', 'customers', '--format', 'xlsx', '-o', 'book.xlsx']);
    expect([book.code, (await readFile(user.at('book.xlsx'))).subarray(0, 2).toString()]).toEqual([0, 'PK']);
  });

  it('S157 says what cannot be, and ends with 1 or 64', async () => {
    expect(await user.runs(['export', 'people', '-f', 'a=b'])).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('It is one of customers,') });
    expect(await user.runs(['export', 'people'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/resource  is not one of') });
    expect(await user.runs(['export', 'customers', '-f', 'shoeSize=44'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/filters/shoeSize  is no filter of this export; there are') });
    expect(await user.runs(['export', 'customers', '--gzip', '--format', 'xlsx'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/compress') });
    expect(await user.runs(['export', 'customers', '--format', 'pdf'])).toMatchObject({ code: 64, stderr: expect.stringContaining('Allowed choices are csv, xlsx, ndjson') });
    expect(await user.runs(['export', 'customers', '-o', 'nowhere/out.csv'])).toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere/out.csv') });
    expect(await user.runs(['exports', 'download', '0192f0c1-2b3c-7def-8abc-1234567890ab'])).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
  });

  it('S157 can be left alone, looked at and fetched later', async () => {
    const begun = await user.runs(['export', 'customers', '--no-wait', '--json']);
    const id = String(json(begun.stdout)['operationId']);
    expect(await user.runs(['exports', 'download', id, '-o', 'later.csv'])).toMatchObject({ code: 0, stdout: 'later.csv\n' });
    expect(json((await user.runs(['exports', 'get', id, '--json'])).stdout)).toMatchObject({ id, status: 'succeeded', lines: PEOPLE });
    expect((await user.runs(['exports', 'resources', 'customers'])).stdout).toMatch(/^customers: .*\nCOLUMN[^]*\n\nFILTER +TYPE[^]*tagsAny/);
  });
});

describe('S157 shuke export over connections that break', () => {
  it('S157 asks for the bytes that are missing, and ended in the middle goes on behind those it has', async () => {
    const breaks = { of: (_request: number): Break | undefined => undefined };
    let files = 0;
    const proxy = await BreakingProxy.before(app.url, ({ url }) => (url!.endsWith('/file') ? breaks.of((files += 1)) : undefined));
    const asked = () => proxy.seen.filter((line) => line.includes('/file')).map((line) => line.split(' ')[2] ?? 'whole');
    try {
      await signIn(proxy.url);
      breaks.of = (request) => (request <= 3 ? { ofAnswer: request * 500 } : undefined);
      expect((await user.runs(['export', 'customers', '-o', 'broken.csv'])).code).toBe(0);
      expect(asked()).toEqual(['whole', 'bytes=500-', 'bytes=1500-', 'bytes=3000-']);
      expect(linesOf(await readFile(user.at('broken.csv'), 'utf8'))).toHaveLength(PEOPLE + 1);

      proxy.seen.length = 0;
      files = 0;
      let stop: (signal: NodeJS.Signals) => void = () => undefined;
      // What comes after the first bytes never does.
      breaks.of = (request) => {
        if (request > 1) stop('SIGINT');
        return { ofAnswer: request === 1 ? 700 : 0 };
      };
      const { ended } = user.starts(['export', 'customers', '-o', 'resumed.csv'], {}, (_, end) => (stop = end));
      const { code, stderr } = await ended;
      const [, id = ''] = /To go on behind it: shuke exports download (\S+) --output resumed\.csv/.exec(stderr) ?? [];
      expect({ code, id }).toEqual({ code: 130, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect((await readdir(user.home)).filter((name) => name.startsWith('resumed'))).toEqual([`resumed.csv.${id}.part`]);

      proxy.seen.length = 0;
      breaks.of = () => undefined;
      expect((await user.runs(['exports', 'download', id, '--output', 'resumed.csv'])).code).toBe(0);
      expect(asked()).toEqual(['bytes=700-']);
      expect((await readdir(user.home)).filter((name) => name.startsWith('resumed'))).toEqual(['resumed.csv']);
      expect(linesOf(await readFile(user.at('resumed.csv'), 'utf8'))).toHaveLength(PEOPLE + 1);
    } finally {
      await proxy.close();
      await signIn(app.url);
    }
  });
});
