import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { forgetGadgets, GadgetModule, gadgets, makeGadgetTables } from '../support/gadgets.js';
import { importEnded, importFile, startImport, uploadFile, type ImportAnswer } from '../support/import-file.js';
import { until } from '../support/until.js';

interface Change {
  readonly line: number;
  readonly deed: string;
  readonly id?: string;
  readonly fields: { readonly column: string; readonly before: string | null; readonly after: string | null }[];
}

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true, modules: [GadgetModule] });
  await makeGadgetTables(app);
  http = await app.asAdmin();
});
afterAll(() => app?.close());
beforeEach(() => forgetGadgets(app));

async function changesOf(id: string, caller = http): Promise<Change[]> {
  const { body } = await caller.get(`/v1/imports/${id}/changes?limit=200`).expect(200);
  return (body as { data: Change[] }).data;
}

const PEOPLE = { resource: 'customers', mapping: { 'externalIds.shop': 'id', name: 'name', phone: 'phone', tags: 'tags' } };
const dry = <T extends object>(request: T) => ({ ...request, options: { dryRun: true } });

/** Tries a file, then imports the same upload. */
async function triedAndDone(content: string, request: typeof PEOPLE): Promise<{ trial: ImportAnswer; real: ImportAnswer }> {
  const uploadId = await uploadFile(http, content);
  const trial = await importEnded(http, await startImport(http, uploadId, dry(request)));
  return { trial, real: await importEnded(http, await startImport(http, uploadId, request)) };
}

