import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { ShukeUser, type Said } from '../support/shuke.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/shuke');

let app: TestApp;
let user: ShukeUser;
let customerId: string;

const lines = ({ stdout }: Said) => stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
const shuke = (...words: string[]) => user.runs(words);

beforeAll(async () => {
  app = await startApp({ workers: true });
  await app.asAdmin();
  user = await ShukeUser.create();
  await user.runs(['sign-in', app.url, '-e', ADMINISTRATOR.email], { environment: { SHUKE_PASSWORD: ADMINISTRATOR.password } });
  const made = await shuke('call', 'createCustomer', '--data', '{"name":"张三丰\\u001b[31m","tags":["vip"],"externalIds":[{"system":"shop","id":"u-1"}]}', '--json');
  customerId = (lines(made)[0]!['data'] as { id: string }).id;
});
afterAll(async () => {
  await user.remove();
  await app.close();
});

describe('S152 shuke call', () => {
  it('reaches every operation, with its status, version and event', async () => {
    const order = { customer: { id: customerId }, currency: 'CNY', externalIds: [{ system: 'shop', id: 'o-1' }], lines: [{ name: '龙井', quantity: 2, unitPrice: { amount: '199.00', currency: 'CNY' } }] };
    await writeFile(user.at('order.json'), JSON.stringify(order));
    const placed = lines(await shuke('call', 'createOrder', '--data', '@order.json', '--json'))[0]!;
    expect(placed).toMatchObject({ status: 201, etag: '"1"', eventId: expect.any(String), data: { customerId, total: { amount: '398.00' } } });
    const changed = await user.runs(['call', 'updateCustomer', '-p', `id=${customerId}`, '-p', 'ifMatch="1"', '-d', '@-', '--json'], { input: '{"note":null}' });
    expect(lines(changed)[0]).toMatchObject({ status: 200 });
    const seen = await shuke('call', 'getCustomerOverview', '-p', `id=${customerId}`, '-p', `waitForEvent=${String(placed['eventId'])}`, '--json');
    expect(lines(seen)[0]).toMatchObject({ data: { purchases: { orderCount: 1 } } });
    const months = await shuke('call', 'getMonths', '-p', 'format=csv', '--file');
    expect(months).toMatchObject({ code: 0, stdout: expect.stringContaining(',') });
  });

  it('sends the same key twice and has one effect', async () => {
    const words = ['call', 'createCustomer', '-p', 'idempotencyKey=once', '-d', '{"name":"一次"}', '--json'];
    const [first, again] = [lines(await shuke(...words))[0]!, lines(await shuke(...words))[0]!];
    expect(again['data']).toEqual(first['data']);
  });

  it('lists the operations, and helps with what is not one', async () => {
    expect(lines(await shuke('call', '--list', '--json')).length).toBeGreaterThan(70);
    expect((await shuke('call', '--list', 'payment')).stdout).toMatch(/recordPayment +POST \/v1\/orders\/\{id\}\/payments/);
    expect(await shuke('call', 'recordpay')).toMatchObject({ code: 64, stderr: expect.stringContaining('There is recordPayment.') });
    expect(await shuke('call', 'getCustomer')).toMatchObject({ code: 64, stderr: expect.stringContaining('getCustomer needs --param id=…') });
    expect(await shuke('call', 'getCustomer', '-p', 'nr=1')).toMatchObject({ code: 64, stderr: expect.stringContaining('has no parameter "nr". It takes --param id=…') });
    expect(await shuke('call', 'getMe', '-d', '{}')).toMatchObject({ code: 64, stderr: expect.stringContaining('takes no --data') });
    expect(await shuke('call', 'createCustomer', '-d', '{name')).toMatchObject({ code: 64, stderr: expect.stringContaining('--data is not JSON') });
  });

  it('a refusal goes to stderr with every wrong field and the request, and with --json to stdout for programs', async () => {
    const { code, stdout, stderr } = await shuke('call', 'createCustomer', '-d', '{"name":1,"colour":"red"}', '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/shuke: .*\(validation_failed, 400\)\n {2}\/\w+ {2}.*\n[^]*Request \S+: name it when you ask for help\.\n/);
    expect(lines({ stdout } as Said)[0]).toMatchObject({ error: { status: 400, code: 'validation_failed', errors: expect.arrayContaining([expect.objectContaining({ pointer: '/name' })]) } });
  });
});

describe('customers and orders', () => {
  it('are found by a fragment, by another system\'s id and by filters', async () => {
    expect(lines(await shuke('customers', 'search', '三丰', '--json'))[0]).toMatchObject({ id: customerId });
    expect(lines(await shuke('customers', 'get', 'shop:u-1', '--json'))[0]).toMatchObject({ id: customerId });
    expect(lines(await shuke('customers', 'list', '-f', 'tagsAny=vip', '--json'))).toHaveLength(1);
    expect(lines(await shuke('orders', 'list', '--filter', `customerId=${customerId}`, '--json'))[0]).toMatchObject({ customerId });
    expect(lines(await shuke('orders', 'get', 'shop:o-1', '--json'))[0]).toMatchObject({ customerId });
    expect(await shuke('customers', 'get', 'shop:nobody')).toMatchObject({ code: 1, stderr: expect.stringContaining('no customer whom shop knows as nobody') });
    expect(await shuke('customers', 'search', '無此人')).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing found.\n' });
  });

  it('a list goes past one page and ends where it is told to', async () => {
    const admin = await app.asAdmin();
    const items = Array.from({ length: 120 }, (_, n) => ({ name: `Page ${n}`, tags: ['paged'], externalIds: [{ system: 'page', id: String(n) }] }));
    await admin.post('/v1/customers/batch').send({ items }).expect(207);
    expect(lines(await shuke('customers', 'list', '-f', 'tagsAny=paged', '-f', 'limit=50', '--limit', '1000', '--json'))).toHaveLength(120);
    expect(lines(await shuke('customers', 'list', '--limit', '7', '--json'))).toHaveLength(7);
    expect((await shuke('customers', 'list', '--limit', '0', '--json')).stdout).toBe('');
  });

  it('what people wrote does nothing to the terminal', async () => {
    const { stdout } = await shuke('customers', 'search', '三丰');
    expect(stdout).toContain('张三丰 [31m');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('S154 shuke events follow', () => {
  it('prints each event once over several runs that share a cursor file', async () => {
    const all = lines(await shuke('events', 'follow', '--no-follow', '--json')).map(({ position }) => position as number);
    expect(all.length).toBeGreaterThan(100);
    expect(all).toEqual([...new Set(all)].toSorted((one, other) => one - other));

    // Each run is ended in the middle of things.
    const found: number[] = [];
    for (let stopAfter = 1; found.length < all.length; stopAfter *= 3) {
      const { ended } = user.starts(['events', 'follow', '--cursor-file', 'cursor', '--json'], {}, ({ stdout }, end) => {
        if (stdout.split('\n').length > stopAfter) end('SIGINT');
      });
      const said = await ended;
      expect(said.code).toBe(130);
      found.push(...lines(said).map(({ position }) => position as number));
      expect(Number(await readFile(user.at('cursor'), 'utf8'))).toBe(found.at(-1));
    }
    expect(found).toEqual(all);
    expect((await shuke('events', 'follow', '--cursor-file', 'cursor', '--no-follow', '--json')).stdout).toBe('');
  });

  it('waits for what comes, and gives only the types asked for', async () => {
    const heard = user.starts(['events', 'follow', '--types', 'sales.order_placed.v1', '--json'], {}, ({ stdout }, end) => {
      if (stdout.split('\n').length > 2) end('SIGTERM');
    });
    await shuke('call', 'createOrder', '-d', JSON.stringify({ customer: { id: customerId }, currency: 'CNY', lines: [{ name: 'tea', quantity: 1, unitPrice: { amount: '1.00', currency: 'CNY' } }] }));
    const said = await heard.ended;
    expect(lines(said).map(({ type }) => type)).toEqual(['sales.order_placed.v1', 'sales.order_placed.v1']);
  });

  it('a cursor file that is none is not written over', async () => {
    await writeFile(user.at('diary'), 'Dear diary');
    expect(await shuke('events', 'follow', '--cursor-file', 'diary', '--no-follow')).toMatchObject({ code: 64, stderr: expect.stringContaining('holds no cursor') });
    expect(await readFile(user.at('diary'), 'utf8')).toBe('Dear diary');
  });

  it('a reader that has had enough ends it without a word', async () => {
    const following = `set -o pipefail; '${process.execPath}' '${BINARY}' events follow --json | head -n 2`;
    const ending = promisify(execFile)('bash', ['-c', following], { cwd: user.home, env: { PATH: process.env['PATH'], HOME: user.home } });
    let isOver = false;
    void ending.finally(() => (isOver = true));
    // A closed pipe shows at the next line that is written to it.
    const admin = await app.asAdmin();
    while (!isOver) await admin.post('/v1/customers').send({ name: 'One more' }).expect(201);
    const { stdout, stderr } = await ending;
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });
});

describe('the command line', () => {
  it.each([[[]], [['frobnicate']], [['operations']], [['import']], [['customers', 'list', '--limit', 'many']]])('%j is not understood, and ends with 64', async (words) => {
    const said = await shuke(...words);
    expect(said).toMatchObject({ code: 64, stdout: '' });
    expect(said.stderr.length).toBeGreaterThan(20);
  });

  it.each(['', 'sign-in', 'import', 'imports problems', 'imports suggest', 'imports changes', 'imports proof', 'imports revert', 'export', 'exports download', 'operations watch', 'events follow', 'customers list', 'orders list', 'call'])('"%s --help" shows examples, on stdout', async (command) => {
    const { code, stdout } = await shuke(...command.split(' ').filter(Boolean), '--help');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/Usage: shuke[^]*Examples?:\n {2}(\S+ .*\| )?shuke/) });
  });

  it('has the version of the package', async () => {
    const { version } = JSON.parse(await readFile(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
    expect(await shuke('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('a server that is not there is told apart', async () => {
    const said = await user.runs(['whoami', '--json'], { environment: { SHUKE_URL: 'http://127.0.0.1:9', SHUKE_API_KEY: 'key' } });
    expect(said).toMatchObject({ code: 4, stderr: expect.stringContaining('--url or SHUKE_URL') });
    expect(lines(said)[0]).toMatchObject({ error: { code: 'unreachable' } });
    expect(said.stderr).not.toMatch(/^\s+at /m);
  });

  it('speaks the language of the terminal where the server does', async () => {
    const said = await user.runs(['orders', 'get', '0192f0c1-2b3c-7def-8abc-1234567890ab'], { environment: { LANG: 'zh_CN.UTF-8' } });
    expect(said).toMatchObject({ code: 1, stderr: expect.stringMatching(/[\u4e00-\u9fff]/) });
  });
});
