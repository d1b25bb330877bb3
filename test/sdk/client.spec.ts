import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createShuke, isProblem, OperationCancelled, type Shuke, type Tokens } from '@shuke/client';
import { bringCustomers } from '../../sdk/typescript/examples/bring-customers.js';
import { countOrders } from '../../sdk/typescript/examples/count-orders.js';
import { firstCustomer } from '../../sdk/typescript/examples/first-customer.js';
import { tagBigSpenders } from '../../sdk/typescript/examples/tag-big-spenders.js';
import { takeCustomersOut } from '../../sdk/typescript/examples/take-customers-out.js';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

let app: TestApp;
let shuke: Shuke;

beforeAll(async () => {
  app = await startApp({ workers: true });
  await app.asAdmin();
  shuke = createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
});
afterAll(() => app.close());

const order = (customerId: string, amount: string) => ({
  customer: { id: customerId }, currency: 'CNY', lines: [{ name: '龙井', quantity: 1, unitPrice: { amount, currency: 'CNY' } }],
});

/** An order and its payment, so that it counts as spent. */
async function spends(customerId: string, amount: string): Promise<string | undefined> {
  const { data } = await shuke.call('createOrder', { body: order(customerId, amount) });
  const { eventId } = await shuke.call('recordPayment', { id: data.id, body: { method: 'alipay', state: 'settled', amount: { amount, currency: 'CNY' } } });
  return eventId;
}

describe('S152 the examples of the client', () => {
  it('register a customer and read what follows from it', async () => {
    expect(await firstCustomer(shuke)).toBe('张三丰 has 0 orders');
  });

  it('bring a file in, with progress and what was refused', async () => {
    const told: number[] = [];
    const { added, refused } = await bringCustomers(shuke, 'uid,full name,mobile\nu-1,李娜,13900139000\nu-2,王伟,nonsense\n', (part) => told.push(part));
    expect(added).toBe(1);
    expect(refused).toEqual([expect.stringMatching(/^line 3: .*telephone/)]);
    expect(told.at(-1)).toBe(1);
    const good = Array.from({ length: 2000 }, (_, n) => `g-${n},Good ${n},\n`).join('');
    const broken = `"${'x'.repeat(300_000)}\n`.repeat(51);
    await expect(bringCustomers(shuke, `uid,full name,mobile\n${good}${broken}`, () => undefined)).rejects.toThrow('It cannot be imported: More than 50 lines');
  });

  it('tag who spent much, over several pages, and twice changes nothing', async () => {
    const { data: customer } = await shuke.call('createCustomer', { body: { name: '富' } });
    const eventId = await spends(customer.id, '5000.00');
    await shuke.call('getCustomerOverview', { id: customer.id, waitForEvent: eventId });
    expect(await tagBigSpenders(shuke, '4999.00')).toBe(1);
    expect((await shuke.call('getCustomer', { id: customer.id })).data.tags).toEqual(['big-spender']);
    await tagBigSpenders(shuke, '4999.00');
    expect((await shuke.call('getCustomer', { id: customer.id })).data.version).toBe(2);
  });

  it('S157 take customers out', async () => {
    await shuke.call('createCustomer', { body: { name: '出', tags: ['leaving'] } });
    const chunks: Uint8Array[] = [];
    const told: number[] = [];
    const bytes = await takeCustomersOut(shuke, ['leaving'], new WritableStream({ write: (chunk) => void chunks.push(chunk) }), (records) => told.push(records));
    const text = Buffer.concat(chunks).toString();
    expect([JSON.parse(text), told.at(-1), Buffer.byteLength(text)]).toEqual([expect.objectContaining({ name: '出' }), 1, bytes]);
  });

  it('S154 count orders, stopped and started again, each once', async () => {
    const { data: customer } = await shuke.call('createCustomer', { body: { name: '数' } });
    const kept = { cursor: 0, orders: 0 };
    for (const more of [3, 4]) {
      for (let n = 0; n < more; n += 1) await shuke.call('createOrder', { body: order(customer.id, '1.00') });
      const [{ placed } = { placed: 0 }] = await app.asOwner<{ placed: number }>('select count(*)::int as placed from sales.order_header');
      const controller = new AbortController();
      const counting = countOrders(shuke, kept, controller.signal).catch((reason: unknown) => reason);
      await until(`${placed} orders counted`, () => kept.orders >= placed);
      controller.abort('enough');
      expect([await counting, kept.orders]).toEqual(['enough', placed]);
    }
  });
});

