import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Data } from '@shuke/client';
import { startApp, type TestApp } from '../support/app.js';
import { encoded } from '../support/encoded.js';
import { bring, countBy, exportedCells, print, provenAmount, shukeOf, type ImportBody } from '../support/real-file.js';
import { describeWithData, sharedText } from '../support/shared-data.js';

let app: TestApp;
beforeEach(async () => {
  app = await startApp({ workers: true });
});
afterEach(() => app.close());

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
    const shuke = await shukeOf(app);
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
