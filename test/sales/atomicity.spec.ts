import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM as PRODUCT_ITSELF } from '../../src/kernel/actor.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { CancelOrder } from '../../src/sales/orders/use-cases/cancel-order.js';
import { PlaceOrder } from '../../src/sales/orders/use-cases/place-order.js';
import { RecordFulfilment } from '../../src/sales/orders/use-cases/record-fulfilment.js';
import { RecordPayment } from '../../src/sales/orders/use-cases/record-payment.js';
import { RecordRefund } from '../../src/sales/orders/use-cases/record-refund.js';
import { UpsertOrder } from '../../src/sales/orders/use-cases/upsert-order.js';
import { UpsertProduct } from '../../src/sales/products/use-cases/upsert-product.js';
import { startApp, type TestApp } from '../support/app.js';
import { cny, Selling, type OrderBody } from './selling.js';

const ENOUGH = 50;

describe('G9 state and event commit together', () => {
  let app: TestApp;
  let selling: Selling;
  let paid: OrderBody;

  beforeAll(async () => {
    app = await startApp();
    selling = await Selling.start(app);
    paid = await selling.placePaid();
  });
  afterAll(() => app?.close());

  const input = (more: object = {}) => ({ customer: { id: selling.customerId }, currency: 'CNY', lines: [{ name: 'Tea', quantity: 1, unitPrice: cny('1.00') }], ...more });
  const deeds: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
    PlaceOrder: (tx) => app.get(PlaceOrder).run(tx, input({ externalIds: [{ system: 'g9', id: 'placed' }] })),
    'UpsertOrder (new)': (tx) => app.get(UpsertOrder).run(tx, { system: 'g9', id: 'upserted' }, input({ cancellation: {} })),
    RecordPayment: async (tx) => app.get(RecordPayment).run(tx, (await anUnpaidOrder(tx)).id, { method: 'card', state: 'settled', amount: cny('1.00'), provider: 'p', providerEventId: 'g9' }),
    RecordRefund: (tx) => app.get(RecordRefund).run(tx, paid.id, { state: 'settled', amount: cny('1.00'), provider: 'p', providerEventId: 'g9r' }),
    RecordFulfilment: (tx) => app.get(RecordFulfilment).run(tx, paid.id, { state: 'shipped', lines: [{ number: 1, quantity: 1 }], externalIds: [{ system: 'g9', id: 'f' }] }),
    CancelOrder: (tx) => app.get(CancelOrder).run(tx, paid.id, null),
    UpsertProduct: (tx) => app.get(UpsertProduct).run(tx, { sku: 'G9', externalIds: [{ system: 'g9', id: 'p' }] }),
  };
  const anUnpaidOrder = async (tx: Tx) => (await app.get(PlaceOrder).run(tx, input())).order;

  it.each(Object.keys(deeds))('%s: failing at any of its statements, or before COMMIT, leaves neither state nor event', async (name) => {
    const before = await everything();
    let statements = 0;
    for (let failing = 1; failing <= ENOUGH; failing += 1) {
      const outcome = await app.database
        .transaction(PRODUCT_ITSELF, async (tx) => {
          statements = 0;
          failAt(tx, failing, () => (statements += 1));
          await deeds[name]!(tx);
          throw new Error('before commit');
        })
        .catch((error: Error) => error.message);
      expect(await everything()).toEqual(before);
      if (outcome === 'before commit') break;
      expect(outcome).toBe('planted');
    }
    // Each statement failed once before the run that got through to the end.
    expect(statements).toBeGreaterThan(0);
  });

  it('over HTTP: a COMMIT that fails leaves nothing, and says it was our fault', async () => {
    await app.asOwner(`create function sales.fail() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$`);
    await app.asOwner('create constraint trigger fail after insert on sales.order_header deferrable initially deferred for each row execute function sales.fail()');
    const before = await everything();
    await selling.http.post('/v1/orders').set('Idempotency-Key', 'g9-commit').send(selling.anOrder()).expect(500);
    expect(await everything()).toEqual(before);
    await app.asOwner('drop trigger fail on sales.order_header');
    await selling.http.post('/v1/orders').set('Idempotency-Key', 'g9-commit').send(selling.anOrder()).expect(201);
  });

  it('over HTTP: an event that cannot be written takes the order with it', async () => {
    await app.asOwner('alter table platform.outbox add constraint planted check (false) not valid');
    const before = await everything();
    await selling.http.post('/v1/orders').send(selling.anOrder()).expect(500);
    await selling.pay(paid.id, '1.00').expect(422);
    await selling.refund(paid.id, '1.00').expect(500);
    expect(await everything()).toEqual(before);
    await app.asOwner('alter table platform.outbox drop constraint planted');
  });

  /** Every row of sales and every fact recorded, but for the sequence, which no rollback winds back. */
  async function everything(): Promise<unknown> {
    const [row] = await app.asOwner(`
      select (select json_agg(o order by o.id) from sales.order_header o) as orders, (select json_agg(l order by l.order_id, l.number) from sales.order_line l) as lines,
             (select json_agg(p order by p.id) from sales.payment p) as payments, (select json_agg(r order by r.id) from sales.refund r) as refunds,
             (select json_agg(f order by f.id) from sales.fulfilment f) as fulfilments, (select json_agg(e order by e.kind, e.system, e.id) from sales.external_id e) as names,
             (select json_agg(e order by e.provider, e.event_id) from sales.provider_event e) as events, (select json_agg(p order by p.id) from sales.product p) as products,
             (select count(*) from platform.outbox) as outbox, (select count(*) from platform.audit_inbox where subject_type in ('order', 'product')) as audit`);
    return row;
  }
});

/** Lets the transaction's n-th statement fail before it is sent. */
function failAt(tx: Tx, n: number, count: () => number): void {
  const query = tx.client.query.bind(tx.client) as (...args: unknown[]) => unknown;
  // Savepoints are part of the work; the rollback of the transaction itself goes another way.
  tx.client.query = ((...args: unknown[]) => {
    const text = typeof args[0] === 'string' ? args[0] : '';
    if (!text.startsWith('rollback') && !text.startsWith('release') && text !== 'ROLLBACK' && count() === n) return Promise.reject(new Error('planted'));
    return query(...args);
  }) as typeof tx.client.query;
}
