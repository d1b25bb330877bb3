import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { email, list, phone, register } from './people.js';

interface Outcome {
  readonly index: number;
  readonly status: number;
  readonly data?: { readonly id: string; readonly version: number };
  readonly problem?: { readonly code: string; readonly customerId?: string };
}

describe('who is who', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  const put = (system: string, id: string, body: object) => http.put(`/v1/customers/by-external-id/${system}/${id}`).send(body);
  const batch = async (...items: object[]) => ((await http.post('/v1/customers/batch').send({ items }).expect(207)).body as { data: Outcome[] }).data;

  it('refuses a phone, e-mail address or external id that somebody else has, and names them', async () => {
    const { id } = await register(http, { name: '李娜', contactPoints: [phone('138 0000 1111'), email('Li.Na@example.com')], externalIds: [{ system: 'shop', id: '1' }] });
    const clashes = [{ contactPoints: [phone('+86 13800001111')] }, { contactPoints: [email('li.na@EXAMPLE.com')] }, { name: 'x', externalIds: [{ system: 'shop', id: '1' }] }];
    for (const clash of clashes) {
      const { body } = await http.post('/v1/customers').send(clash).expect(409);
      expect(body).toMatchObject({ code: 'duplicate_customer', customerId: id });
      expect(JSON.stringify(body)).not.toMatch(/13800001111|li\.na/i);
    }
    const other = await register(http, { name: '王芳' });
    const { body } = await http.patch(`/v1/customers/${other.id}`).set('If-Match', '"1"').send({ contactPoints: [phone('13800001111')] }).expect(409);
    expect(body).toMatchObject({ code: 'duplicate_customer', customerId: id });
    await http.get(`/v1/customers/${other.id}`).expect('ETag', '"1"');
  });

  it('lets a family share a phone that is marked as shared, and finds all of them by it', async () => {
    const shared = phone('010 6552 9988', true);
    const first = await register(http, { name: 'a', contactPoints: [shared] });
    const second = await register(http, { name: 'b', contactPoints: [shared] });
    expect((await list(http, { phone: '01065529988' })).data.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it('frees phones and e-mail addresses when a customer is deleted or lets go of them, and keeps external ids', async () => {
    const gone = await register(http, { contactPoints: [phone('13800002222')], externalIds: [{ system: 'shop', id: '2' }] });
    await http.delete(`/v1/customers/${gone.id}`).set('If-Match', '"1"').expect(204);
    const heir = await register(http, { contactPoints: [phone('13800002222')] });
    expect((await list(http, { phone: '13800002222' })).data.map(({ id }) => id)).toEqual([heir.id]);
    await http.patch(`/v1/customers/${heir.id}`).set('If-Match', '"1"').send({ name: 'heir', contactPoints: [] }).expect(200);
    await register(http, { contactPoints: [phone('13800002222')] });
    const { body } = await put('shop', '2', { name: 'x' }).expect(409);
    expect(body).toMatchObject({ code: 'customer_deleted', customerId: gone.id });
  });

  it('upserts by external id: creates once, then merges what is given and adds external ids', async () => {
    const created = await put('erp', 'C-1', { name: '赵云', tags: ['vip'], externalIds: [{ system: 'shop', id: '3' }] }).expect(201);
    const { id } = created.body as { id: string };
    expect(created.headers['location']).toBe(`/v1/customers/${id}`);
    await put('erp', 'C-1', { name: '赵云', tags: ['vip'] }).expect(200).expect('ETag', '"1"');
    const changed = await put('shop', '3', { note: 'x', name: null, externalIds: [{ system: 'pos', id: '8' }] }).expect(200).expect('ETag', '"2"');
    expect(changed.body).toMatchObject({
      id, name: null, note: 'x', tags: ['vip'],
      externalIds: [{ system: 'erp', id: 'C-1' }, { system: 'pos', id: '8' }, { system: 'shop', id: '3' }],
    });
    expect((await http.get(`/v1/customers/${id}`)).text).toBe(changed.text);
  });

  it('takes each of a batch for itself and answers each in its place', async () => {
    const known = await register(http, { name: 'known', contactPoints: [email('known@example.com')], externalIds: [{ system: 'shop', id: '10' }] });
    const outcomes = await batch(
      { name: 'new', externalIds: [{ system: 'shop', id: '11' }], contactPoints: [phone('13800003333')] },
      { externalIds: [{ system: 'shop', id: '10' }], note: 'found by external id' },
      { contactPoints: [email('KNOWN@example.com')], tags: ['found by e-mail'] },
      { externalIds: [{ system: 'shop', id: '12' }], contactPoints: [phone('138 0000 3333')] },
      { name: 'bad', contactPoints: [phone('none')] },
      { externalIds: [{ system: 'shop', id: '10' }, { system: 'shop', id: '11' }] },
    );
    const [fresh] = outcomes;
    expect(outcomes).toEqual([
      { index: 0, status: 201, data: { id: expect.any(String), version: 1 } },
      { index: 1, status: 200, data: { id: known.id, version: expect.any(Number) } },
      { index: 2, status: 200, data: { id: known.id, version: expect.any(Number) } },
      { index: 3, status: 409, problem: expect.objectContaining({ code: 'duplicate_customer', customerId: fresh!.data!.id, type: '/docs/problems#duplicate_customer' }) },
      { index: 4, status: 422, problem: expect.objectContaining({ code: 'invalid_customer', errors: [expect.objectContaining({ pointer: '/contactPoints/0/value' })] }) },
      { index: 5, status: 409, problem: expect.objectContaining({ code: 'ambiguous_customer' }) },
    ]);
    expect((await http.get(`/v1/customers/${known.id}`)).body).toMatchObject({ note: 'found by external id', tags: ['found by e-mail'], contactPoints: [{ value: 'KNOWN@example.com' }] });
    expect((await list(http, { externalSystem: 'shop', externalId: '12' })).data).toEqual([]);
  });

  it('makes one person of 100 parallel upserts by external id and by phone', async () => {
    const number = '13800004444';
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        if (index % 2 === 0) {
          const { status, body } = await put('shop', '444', { name: `n${index}`, contactPoints: [phone(number)] });
          return { status, id: (body as { id?: string; customerId?: string }).id ?? (body as { customerId?: string }).customerId };
        }
        const [outcome] = await batch({ name: `n${index}`, contactPoints: [phone(number)] });
        return { status: outcome!.status, id: outcome!.data?.id ?? outcome!.problem?.customerId };
      }),
    );
    expect((await list(http, { phone: number })).data).toHaveLength(1);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 201 || status === 409)).toBe(true);
    expect(await app.asOwner('select count(*)::int as n from customer.contact_index c join customer.customer p on p.id = c.customer_id where digest = (select digest from customer.contact_index where customer_id = $1)', [answers[0]!.id])).toEqual([{ n: 1 }]);
  });

  it('makes one person of 100 parallel upserts by one external id', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => put('shop', '555', { name: '马超', note: `n${index}` })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(99);
    expect(new Set(answers.map(({ body }) => (body as { id: string }).id)).size).toBe(1);
    expect((await list(http, { externalSystem: 'shop', externalId: '555' })).data[0]!.version).toBe(100);
  });

  it('registers one of 20 parallel strangers with one e-mail address', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => http.post('/v1/customers').send({ name: 'x', contactPoints: [email('race@example.com')] })));
    const winner = answers.find(({ status }) => status === 201)!.body as { id: string };
    const losers = answers.filter(({ status }) => status !== 201);
    expect(losers).toHaveLength(19);
    for (const { status, body } of losers) expect({ status, body }).toMatchObject({ status: 409, body: { code: 'duplicate_customer', customerId: winner.id } });
  });

  it('G35 lets one of eight writers win, and refuses a stale or missing If-Match', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await register(http, { name: 'before' });
      const answers = await Promise.all(Array.from({ length: 8 }, (_, writer) => http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').send({ name: `writer ${writer}` })));
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(7);
      expect((await http.get(`/v1/customers/${id}`)).text).toBe(winners[0]!.text);
      await http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').send({ note: 'x' }).expect(412);
      await http.patch(`/v1/customers/${id}`).send({ note: 'x' }).expect(428);
      await http.delete(`/v1/customers/${id}`).expect(428);
      await http.delete(`/v1/customers/${id}`).set('If-Match', '"1"').expect(412);
    }
  });

  it('a retried registration with its key is one customer', async () => {
    const send = () => http.post('/v1/customers').set('Idempotency-Key', 'retry-1').send({ name: '一次', contactPoints: [phone('13800005555')] });
    const twins = await Promise.all([send(), send(), send()]);
    const again = await send().expect(201).expect('Idempotent-Replayed', 'true');
    expect(twins.filter(({ status }) => status === 201).every(({ text }) => text === again.text)).toBe(true);
    expect((await list(http, { phone: '13800005555' })).data).toHaveLength(1);
  });
});
