import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { everythingStored } from '../support/table-hashes.js';
import { list, phone, register, email } from './people.js';
import { anOrder, placed, salesTells } from './told-by-sales.js';

const CANARY = {
  name: 'Canaria Namequist',
  bornOn: '1987-11-23',
  note: 'canary-note-text',
  contactPoints: [phone('13977788899'), email('canary.mail@example.com'), { kind: 'wechat', value: 'canary_wechat', label: 'canary-label' }],
  addresses: [{ label: 'canary-home', recipient: 'Canaria Recipient', line: 'Canary Lane 99', postcode: 'CN-99881', city: '上海', country: 'CN' }],
  externalIds: [{ system: 'shop', id: 'ext-canary-1' }],
  tags: ['vip'],
};
const CLEAR = ['Canaria', 'Namequist', '1987-11-23', 'canary-note', '13977788899', '139 7778', 'canary.mail', 'canary_wechat', 'canary-label', 'Canary Lane', 'CN-99881', 'canary-home'];

describe('erasure', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  /** Also as the hex and base64 of bytea columns would show it. */
  function formsOf(text: string): string[] {
    return [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)];
  }

  it('G27 writes nothing personal in clear anywhere: tables, outbox, log, audit, idempotency, jobs', async () => {
    const { body } = await http.post('/v1/customers').set('Idempotency-Key', 'canary').send(CANARY).expect(201);
    const { id } = body as { id: string };
    await http.post('/v1/customers').set('Idempotency-Key', 'canary-2').send(CANARY).expect(409);
    await http.post('/v1/customers/batch').set('Idempotency-Key', 'canary-3').send({ items: [CANARY, { ...CANARY, contactPoints: [phone('canary')], externalIds: [] }] }).expect(207);
    await http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').set('Idempotency-Key', 'canary-4').send({ note: 'canary-note-2' }).expect(200);
    await list(http, { q: 'Canaria' });
    await list(http, { phone: '13977788899' });
    await app.drainEvents();

    const rows = await everythingStored(app);
    expect(rows).toContain(id);
    for (const clear of [...CLEAR, 'canary-note-2'].flatMap(formsOf)) expect(rows.includes(clear) ? clear : undefined).toBeUndefined();
  });

  it('G28 G29 leaves nothing that tells who it was, and the figures of their orders', async () => {
    const input = { ...CANARY, name: '王昭君', contactPoints: [phone('13955554444')], externalIds: [{ system: 'shop', id: 'erase-me' }] };
    const { id } = (await http.post('/v1/customers').set('Idempotency-Key', 'to-erase').send(input).expect(201)).body as { id: string };
    await salesTells(app, placed(anOrder(id)));
    await app.drainEvents();
    const sealed = await app.asOwner('select sealed from customer.customer where id = $1', [id]);
    expect(sealed).toEqual([{ sealed: expect.any(Buffer) }]);

    const erased = await http.post(`/v1/customers/${id}/erase`).set('Idempotency-Key', 'erase').expect(204);
    await http.post(`/v1/customers/${id}/erase`).set('Idempotency-Key', 'erase').expect(204).expect('Idempotent-Replayed', 'true');
    expect(erased.headers['event-id']).toBeDefined();
    await app.drainEvents();

    for (const path of ['', '/overview', '/timeline']) {
      expect((await http.get(`/v1/customers/${id}${path}`).expect(410)).body).toMatchObject({ code: 'person_erased' });
    }
    await http.post(`/v1/customers/${id}/erase`).expect(410);
    await http.patch(`/v1/customers/${id}`).set('If-Match', '"2"').send({ name: 'x' }).expect(410);
    await http.delete(`/v1/customers/${id}`).set('If-Match', '"2"').expect(410);
    // The stored answer to the registration is sealed under the destroyed key.
    await http.post('/v1/customers').set('Idempotency-Key', 'to-erase').send(input).expect(410);

    const asked: Record<string, string>[] = [{ q: '昭君' }, { q: '5555' }, { phone: '13955554444' }, { externalSystem: 'shop', externalId: 'erase-me' }];
    for (const query of asked) {
      expect((await list(http, { ...query, status: 'active,deleted,erased' })).data).toEqual([]);
    }
    for (const table of ['customer.external_id', 'customer.contact_index', 'customer.search']) {
      expect(await app.asOwner(`select from ${table} where customer_id = $1`, [id])).toEqual([]);
    }
    expect(await app.asOwner('select wrapped_key from vault.person_key where person_id = $1', [id])).toEqual([{ wrapped_key: null }]);
    expect(await app.asOwner('select sealed, tags, gender, city, country, status from customer.customer where id = $1', [id])).toEqual([{ sealed: null, tags: [], gender: null, city: null, country: null, status: 'erased' }]);

    const [shell] = (await list(http, { status: 'erased' })).data;
    expect(shell).toMatchObject({ id, status: 'erased', name: null, contactPoints: [], tags: [], purchases: { orderCount: 1, totalSpent: { amount: '199.00', currency: 'CNY' } } });
    expect(await app.asOwner('select total_minor from customer.purchase where customer_id = $1', [id])).toEqual([{ total_minor: 19_900 }]);
    expect(await app.asOwner(`select name from platform.event_log where aggregate_id = $1 order by position desc limit 1`, [id])).toEqual([{ name: 'customer.erased' }]);
  });

  it('frees the phone, e-mail address and external ids for the next person', async () => {
    const input = { contactPoints: [phone('13966667777')], externalIds: [{ system: 'shop', id: 'again' }] };
    const first = await register(http, input);
    await http.post(`/v1/customers/${first.id}/erase`).expect(204);
    const second = await register(http, input);
    expect(second.id).not.toBe(first.id);
  });

  it('wins over changes under way: whatever the order, no fingerprint is left behind', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await register(http, { name: 'x' });
      const [, patched] = await Promise.all([
        http.post(`/v1/customers/${id}/erase`).expect(204),
        http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').send({ contactPoints: [phone(`1395000${1000 + round}`)] }),
      ]);
      expect([200, 410, 412]).toContain(patched.status);
      expect(await app.asOwner('select from customer.contact_index where customer_id = $1', [id])).toEqual([]);
      await http.get(`/v1/customers/${id}`).expect(410);
    }
  });

  it('G34 every change and every read of personal data is in the audit', async () => {
    const { id } = await register(http, { name: '孙策', contactPoints: [phone('13911113333')] });
    await http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').send({ note: 'x' }).expect(200);
    await http.get(`/v1/customers/${id}`).expect(200);
    await http.get(`/v1/customers/${id}/overview`).expect(200);
    await list(http, { phone: '13911113333' });
    await list(http, { q: '孙策' });
    await list(http, { phone: '13911113333', fields: 'id,status' });
    await http.post('/v1/customers/tags').send({ customerIds: [id], add: ['vip'] }).expect(200);
    await http.delete(`/v1/customers/${id}`).set('If-Match', '"3"').expect(204);
    await http.post(`/v1/customers/${id}/erase`).expect(204);
    const actions = await app.asOwner<{ action: string }>('select action from platform.audit_inbox where $1 = any(subject_ids) order by id', [id]);
    expect(actions.map(({ action }) => action)).toEqual([
      'customer.registered', 'customer.changed', 'customer.read', 'customer.read', 'customer.listed', 'customer.searched', 'customer.changed', 'customer.deleted', 'customer.erased',
    ]);
  });
});
