import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importFile } from '../support/import-file.js';

describe('S157 a migration from an older system', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp({ workers: true });
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  const options = { timeZone: 'America/Sao_Paulo', currency: 'BRL' };

  it('S157 keeps the old ids of every resource, creation dates, and when orders were placed and paid', async () => {
    await importFile(http, 'shop,erp,known\nc1,E-9,2016-10-15 23:30:00\n', { resource: 'customers', options, mapping: { 'externalIds.shop': 'shop', 'externalIds.erp': 'erp', createdAt: 'known' } });
    await importFile(http, 'sku,old\nTEA,p-77\n', { resource: 'products', options, mapping: { sku: 'sku', 'externalIds.shop': 'old' } });
    await importFile(http, 'id,who,at,number,status\no1,E-9,2017-02-28 23:59:59,0000042,delivered\no2,E-9,2017-03-01 08:00:00,0000043,canceled\n', {
      resource: 'orders', options, mapping: { 'externalIds.shop': 'id', 'customer.externalIds.erp': 'who', placedAt: 'at', number: 'number', status: 'status' },
    });
    await importFile(http, 'id,price\no1,10\n', { resource: 'order-lines', options, mapping: { 'order.externalIds.shop': 'id', lineNumber: { constant: '1' }, 'product.externalIds.shop': { constant: 'p-77' }, unitPrice: 'price' } });
    await importFile(http, 'id,at\no1,2017-03-02 00:00:01\n', { resource: 'payments', options, mapping: { 'order.externalIds.shop': 'id', method: { constant: 'boleto' }, amount: { constant: '10' }, recordedAt: 'at' } });
    await app.drainEvents();

    const customer = ((await http.get('/v1/customers?externalSystem=erp&externalId=E-9').expect(200)).body as { data: { id: string }[] }).data[0]!;
    expect((await http.get(`/v1/customers/${customer.id}`).expect(200)).body).toMatchObject({
      createdAt: '2016-10-16T02:30:00.000Z', externalIds: [{ system: 'erp', id: 'E-9' }, { system: 'shop', id: 'c1' }],
    });
    expect((await http.get('/v1/products').expect(200)).body).toMatchObject({ data: [{ sku: 'TEA', externalIds: [{ system: 'shop', id: 'p-77' }] }] });
    expect((await http.get('/v1/orders/by-external-id/shop/o1').expect(200)).body).toMatchObject({
      customerId: customer.id, number: '0000042', status: 'delivered', placedAt: '2017-03-01T02:59:59.000Z', externalIds: [{ system: 'shop', id: 'o1' }],
      payments: [{ method: 'boleto', recordedAt: '2017-03-02T03:00:01.000Z' }],
    });
    expect((await http.get('/v1/orders/by-external-id/shop/o2').expect(200)).body).toMatchObject({ status: 'cancelled', sourceStatus: 'canceled', number: '0000043', placedAt: '2017-03-01T11:00:00.000Z' });
    const { body: timeline } = await http.get(`/v1/customers/${customer.id}/timeline?kind=purchase,payment`).expect(200);
    expect((timeline as { data: { event: string; at: string }[] }).data.filter(({ event }) => event !== 'sales.order_changed').map(({ event, at }) => [event, at])).toEqual([
      ['sales.payment_recorded', '2017-03-02T03:00:01.000Z'], ['sales.order_placed', '2017-03-01T11:00:00.000Z'], ['sales.order_placed', '2017-03-01T02:59:59.000Z'],
    ]);
  });
});