describe('S156 a trial', () => {
  it('S156 counts as the import will, however far apart the lines about one person stand', async () => {
    const once = Array.from({ length: 700 }, (_, n) => `d${n},Person ${n},,\n`).join('');
    const phones = Array.from({ length: 700 }, (_, n) => `p${n},Other ${n},${n % 7 === 0 ? '13812345678' : ''},\n`).join('');
    const { trial, real } = await triedAndDone(`id,name,phone,tags\n${once}${once}d0,,,vip\n${phones}`, PEOPLE);
    expect(trial.counts).toEqual({ created: 1301, updated: 1, unchanged: 700, skipped: 0, refused: 99 });
    expect(real.counts).toEqual(trial.counts);
    expect(trial).toMatchObject({ countsExact: true, dryRun: true });
  }, 60_000);

  it('S156 leaves nothing behind: no person, no key, no event, no audit row of theirs', async () => {
    const stored = () => app.asOwner(`select (select count(*) from customer.customer) as people, (select count(*) from vault.person_key) as keys,
      (select count(*) from (select name from platform.outbox union all select name from platform.event_log) told where name like 'customer%') as events,
      (select count(*) from (select subject_type from platform.audit_inbox union all select subject_type from platform.audit_log) noted where subject_type = 'customer') as rows`);
    const before = await stored();
    const done = await importFile(http, `id,name,phone,tags\n${Array.from({ length: 1200 }, (_, n) => `n${n},Nobody ${n},,\n`).join('')}`, dry(PEOPLE));
    expect(done.counts.created).toBe(1200);
    expect(await stored()).toEqual(before);
  });

  it('S156 shows what lines would change, field by field, from the whole of the file', async () => {
    await importFile(http, 'id,name,phone,tags\nk1,Old,13811110001,\nk2,Same,,\n', PEOPLE);
    const done = await importFile(http, 'id,name,phone,tags\nk1,New,13811110002,vip\nk2,Same,,\nk3,Fresh,,\n,,,\n', dry(PEOPLE));
    const changes = await changesOf(done.id);
    expect(changes.map(({ line, deed, id }) => [line, deed, id !== undefined])).toEqual([[2, 'updated', true], [3, 'unchanged', true], [4, 'created', false]]);
    expect(changes[0]!.fields).toEqual([
      { column: 'name', before: 'Old', after: 'New' },
      { column: 'tags', before: null, after: 'vip' },
      { column: 'phone', before: '13811110001', after: '13811110001|13811110002' },
    ]);
    expect(changes[1]!.fields).toEqual([]);
    expect(changes[2]!.fields).toContainEqual({ column: 'externalIds.shop', before: null, after: 'k3' });

    const long = await importFile(http, `id,name,phone,tags\n${Array.from({ length: 3000 }, (_, n) => `l${n},Line ${n},,\n`).join('')}`, dry(PEOPLE));
    const spread = (await changesOf(long.id)).map(({ line }) => line);
    expect(spread).toHaveLength(100);
    expect([0, 1000, 2000].map((from) => spread.filter((line) => line - 2 >= from && line - 2 < from + 1000).length)).toEqual([34, 33, 33]);
  });

  it('S156 shows products, orders, their lines and payments too, and an import shows what it did', async () => {
    await importFile(http, 'id,name,phone,tags\nbuyer,Buyer,,\n', PEOPLE);
    const tea = { resource: 'products', mapping: { sku: 'sku', name: 'name', price: 'price', 'attributes.colour': 'colour' } };
    await importFile(http, 'sku,name,price,colour\nTEA,Tea,10,\n', tea);
    const product = await importFile(http, 'sku,name,price,colour\nTEA,Tea,12.50,green\n', tea);
    expect(await changesOf(product.id)).toEqual([{
      line: 2, deed: 'updated', id: expect.any(String), fields: [{ column: 'price', before: '10.00', after: '12.50' }, { column: 'attributes.colour', before: null, after: 'green' }],
    }]);
    const ORDERS = { resource: 'orders', mapping: { 'externalIds.shop': 'id', 'customer.externalIds.shop': 'buyer', status: 'status', placedAt: 'at' } };
    await importFile(http, 'id,buyer,status,at\n1,buyer,paid,2026-01-15\n', ORDERS);
    const order = await importFile(http, 'id,buyer,status,at\n1,buyer,shipped,2026-01-15\n2,buyer,paid,2026-01-16\n', dry(ORDERS));
    const [first, second] = await changesOf(order.id);
    expect(first).toMatchObject({ deed: 'updated', fields: [{ column: 'status', before: 'payment_settled', after: 'shipped' }, { column: 'sourceStatus', before: 'paid', after: 'shipped' }] });
    expect(second!.fields).toContainEqual({ column: 'externalIds.shop', before: null, after: '2' });
    const line = await importFile(http, 'o,n,what,price\n1,1,TEA,3.5\n', dry({ resource: 'order-lines', mapping: { 'order.externalIds.shop': 'o', lineNumber: 'n', sku: 'what', unitPrice: 'price' } }));
    expect((await changesOf(line.id))[0]!.fields).toContainEqual({ column: 'unitPrice', before: null, after: '3.50' });
    const payment = await importFile(http, 'o,how,much\n1,card,3.5\n', dry({ resource: 'payments', mapping: { 'order.externalIds.shop': 'o', method: 'how', amount: 'much' } }));
    expect((await changesOf(payment.id))[0]!.fields).toContainEqual({ column: 'amount', before: null, after: '3.50' });
  });

  it('G27 shows changes to those who may read the records, writes down who looked, and keeps them sealed', async () => {
    const done = await importFile(http, 'id,name,phone,tags\ns1,Canary-Changed,,\n', dry(PEOPLE));
    await changesOf(done.id);
    await app.drainEvents();
    const reads = await app.asOwner(`select count(*)::int as n from (select action from platform.audit_inbox union all select action from platform.audit_log) a where action = 'import_change.read'`);
    expect(reads[0]).not.toEqual({ n: 0 });
    const rows = await app.asOwner<{ row: string }>(`select encode(sealed, 'escape') as row from integration.import_change union all select i::text from integration.import i`);
    expect(rows.filter(({ row }) => row.includes('Canary') || row.includes('phone'))).toEqual([]);
    const { body: key } = await http.post('/v1/api-keys').send({ name: 'writes only', scopes: ['import:run', 'customer:write'] }).expect(201);
    const answer = await app.http.get(`/v1/imports/${done.id}/changes`).set('Authorization', `Bearer ${key.key}`).expect(403);
    expect(answer.body).toMatchObject({ code: 'permission_missing', detail: expect.stringContaining('customer:read') });
    await app.http.get(`/v1/imports/${done.id}/problems`).set('Authorization', `Bearer ${key.key}`).expect(200);
  });

  it('S156 cut off begins its part again, and counts nothing twice', async () => {
    let calls = 0;
    gadgets.beforeCommit = () => {
      calls += 1;
      return calls === 3 ? Promise.reject(Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' })) : Promise.resolve();
    };
    const content = `Number,Name,Price\n${Array.from({ length: 3800 }, (_, n) => `G-${n},x,${n}\n`).join('')}bad,x,dear\n`;
    const done = await importFile(http, content, dry({ resource: 'gadgets', mapping: { code: 'Number', name: 'Name', price: 'Price' } }));
    expect(done).toMatchObject({ status: 'succeeded', progress: { done: 3801, total: 3801 }, counts: { created: 3800, updated: 0, unchanged: 0, skipped: 0, refused: 1 } });
    expect(calls).toBe(2 + 1 + 4);
    expect(await app.asOwner('select count(*)::int as n from public.gadget')).toEqual([{ n: 0 }]);
  });

  it('S156 cancelled stops at once and leaves no locks', async () => {
    let reached = false;
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    gadgets.beforeCommit = async () => {
      reached = true;
      await gate;
    };
    const id = await startImport(http, await uploadFile(http, `Number,Name,Price\n${Array.from({ length: 1200 }, (_, n) => `G-${n},x,1\n`).join('')}`), dry({ resource: 'gadgets', mapping: { code: 'Number' } }));
    await until('the first chunk', () => reached || undefined);
    await http.post(`/v1/operations/${id}/cancel`).expect(200);
    open();
    expect(await importEnded(http, id)).toMatchObject({ status: 'cancelled', counts: { created: 0, refused: 0 } });
    await forgetGadgets(app);
  });
});

describe('S156 a file in which very many lines fail inside the database', () => {
  it('S156 is taken in transactions of few savepoints each, every line refused by name and no good one lost', async () => {
    const content = `Number,Name,Price\n${Array.from({ length: 700 }, (_, n) => `G-${n},x,${n % 5 === 0 ? 1 : -1}\n`).join('')}`;
    const done = await importFile(http, content, { resource: 'gadgets', mapping: { code: 'Number', name: 'Name', price: 'Price' } });
    expect(done).toMatchObject({ status: 'succeeded', counts: { created: 140, refused: 560 } });
    const perTransaction = await app.asOwner<{ lines: number }>('select count(*)::int as lines from public.gadget_line group by xmin');
    expect(perTransaction.length).toBeGreaterThan(1);
    expect(gadgets.calls.length).toBeLessThan(2000);
  });
});
