import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { importFile, type ImportAnswer } from '../support/import-file.js';
import { keptOf, proofOf, revertImport } from '../support/revert-import.js';
import { tableHashes } from '../support/table-hashes.js';

const SHANGHAI = { options: { timeZone: 'Asia/Shanghai', currency: 'CNY' } };

const FILES = {
  customers: {
    text: 'id,name,phone,known,tags\n1,李娜,13800000001,2020-01-31 23:30,vip\n2,王伟,13800000002,2020-02-01 00:30,\n3,Ada,,2020-02-15 12:00,\n1,李娜,13800000001,,regular\n',
    mapping: { 'externalIds.shop': 'id', name: 'name', phone: 'phone', createdAt: 'known', tags: 'tags' },
  },
  products: { text: 'sku,name,price\nTEA,Tea,99.90\nCUP,Cup,10\n', mapping: { sku: 'sku', name: 'name', price: 'price' } },
  orders: {
    text: 'id,who,at,status,total\nA,1,2020-03-31 23:59:59,shipped,199.80\nB,1,2020-04-01 00:00:00,paid,10\nC,2,2020-04-02 00:00:00,canceled,5\nD,9,2020-04-02 00:00:00,paid,7\n',
    mapping: { 'externalIds.shop': 'id', 'customer.externalIds.shop': 'who', placedAt: 'at', status: 'status', total: 'total' },
  },
  'order-lines': {
    text: 'order,number,sku,quantity,price\nA,1,TEA,2,99.90\nB,1,CUP,1,10\nC,1,CUP,1,5\nD,1,CUP,1,7\n',
    mapping: { 'order.externalIds.shop': 'order', lineNumber: 'number', sku: 'sku', quantity: 'quantity', unitPrice: 'price' },
  },
  payments: {
    text: 'order,sequence,method,amount,at\nA,1,card,150,2020-03-31 23:59:59\nA,2,voucher,49.80,2020-04-01 00:00:00\nB,1,card,10,2020-04-01 08:00:00\nA,1,card,150.00,\n',
    mapping: { 'order.externalIds.shop': 'order', sequence: 'sequence', method: 'method', amount: 'amount', recordedAt: 'at' },
  },
} as const;
type Resource = keyof typeof FILES;
const RESOURCES = Object.keys(FILES) as Resource[];

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true });
  http = await app.asAdmin();
});
afterAll(() => app?.close());

function bring(resource: Resource): Promise<ImportAnswer> {
  const { text, mapping } = FILES[resource];
  return importFile(http, text, { resource, mapping, ...SHANGHAI });
}

async function bringAll(): Promise<Record<Resource, ImportAnswer>> {
  const done = {} as Record<Resource, ImportAnswer>;
  for (const resource of RESOURCES) done[resource] = await bring(resource);
  return done;
}

/** All that contexts know of their subject: not who did what when, and not the imports themselves. */
async function known(): Promise<Record<string, string>> {
  await app.drainEvents();
  const hashes = await tableHashes(app);
  return Object.fromEntries(Object.entries(hashes).filter(([table]) => /^(customer|sales|analytics|vault)\./.test(table)));
}

async function reports(): Promise<unknown[]> {
  await app.drainEvents();
  const paths = ['/v1/reports/months?from=2020-01&to=2020-12', '/v1/reports/payments?from=2020-01&to=2020-12', '/v1/reports/rfm', '/v1/reports/rfm/segments', '/v1/customers?sort=-spent'];
  return Promise.all(paths.map(async (path) => {
    const { body } = await http.get(path).expect(200);
    const { asOf, definition: { measuredAt, ...definition } = {}, ...rest } = body as { asOf?: string; definition?: { measuredAt?: string } };
    return { ...rest, definition };
  }));
}

describe('S156 an import taken back', () => {
  it('S156 leaves everything as it was before, reports included, and the same files make the same again', async () => {
    const before = { known: await known(), reports: await reports() };
    const first = await bringAll();
    expect(RESOURCES.map((resource) => first[resource].counts)).toEqual([
      { created: 3, updated: 1, unchanged: 0, refused: 0 }, { created: 2, updated: 0, unchanged: 0, refused: 0 }, { created: 3, updated: 0, unchanged: 0, refused: 1 },
      { created: 3, updated: 0, unchanged: 0, refused: 1 }, { created: 3, updated: 0, unchanged: 1, refused: 0 },
    ]);
    const made = await reports();
    expect(made).not.toEqual(before.reports);

    for (const resource of [...RESOURCES].reverse()) {
      const { created } = first[resource].counts;
      expect(await revertImport(http, first[resource].id)).toEqual({ importId: first[resource].id, resource, reverted: created, kept: 0 });
      expect(await keptOf(http, first[resource].id)).toEqual([]);
    }
    expect(await known()).toEqual(before.known);
    expect(await reports()).toEqual(before.reports);

    const second = await bringAll();
    expect(RESOURCES.map((resource) => second[resource].counts)).toEqual(RESOURCES.map((resource) => first[resource].counts));
    for (const resource of RESOURCES) expect(await proofOf(http, second[resource].id)).toMatchObject({ matches: true });
  });
});
