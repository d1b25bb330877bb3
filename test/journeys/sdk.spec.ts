import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createShuke, type Operation, type Shuke } from '@shuke/client';
import { Installation } from '../support/installation.js';
import { until } from '../support/until.js';

const PASSWORD = 'correct horse battery staple';
const IMPORTED = 6_000;
const PATIENT = { tries: 1000, firstPauseMillis: 20, longestPauseMillis: 200 };

let installation: Installation;
let shuke: Shuke;

beforeAll(async () => {
  installation = await Installation.create({ ADMIN_PASSWORD: PASSWORD });
  await installation.start();
  shuke = createShuke({ baseUrl: installation.url, signIn: { email: 'admin@example.com', password: PASSWORD }, retry: PATIENT, deadlineMillis: 120_000 });
}, 90_000);
afterAll(() => installation.remove());

/** Kills the app, or the app with its database, and starts it again. */
async function crash(victim: 'app' | 'both'): Promise<void> {
  await installation.kill(victim);
  await installation.start();
}

describe('S152 S154 a client through the death of its server', () => {
  it('waits for its import to the end, follows every event once, and its orders are there once', async () => {
    const controller = new AbortController();
    const heard: string[] = [];
    const following = (async () => {
      for await (const { id } of shuke.events({ pollMillis: 20, signal: controller.signal })) heard.push(id);
    })().catch((reason: unknown) => reason);

    const lines = Array.from({ length: IMPORTED }, (_, n) => `j-${n},Person ${n}`);
    const { data: upload } = await shuke.upload(['uid,n', ...lines].join('\n'), { name: 'people.csv' });
    const { data: operation } = await shuke.call('createImport', { body: { uploadId: upload.id, resource: 'customers', mapping: { 'externalIds.journey': 'uid', name: 'n' } } });
    const told: Operation[] = [];
    const waiting = shuke.waitFor(operation, { onProgress: (moved) => told.push(moved) });
    const { data: buyer } = await shuke.call('createCustomer', { body: { name: '买家' } });

    let isOver = false;
    const bought: string[] = [];
    const buying = (async () => {
      while (!isOver) {
        const { data } = await shuke.call('createOrder', { body: { customer: { id: buyer.id }, currency: 'CNY', lines: [{ name: 'tea', quantity: 1, unitPrice: { amount: '1.00', currency: 'CNY' } }] } });
        bought.push(data.id);
      }
    })();
    await until('the import to move', () => told.some(({ progress }) => progress.done > 0));
    for (const victim of ['app', 'both'] as const) {
      const before = bought.length;
      await until('orders to come in', () => bought.length > before + 20);
      await crash(victim);
    }
    isOver = true;
    await buying;
    // Another process takes the import over once the dead one's hold on it has run out.
    const ended = await waiting;

    expect(ended).toMatchObject({ status: 'succeeded', progress: { done: IMPORTED } });
    const { data: imported } = await shuke.call('getImport', { id: operation.id });
    expect(imported.counts).toEqual({ created: IMPORTED, updated: 0, unchanged: 0, skipped: 0, refused: 0 });

    // What was answered is there, and nothing besides: no try was taken for a second order.
    const orders: string[] = [];
    for await (const { id } of shuke.each('listOrders', { customerId: buyer.id, limit: 200 })) orders.push(id);
    expect(orders.toSorted()).toEqual(bought.toSorted());

    const all: string[] = [];
    for await (const { id } of shuke.events({ follow: false })) all.push(id);
    await until('the follower to have heard everything', () => heard.length >= all.length);
    controller.abort('enough');
    expect(await following).toBe('enough');
    expect(heard).toEqual(all);
    expect(all.length).toBeGreaterThanOrEqual(IMPORTED + 1 + orders.length);
    process.stderr.write(`client: ${orders.length} orders, ${all.length} events, two deaths\n`);
  }, 240_000);
});
