import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importFile } from '../support/import-file.js';
import { proofOf, revertImport, type ProofRow } from '../support/revert-import.js';
import { bring, bringAll } from './import-files.js';

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

/** `month currency: file records amount | database records amount | refused lines amount`, as a person would compare them. */
function sideBySide(rows: readonly ProofRow[]): string[] {
  return rows.map(({ month, currency, file, database, refused }) =>
    `${month} ${currency}: ${file.records} ${file.amount} | ${database.records} ${database.amount} | ${refused.lines} ${refused.amount}`);
}

describe('S157 the proof of a migration', () => {
  it('S157 adds file and database up side by side, by month of the import\'s zone and currency, refused lines apart', async () => {
    const done = await bringAll(http);
    const customers = await proofOf(http, done.customers.id);
    expect(customers).toMatchObject({ resource: 'customers', timeZone: 'Asia/Shanghai', matches: true, lines: { read: 4, accepted: 4, skipped: 0, refused: 0, repeated: 1 } });
    expect(sideBySide(customers.rows)).toEqual(['2020-01 null: 1 null | 1 null | 0 null', '2020-02 null: 2 null | 2 null | 0 null']);
    expect(sideBySide((await proofOf(http, done.products.id)).rows)).toEqual(['null null: 2 null | 2 null | 0 null']);

    const orders = await proofOf(http, done.orders.id);
    expect(orders).toMatchObject({ matches: true, lines: { read: 4, accepted: 3, skipped: 0, refused: 1, repeated: 0 } });
    expect(sideBySide(orders.rows)).toEqual(['2020-03 CNY: 1 199.80 | 1 199.80 | 0 null', '2020-04 CNY: 2 15.00 | 2 15.00 | 1 7.00']);
    expect(sideBySide((await proofOf(http, done['order-lines'].id)).rows)).toEqual(['null CNY: 3 214.80 | 3 214.80 | 1 7.00']);

    const payments = await proofOf(http, done.payments.id);
    expect(payments.lines).toEqual({ read: 4, accepted: 4, skipped: 0, refused: 0, repeated: 1 });
    expect(sideBySide(payments.rows)).toEqual(['2020-03 CNY: 1 150.00 | 1 150.00 | 0 null', '2020-04 CNY: 2 59.80 | 2 59.80 | 0 null']);

    const refunds = await proofOf(http, done.refunds.id);
    expect(refunds).toMatchObject({ matches: true, lines: { read: 5, accepted: 4, skipped: 0, refused: 1 } });
    expect(sideBySide(refunds.rows)).toEqual(['2020-04 CNY: 1 20.00 | 1 20.00 | 0 null', '2020-05 CNY: 1 3.50 | 1 3.50 | 1 1.00']);
    const fulfilments = await proofOf(http, done.fulfilments.id);
    expect(sideBySide(fulfilments.rows)).toEqual(['2020-03 null: 1 null | 1 null | 0 null', '2020-04 null: 1 null | 1 null | 0 null', 'null null: 0 null | 0 null | 1 null']);
  });

  it('S157 says where they differ, to the fen, and nowhere else', async () => {
    const done = await bring(http, 'payments');
    expect(done.counts).toMatchObject({ unchanged: 2 });
    await app.asOwner("update sales.payment set amount_minor = amount_minor + 1 where method = 'voucher'");
    const proof = await proofOf(http, done.id);
    expect(proof.matches).toBe(false);
    expect(proof.rows.map(({ month, matches }) => [month, matches])).toEqual([['2020-03', true], ['2020-04', false]]);
    expect(sideBySide(proof.rows)[1]).toBe('2020-04 CNY: 2 59.80 | 2 59.81 | 0 null');
    await app.asOwner("update sales.payment set amount_minor = amount_minor - 1 where method = 'voucher'");
  });

  it('S157 shows totals that the lines have yet to bring, and nothing stored once it is taken back', async () => {
    const done = await bring(http, 'orders', 'id,who,at,status,total\nE,1,2020-05-01 00:00:00,paid,12.34\n');
    expect(sideBySide((await proofOf(http, done.id)).rows)).toEqual(['2020-05 CNY: 1 12.34 | 1 0.00 | 0 null']);
    const lines = await bring(http, 'order-lines', 'order,number,sku,quantity,price\nE,1,CUP,1,12.34\n');
    expect(await proofOf(http, done.id)).toMatchObject({ matches: true });
    await revertImport(http, lines.id);
    await revertImport(http, done.id);
    const proof = await proofOf(http, done.id);
    expect(proof.matches).toBe(false);
    expect(sideBySide(proof.rows)).toEqual(['2020-05 CNY: 1 12.34 | 0 null | 0 null']);
  });

  it('S157 counts a record once that hundreds of lines over several chunks speak of, as the last of them tells it', async () => {
    const lines = Array.from({ length: 1200 }, (_, n) => `F${n % 700},1,2020-0${1 + (n % 3)}-15 12:00:00,paid,1.00\n`);
    const done = await bring(http, 'orders', `id,who,at,status,total\n${lines.join('')}`);
    const proof = await proofOf(http, done.id);
    expect(proof.lines).toEqual({ read: 1200, accepted: 1200, skipped: 0, refused: 0, repeated: 500 });
    const months = [1, 2, 3].map((month) => lines.slice(500).filter((line) => line.includes(`2020-0${month}-`)).length);
    expect(proof.rows.map(({ file, database }) => [file.records, database.records])).toEqual(months.map((records) => [records, records]));
  });

  it('S157 has none for a trial, for an unknown import, or for somebody who may not import', async () => {
    const trial = await importFile(http, 'sku\nX\n', { resource: 'products', mapping: { sku: 'sku' }, options: { dryRun: true } });
    await http.get(`/v1/imports/${trial.id}/proof`).expect(409).expect(({ body }) => expect(body.code).toBe('nothing_to_prove'));
    await http.get('/v1/imports/019a0000-0000-7000-8000-00000000dead/proof').expect(404);
    await (await app.as('viewer')).get(`/v1/imports/${trial.id}/proof`).expect(403);
  });
});
