import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';

const NOW = '2026-03-01T08:00:00.000Z';

const LI_NA = {
  name: '李娜',
  gender: 'female',
  bornOn: '1990-06-15',
  language: 'zh-cn',
  contactPoints: [
    { kind: 'phone', value: '138 1234 5678', label: 'mobile' },
    { kind: 'email', value: 'Li.Na@Example.COM' },
    { kind: 'wechat', value: 'li_na_90' },
  ],
  addresses: [
    { label: 'home', recipient: '李娜', line: '中山东一路 12 号', postcode: '200002', city: '上海', province: '上海市', country: 'CN' },
    { label: 'work', line: '长安街 1 号', city: '北京', country: 'cn' },
  ],
  note: 'prefers to be called in the evening',
  externalIds: [{ system: 'shopify', id: '7305' }],
  tags: ['vip'],
};

describe('S1 the life of a customer', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp({ now: NOW });
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  it('S1 is created with several addresses and contact points, patched under If-Match and deleted, and every read shows exactly that', async () => {
    const created = await http.post('/v1/customers').set('Idempotency-Key', 's1').send(LI_NA).expect(201);
    const { id } = created.body as { id: string };
    expect(created.headers).toMatchObject({ location: `/v1/customers/${id}`, etag: '"1"' });
    expect(created.body).toEqual({
      id,
      version: 1,
      status: 'active',
      gender: 'female',
      language: 'zh-CN',
      source: 'api',
      tags: ['vip'],
      createdAt: NOW,
      updatedAt: NOW,
      age: 35,
      bornOn: '1990-06-15',
      name: '李娜',
      contactPoints: [
        { kind: 'phone', value: '138 1234 5678', normalized: '+8613812345678', label: 'mobile', shared: false },
        { kind: 'email', value: 'Li.Na@Example.COM', normalized: 'Li.Na@example.com', label: null, shared: false },
        { kind: 'wechat', value: 'li_na_90', normalized: null, label: null, shared: false },
      ],
      addresses: [
        { label: 'home', recipient: '李娜', line: '中山东一路 12 号', postcode: '200002', city: '上海', province: '上海市', country: 'CN' },
        { label: 'work', recipient: null, line: '长安街 1 号', postcode: null, city: '北京', province: null, country: 'CN' },
      ],
      note: 'prefers to be called in the evening',
      externalIds: [{ system: 'shopify', id: '7305' }],
    });
    const read = await http.get(`/v1/customers/${id}`).expect(200).expect('ETag', '"1"');
    expect(read.text).toBe(created.text);

    app.clock.advance(60_000);
    const patched = await http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').send({ note: null }).expect(200).expect('ETag', '"2"');
    expect(patched.body).toEqual({ ...(created.body as object), version: 2, note: null, updatedAt: '2026-03-01T08:01:00.000Z' });
    expect((await http.get(`/v1/customers/${id}`).expect(200)).text).toBe(patched.text);

    await http.delete(`/v1/customers/${id}`).set('If-Match', '"2"').expect(204);
    const deleted = await http.get(`/v1/customers/${id}`).expect(200).expect('ETag', '"3"');
    expect(deleted.body).toMatchObject({ status: 'deleted', version: 3, name: '李娜' });
    expect(await idsIn('/v1/customers')).not.toContain(id);
    expect(await idsIn('/v1/customers?status=deleted')).toContain(id);
    await http.patch(`/v1/customers/${id}`).set('If-Match', '"3"').send({ note: 'x' }).expect(409);
  });

  it('S1 takes a customer of whom only one thing is known', async () => {
    const { body } = await http.post('/v1/customers').send({ externalIds: [{ system: 'till', id: '9' }] }).expect(201);
    expect(body).toMatchObject({ name: null, gender: null, age: null, bornOn: null, contactPoints: [], addresses: [], note: null, tags: [], language: null });
    expect((await http.post('/v1/customers').send({ note: 'somebody' }).expect(422)).body).toMatchObject({ code: 'nobody_in_particular' });
    expect((await http.post('/v1/customers').send({ name: 'x', createdAt: '2030-01-01T00:00:00Z' }).expect(422)).body).toMatchObject({ code: 'created_in_future' });
  });

  it('S1 an unchanged customer keeps its version and publishes nothing', async () => {
    const { id } = (await http.post('/v1/customers').send({ name: '赵云', tags: ['a', 'b'] }).expect(201)).body as { id: string };
    const answer = await http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').send({ name: ' 赵云 ', tags: ['b', 'a'], note: null }).expect(200).expect('ETag', '"1"');
    expect(answer.headers['event-id']).toBeUndefined();
    await http.get(`/v1/customers/${id}`).set('If-None-Match', '"1"').expect(304);
  });

  it.each<[string, object, string, string]>([
    ['a field it does not know', { nickname: 'x' }, '/nickname', 'unknown_name'],
    ['a field only the server sets', { id: '0192f0c1-2b3c-7def-8abc-1234567890ab', name: 'x' }, '/id', 'unknown_name'],
    ['a field inside a contact point that it does not know', { contactPoints: [{ kind: 'phone', value: '1', verified: true }] }, '/contactPoints/0/verified', 'unknown_name'],
    ['a contact point without a value', { contactPoints: [{ kind: 'phone' }] }, '/contactPoints/0/value', 'required'],
    ['a kind of contact there is not', { contactPoints: [{ kind: 'fax', value: '1' }] }, '/contactPoints/0/kind', 'is_in'],
    ['a text where a list belongs', { tags: 'vip' }, '/tags', 'is_array'],
    ['a number where a text belongs', { name: 7 }, '/name', 'is_string'],
    ['null where nothing can be cleared', { name: 'x', source: null }, '/source', 'matches'],
  ])('S1 refuses %s and says where', async (_, input, pointer, code) => {
    const { body } = await http.post('/v1/customers').send(input).expect(400);
    expect((body as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  it('S1 names every wrong value at once', async () => {
    const input = { name: 'x', bornOn: '1990-02-30', contactPoints: [{ kind: 'phone', value: 'none' }, { kind: 'email', value: 'none' }], addresses: [{ country: 'x' }], tags: ['a,b'] };
    const { body } = await http.post('/v1/customers').send(input).expect(422);
    expect((body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual(['/bornOn', '/contactPoints/0/value', '/contactPoints/1/value', '/addresses/0/country', '/tags/0']);
  });

  it('S1 answers 404 for nobody and 400 for what is no id', async () => {
    const nobody = '0192f0c1-2b3c-7def-8abc-1234567890ab';
    for (const path of ['', '/overview', '/timeline']) await http.get(`/v1/customers/${nobody}${path}`).expect(404);
    await http.patch(`/v1/customers/${nobody}`).set('If-Match', '"1"').send({ name: 'x' }).expect(404);
    await http.delete(`/v1/customers/${nobody}`).set('If-Match', '"1"').expect(404);
    await http.post(`/v1/customers/${nobody}/erase`).expect(404);
    await http.get('/v1/customers/7').expect(400);
  });

  async function idsIn(path: string): Promise<string[]> {
    const { body } = await http.get(path).expect(200);
    return (body as { data: { id: string }[] }).data.map(({ id }) => id);
  }
});
