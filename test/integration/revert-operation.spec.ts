import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { everyPage } from '../support/every-page.js';
import { forgetGadgets, GadgetModule, gadgets, makeGadgetTables } from '../support/gadgets.js';
import { importEnded, importFile, startImport, uploadFile } from '../support/import-file.js';
import { revertEnded, revertImport, startRevert, type Kept } from '../support/revert-import.js';
import { until } from '../support/until.js';

const GADGETS = { resource: 'gadgets', mapping: { code: 'Number', name: 'Name', price: 'Price' } };

function csv(count: number): string {
  return `Number,Name,Price\n${Array.from({ length: count }, (_, n) => `G-${n},Lamp ${n},${n}\n`).join('')}`;
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

const gadgetsLeft = async () => (await app.asOwner<{ n: number }>('select count(*)::int as n from public.gadget'))[0]!.n;

interface Gate {
  readonly reached: Promise<void>;
  readonly open: () => void;
  readonly fail: (error: Error) => void;
}

/** Holds what calls the hook the `nth` time. */
function gateAt(nth: number, hook: 'beforeCommit' | 'beforeRevertCommits'): Gate {
  let open!: () => void;
  let fail!: (error: Error) => void;
  let calls = 0;
  const held = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  held.catch(() => undefined);
  gadgets[hook] = async () => {
    calls += 1;
    if (calls === nth) await held;
  };
  return { reached: until('the chunk to be held', () => calls >= nth).then(() => undefined), open, fail };
}

describe('S156 the operation that takes an import back', () => {
  it('S156 G42 cancelled it keeps what it has done; resumed it ends with every record taken back once', async () => {
    const done = await importFile(http, csv(3000), GADGETS);
    const gate = gateAt(3, 'beforeRevertCommits');
    const id = await startRevert(http, done.id);
    await gate.reached;
    await http.post(`/v1/operations/${id}/cancel`).expect(200);
    gate.open();
    expect(await revertEnded(http, id)).toMatchObject({ status: 'cancelled', progress: { done: 1500, total: 3000 } });
    expect(await gadgetsLeft()).toBe(1500);
    await http.post(`/v1/operations/${id}/resume`).expect(200);
    expect(await revertEnded(http, id)).toMatchObject({ status: 'succeeded', progress: { done: 3000, total: 3000 }, result: { reverted: 3000, kept: 0 } });
    expect(await gadgetsLeft()).toBe(0);
  });

  it('S156 G42 cut off between two commits it goes on in the next process, and counts each record once', async () => {
    const done = await importFile(http, csv(3000), GADGETS);
    const gate = gateAt(4, 'beforeRevertCommits');
    const id = await startRevert(http, done.id);
    await gate.reached;
    const restarting = app.restart();
    gate.fail(Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' }));
    app = await restarting;
    http = await app.asAdmin();
    gadgets.beforeRevertCommits = () => Promise.resolve();
    expect(await revertEnded(http, id)).toMatchObject({ status: 'succeeded', result: { reverted: 3000, kept: 0 } });
    expect(await gadgetsLeft()).toBe(0);
  });

  it('S156 G10 done by two processes at once, one of which was taken for dead, counts each record once', async () => {
    const done = await importFile(http, csv(3000), GADGETS);
    const gate = gateAt(2, 'beforeRevertCommits');
    const id = await startRevert(http, done.id);
    await gate.reached;
    const { handler } = app.get(Jobs).registered().find(({ kind }) => kind.name === 'operation.integration.import_revert')!;
    const second = handler.run({
      id, payload: { operationId: id }, attempt: 2, isLastAttempt: false, signal: new AbortController().signal,
      once: (work) => app.database.transaction(SYSTEM, work),
    });
    gate.open();
    await second;
    expect(await revertEnded(http, id)).toMatchObject({ status: 'succeeded', result: { reverted: 3000, kept: 0 } });
    expect(await gadgetsLeft()).toBe(0);
  });

  it('S156 knows records that somebody changed between two chunks of the import, though the import changed them again', async () => {
    // The ledger is looked through twenty chunks at a time: two records come again in the same twenty, two in the next.
    const gate = gateAt(22, 'beforeCommit');
    const again = [0, 1, 20_800, 20_801].map((n) => `G-${n},Again,1\n`).join('');
    const id = await startImport(http, await uploadFile(http, csv(21_000) + again), GADGETS);
    await gate.reached;
    // The last chunk holds the rows it wrote; as if the change had come before it.
    gate.fail(Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' }));
    gadgets.beforeCommit = () => Promise.resolve();
    await app.asOwner("update public.gadget set version = version + 1 where code in ('G-0', 'G-20800')");
    expect(await importEnded(http, id)).toMatchObject({ status: 'succeeded', counts: { created: 21_000, updated: 4 } });
    expect(await revertImport(http, id)).toMatchObject({ reverted: 20_998, kept: 2 });
    expect(await app.asOwner('select code from public.gadget order by code')).toEqual([{ code: 'G-0' }, { code: 'G-20800' }]);
    const { body } = await http.get(`/v1/imports/${id}/kept`).expect(200);
    expect((body as { data: Kept[] }).data.map(({ line, reason }) => [line, reason])).toEqual([[21_002, 'changed_since'], [21_004, 'changed_since']]);
  });

  it('S156 ends an import that was cancelled: resumed, it brings nothing more in', async () => {
    const gate = gateAt(2, 'beforeCommit');
    const id = await startImport(http, await uploadFile(http, csv(4000)), GADGETS);
    await gate.reached;
    await http.post(`/v1/imports/${id}/revert`).expect(409).expect(({ body }) => expect(body.code).toBe('import_running'));
    await http.post(`/v1/operations/${id}/cancel`).expect(200);
    gate.open();
    await importEnded(http, id);
    expect(await revertImport(http, id)).toMatchObject({ reverted: 2000 });
    await http.post(`/v1/operations/${id}/resume`).expect(200);
    expect(await importEnded(http, id)).toMatchObject({ status: 'failed', error: { code: 'import_reverted' }, counts: { created: 2000 } });
    expect(await gadgetsLeft()).toBe(0);
  });

  it('S156 is refused for a trial, while one is under way, and without the rights', async () => {
    const trial = await importFile(http, csv(1), { ...GADGETS, options: { dryRun: true } });
    await http.post(`/v1/imports/${trial.id}/revert`).expect(409).expect(({ body }) => expect(body.code).toBe('nothing_to_revert'));
    await http.post('/v1/imports/019a0000-0000-7000-8000-00000000dead/revert').expect(404);
    await http.get('/v1/imports/019a0000-0000-7000-8000-00000000dead/kept').expect(404);

    const done = await importFile(http, csv(600), GADGETS);
    await (await app.as('integration')).post(`/v1/imports/${done.id}/revert`).expect(403);
    await (await app.as('viewer')).get(`/v1/imports/${done.id}/kept`).expect(403);
    const gate = gateAt(1, 'beforeRevertCommits');
    const first = await startRevert(http, done.id);
    await gate.reached;
    await http.post(`/v1/imports/${done.id}/revert`).expect(409).expect(({ body }) => expect(body).toMatchObject({ code: 'revert_running', operationId: first }));
    await http.post(`/v1/operations/${first}/cancel`).expect(200);
    gate.open();
    await revertEnded(http, first);
    const second = await startRevert(http, done.id);
    expect(await revertEnded(http, second)).toMatchObject({ status: 'succeeded', result: { reverted: 100, kept: 0 } });
    await http.post(`/v1/operations/${first}/resume`).expect(200);
    expect(await revertEnded(http, first)).toMatchObject({ status: 'failed', error: { code: 'revert_superseded' } });
    await http.get(`/v1/imports/${done.id}`).expect(200).expect(({ body }) => expect(body.revertId).toBe(second));
  });

  it('G5 a retried start under its key starts one', async () => {
    const done = await importFile(http, csv(3), GADGETS);
    const start = () => http.post(`/v1/imports/${done.id}/revert`).set('Idempotency-Key', `revert-${done.id}`).expect(202);
    const first = await start();
    await revertEnded(http, (first.body as { id: string }).id);
    expect((await start().expect('Idempotent-Replayed', 'true')).body).toEqual(first.body);
  });

  it('S156 pages what stays without gaps, in the order of the file', async () => {
    const done = await importFile(http, csv(1100), GADGETS);
    await app.asOwner('update public.gadget set version = version + 1');
    expect(await revertImport(http, done.id)).toMatchObject({ reverted: 0, kept: 1100 });
    const kept = await everyPage<Kept>(http, `/v1/imports/${done.id}/kept?limit=200`);
    expect(kept.map(({ line }) => line)).toEqual(Array.from({ length: 1100 }, (_, n) => n + 2));
  });
});