describe('S152 the client on the real server', () => {
  it('reads its own writes at once, however far behind the views are', async () => {
    for (let n = 1; n <= 5; n += 1) {
      const { data: customer } = await shuke.call('createCustomer', { body: { name: `Reader ${n}` } });
      const eventId = await spends(customer.id, '10.00');
      const { data } = await shuke.call('getCustomerOverview', { id: customer.id, waitForEvent: eventId });
      expect(data.purchases.totalSpent).toEqual({ amount: '10.00', currency: 'CNY' });
    }
  });

  it('twenty updates at once of one customer all take effect', async () => {
    const { data: customer } = await shuke.call('createCustomer', { body: { name: '忙', tags: [] } });
    const patient = async (tag: string) => {
      for (;;) {
        try {
          return await shuke.update('Customer', customer.id, ({ tags }) => ({ tags: [...tags, tag] }));
        } catch (error) {
          if (!isProblem(error, 'version_conflict')) throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => patient(`t${n}`)));
    const { data } = await shuke.call('getCustomer', { id: customer.id });
    expect([data.version, new Set(data.tags).size]).toEqual([21, 20]);
  });

  it('goes through a list of several pages, each once, while it grows', async () => {
    const items = Array.from({ length: 130 }, (_, n) => ({ name: `Listed ${n}`, tags: ['listed'], externalIds: [{ system: 'list', id: String(n) }] }));
    await shuke.call('upsertCustomers', { body: { items } });
    const found: string[] = [];
    for await (const { id } of shuke.each('listCustomers', { tagsAny: ['listed'], limit: 25 })) {
      if (found.length === 30) await shuke.call('createCustomer', { body: { name: 'Late', tags: ['listed'] } });
      found.push(id);
    }
    expect([found.length, new Set(found).size]).toEqual([130, 130]);
  });

  it('renews the tokens of its session once for twenty requests at once', async () => {
    const { data: tokens } = await createShuke({ baseUrl: app.url }).call('createSession', { body: ADMINISTRATOR });
    const kept: Tokens[] = [];
    const again = createShuke({ baseUrl: app.url, session: { accessToken: 'run out', refreshToken: tokens.refreshToken, onTokens: (next) => void kept.push(next) } });
    await Promise.all(Array.from({ length: 20 }, () => again.call('getMe')));
    expect(kept).toHaveLength(1);
    // Sent twice, the refresh token would have ended the session.
    await again.call('getMe');
  });

  it('an answer is kept under the key, and a refusal says what is wrong', async () => {
    const input = { idempotencyKey: 'the-same', body: { name: '一次' } } as const;
    const [first, second] = [await shuke.call('createCustomer', input), await shuke.call('createCustomer', input)];
    expect([first.replayed, second.replayed, second.data.id === first.data.id]).toEqual([false, true, true]);
    const error: unknown = await shuke.call('createCustomer', { ...input, body: { name: '两次' } }).catch((refusal: unknown) => refusal);
    expect(isProblem(error, 'idempotency_key_reused')).toBe(true);
    const chinese: unknown = await createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR, language: 'zh' }).call('getCustomer', { id: '0192f0c1-2b3c-7def-8abc-1234567890ab' }).catch((refusal: unknown) => refusal);
    expect(chinese).toMatchObject({ status: 404, detail: expect.stringMatching(/[\u4e00-\u9fff]/) });
  });

  it('a cancelled operation is told apart', async () => {
    const file = `uid,n\n${Array.from({ length: 5000 }, (_, n) => `x-${n},Person ${n}\n`).join('')}`;
    const { data: upload } = await shuke.upload(file, { name: 'many.csv' });
    const { data: operation } = await shuke.call('createImport', { body: { uploadId: upload.id, resource: 'customers', mapping: { 'externalIds.many': 'uid', name: 'n' } } });
    let cancelling: Promise<unknown> | undefined;
    const waiting = shuke.waitFor(operation, { onProgress: ({ progress }) => void (progress.done > 0 && (cancelling ??= shuke.call('cancelOperation', { id: operation.id }))) });
    await expect(waiting).rejects.toBeInstanceOf(OperationCancelled);
    await cancelling;
  });

  it('takes a report as a file', async () => {
    const { stream, contentType } = await shuke.download('getMonths', { format: 'csv' });
    expect(contentType).toContain('text/csv');
    expect((await new Response(stream).text()).split('\n').length).toBeGreaterThan(1);
  });
});
