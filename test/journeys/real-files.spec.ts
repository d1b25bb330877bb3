import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { createShuke, type Data, type Input, type Shuke, type UploadOptions } from '@shuke/client';
import { ADMINISTRATOR, startApp, type Http, type TestApp } from '../support/app.js';
import { expectReportsToEqual } from '../support/direct-count.js';
import { encoded } from '../support/encoded.js';
import { heard } from '../support/heard.js';
import { importOlist } from '../support/olist.js';
import { describeWithData, sharedBytes, sharedText } from '../support/shared-data.js';

let app: TestApp;
let http: Http;

beforeEach(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterEach(async () => app.close());

async function total(path: string): Promise<number> {
  const { body } = await http.get(`${path}?limit=1&total=exact`).expect(200);
  return (body as { page: { total: number } }).page.total;
}

type ImportBody = Input<'createImport'>['body'];

/** Uploads a file and imports it through the client, which waits where the server is busy. */
async function bring(shuke: Shuke, file: Buffer, { reading, ...order }: Omit<ImportBody, 'uploadId'> & Pick<UploadOptions, 'reading'>): Promise<Data<'getImport'>> {
  const { data: upload } = await shuke.upload(new Uint8Array(file), { reading });
  const { data: operation } = await shuke.call('createImport', { body: { uploadId: upload.id, ...order } });
  await shuke.waitFor(operation);
  return (await shuke.call('getImport', { id: operation.id })).data;
}

const minor = (amount: string) => Math.round(Number(amount) * 100);

function print(what: string, figure: unknown): void {
  process.stderr.write(`${what}: ${JSON.stringify(figure)}\n`);
}

describeWithData('S156 the Complete Journey, one file of 75,000 lines', () => {
  it('becomes households, baskets and their lines, to the cent', async () => {
    const file = sharedBytes('complete_journey', 'transactions_sample.csv.gz');
    const options = { timeZone: 'America/New_York', currency: 'USD' };
    const shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
    const bringPart = (resource: string, mapping: ImportBody['mapping']) => bring(shuke, file, { resource, mapping, options });

    const households = await bringPart('customers', { 'externalIds.household': 'household_id' });
    const baskets = await bringPart('orders', { 'externalIds.basket': 'basket_id', 'customer.externalIds.household': 'household_id', placedAt: 'transaction_timestamp', status: { constant: 'delivered' } });
    const lines = await bringPart('order-lines', { 'order.externalIds.basket': 'basket_id', sku: 'product_id', unitPrice: 'sales_value' });
    print('Complete Journey, customers, orders, lines', [households.counts, baskets.counts, lines.counts]);
    expect(households.counts).toEqual({ created: 2377, updated: 0, unchanged: 72_623, skipped: 0, refused: 0 });
    expect(baskets.counts).toEqual({ created: 47_243, updated: 0, unchanged: 27_757, skipped: 0, refused: 0 });
    expect(lines.counts).toEqual({ created: 75_000, updated: 0, unchanged: 0, skipped: 0, refused: 0 });
    expect(await app.asOwner('select (select count(*)::int from customer.customer) as customers, (select count(*)::int from sales.order_header) as orders')).toEqual([{ customers: 2377, orders: 47_243 }]);

    const told = parse(sharedText('complete_journey', 'transactions_sample.csv.gz'), { columns: true }) as Record<string, string>[];
    const counted = new Map<string, { customer: string; month: string; totalMinor: number }>();
    for (const { basket_id = '', household_id = '', transaction_timestamp = '', sales_value = '' } of told) {
      const basket = counted.get(basket_id) ?? { customer: household_id, month: transaction_timestamp.slice(0, 7), totalMinor: 0 };
      basket.totalMinor += minor(sales_value);
      counted.set(basket_id, basket);
    }
    const revenue = [...counted.values()].reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    print('Complete Journey, revenue in cents', revenue);
    expect(revenue).toBe(23_393_524);
    await heard(http);
    await expectReportsToEqual(http, [...counted.values()], 'currency=USD&timeZone=America/New_York');
  }, 600_000);
});

describeWithData('S156 the payments of all of Olist where only some orders are known', () => {
  it('takes the 8,924 of known orders and refuses the others line by line', async () => {
    const shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
    await importOlist(shuke);
    const before = await total('/v1/orders');
    const mapping = { 'order.externalIds.olist': 'order_id', sequence: 'payment_sequential', method: 'payment_type', amount: 'payment_value', installments: 'payment_installments' };
    const answer = await bring(shuke, sharedBytes('olist_full', 'olist_order_payments_dataset.csv.gz'), { resource: 'payments', mapping, options: { currency: 'BRL' } });
    print('Olist, all payments', answer.counts);
    // The sample brought the same payments already.
    expect(answer.counts).toEqual({ created: 0, updated: 0, unchanged: 8924, skipped: 0, refused: 94_962 });
    expect(await total('/v1/orders')).toBe(before);

    const report = await http.get(`/v1/imports/${answer.id}/problems.csv`).buffer(true).expect(200);
    const refused = parse(report.text, { bom: true }) as string[][];
    const [header = [], ...rows] = refused;
    expect(header.slice(0, 5)).toEqual(['order_id', 'payment_sequential', 'payment_type', 'payment_installments', 'payment_value']);
    expect(rows.length).toBe(94_962);
    const told = parse(sharedText('olist_full', 'olist_order_payments_dataset.csv.gz')) as string[][];
    const whole = new Set(told.map((row) => row.join()));
    expect(rows.every((row) => whole.has(row.slice(0, 5).join()))).toBe(true);
  }, 600_000);
});

/** What the database holds of an import, as its proof says beside the file. */
async function provenAmount(shuke: Shuke, { id }: Data<'getImport'>): Promise<string> {
  const { matches, rows } = (await shuke.call('getImportProof', { id })).data;
  expect(matches).toBe(true);
  return (rows.reduce((sum, { database }) => sum + minor(database.amount!), 0) / 100).toFixed(2);
}

/** A column of everything there is of a resource, its header first, through the client. */
async function exportedCells(shuke: Shuke, resource: string, column: string): Promise<string[]> {
  const { data: operation } = await shuke.call('createExport', { body: { resource, format: 'csv', columns: [column] } });
  await shuke.waitFor(operation);
  const { stream } = await shuke.download('downloadExport', { id: operation.id });
  return (parse(await new Response(stream).text(), { bom: true }) as string[][]).map(([cell = '']) => cell);
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

describeWithData('S156 a month of a Tmall shop, one file that is customers, orders, payments and refunds', () => {
  const ORDER = '订单编号';
  const parts: readonly (readonly [string, ImportBody['mapping']])[] = [
    ['customers', { 'externalIds.tmall': ORDER, 'address.province': '收货地址', 'address.country': { constant: 'CN' } }],
    ['orders', { 'externalIds.tmall': ORDER, 'customer.externalIds.tmall': ORDER, placedAt: '订单创建时间' }],
    ['order-lines', { 'order.externalIds.tmall': ORDER, lineNumber: { constant: '1' }, name: { constant: '订单' }, unitPrice: '总金额' }],
    ['payments', { 'order.externalIds.tmall': ORDER, method: { constant: 'alipay' }, amount: '总金额', recordedAt: { column: '订单付款时间', onBlank: 'skip' } }],
    ['refunds', { 'order.externalIds.tmall': ORDER, 'externalIds.tmall': ORDER, amount: { column: '退款金额', valueMap: { '0.0': '' }, onBlank: 'skip' } }],
  ];
  const ORDERS = 28_010;
  const PAID = 24_087;
  const REFUNDED = 5646;

  it('comes in whole and to the cent, and is known again in the encodings of its country', async () => {
    const shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
    const text = sharedText('tmall_orders', 'tmall_order_report.csv.gz');
    const bringAll = async (file: Buffer) => {
      const done: Data<'getImport'>[] = [];
      for (const [resource, mapping] of parts) done.push(await bring(shuke, file, { resource, mapping, options: { timeZone: 'Asia/Shanghai', currency: 'CNY' } }));
      return done;
    };
    const counts = (result: 'created' | 'unchanged') => {
      const lines = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 };
      const all = { ...lines, [result]: ORDERS };
      return [all, all, all, { ...lines, [result]: PAID, skipped: ORDERS - PAID }, { ...lines, [result]: REFUNDED, skipped: ORDERS - REFUNDED }];
    };

    const done = await bringAll(Buffer.from(text));
    print('Tmall, customers, orders, lines, payments, refunds', done.map((one) => one.counts));
    expect(done.map((one) => one.counts)).toEqual(counts('created'));
    const [, , lines, payments, refunds] = done;
    expect([await provenAmount(shuke, lines!), await provenAmount(shuke, payments!), await provenAmount(shuke, refunds!)]).toEqual(['2995760.61', '2474823.07', '572335.92']);

    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    const provinces = countBy((await exportedCells(shuke, 'customers', 'address.province')).slice(1));
    expect(Object.keys(provinces)).toHaveLength(31);
    expect(provinces).toEqual(countBy(rows.map((row) => row['收货地址 ']!.trim())));

    for (const encoding of ['gb18030', 'utf-16le'] as const) {
      expect((await bringAll(encoded(encoding === 'utf-16le' ? `\uFEFF${text}` : text, encoding))).map((one) => one.counts)).toEqual(counts('unchanged'));
    }
  }, 600_000);
});

describeWithData('S156 the CDNOW sample, a list without a header whose purchases have no numbers', () => {
  it('becomes customers and what they spent, with repeat buyers as a direct count has them', async () => {
    const shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
    const file = sharedBytes('cdnow', 'CDNOW_sample.txt');
    const bringPart = (resource: string, mapping: ImportBody['mapping']) => bring(shuke, file, { reading: { delimiter: ' ' }, resource, mapping, options: { timeZone: 'America/Los_Angeles', currency: 'USD' } });
    const orders = { 'externalIds.cdnow_line': { fileLine: true as const }, 'customer.externalIds.cdnow': 'column 2', placedAt: 'column 3', status: { constant: 'delivered' } };
    const all = { created: 6919, updated: 0, unchanged: 0, skipped: 0, refused: 0 };

    expect((await bringPart('customers', { 'externalIds.cdnow': 'column 2' })).counts).toEqual({ ...all, created: 2357, unchanged: 4562 });
    expect((await bringPart('orders', orders)).counts).toEqual(all);
    // The file tells what a purchase came to and not what one disc of it cost, so a purchase is one line.
    const lines = await bringPart('order-lines', { 'order.externalIds.cdnow_line': { fileLine: true }, lineNumber: { constant: '1' }, name: { constant: 'CDs' }, unitPrice: 'column 5' });
    expect(lines.counts).toEqual(all);
    expect(await provenAmount(shuke, lines)).toBe('244091.94');
    expect((await bringPart('orders', orders)).counts).toEqual({ ...all, created: 0, unchanged: 6919 });

    const counted = file.toString().trim().split('\r\n').map((line) => {
      const [, customer = '', day = '', , spent = ''] = line.trim().split(/ +/);
      return { customer, month: `${day.slice(0, 4)}-${day.slice(4, 6)}`, totalMinor: minor(spent) };
    });
    expect(Object.values(countBy(counted.map(({ customer }) => customer))).filter((count) => count > 1)).toHaveLength(1152);
    await heard(http);
    await expectReportsToEqual(http, counted, 'currency=USD&timeZone=America/Los_Angeles');
  }, 600_000);
});
