import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { expectReportsToEqual } from '../support/direct-count.js';
import { heard } from '../support/heard.js';
import { bring, countBy, minorOf, provenAmount, shukeOf, type ImportBody } from '../support/real-file.js';
import { describeWithData, sharedBytes } from '../support/shared-data.js';

let app: TestApp;
let http: Http;
beforeEach(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterEach(() => app.close());

describeWithData('S156 the CDNOW sample, a list without a header whose purchases have no numbers', () => {
  it('becomes customers and what they spent, with repeat buyers as a direct count has them', async () => {
    const shuke = await shukeOf(app);
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
      return { customer, month: `${day.slice(0, 4)}-${day.slice(4, 6)}`, totalMinor: minorOf(spent) };
    });
    expect(Object.values(countBy(counted.map(({ customer }) => customer))).filter((count) => count > 1)).toHaveLength(1152);
    await heard(http);
    await expectReportsToEqual(http, counted, 'currency=USD&timeZone=America/Los_Angeles');
  }, 600_000);
});
