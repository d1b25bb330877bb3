import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { cny, countStatuses } from './selling.js';

interface ProductBody {
  readonly id: string;
  readonly version: number;
  readonly sku: string;
}

describe('S37 the products orders name', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp({ now: '2026-03-01T08:00:00.000Z' });
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  const create = (input: object) => http.post('/v1/products').send(input);
  const put = (id: string, input: object) => http.put(`/v1/products/by-external-id/erp/${id}`).send(input);

  it('is created and reads back as answered', async () => {
    const made = await create({ sku: 'TEA-250', name: '龙井茶', category: 'tea', price: cny('199.00'), attributes: { weightGrams: 250, organic: true, origin: '杭州' }, externalIds: [{ system: 'erp', id: 'P1' }] }).expect(201);
    const { id } = made.body as ProductBody;
    expect(made.headers).toMatchObject({ location: `/v1/products/${id}`, etag: '"1"' });
    expect(made.body).toEqual({
      id, version: 1, sku: 'TEA-250', name: '龙井茶', status: 'active', category: 'tea', price: cny('199.00'), attributes: { weightGrams: 250, organic: true, origin: '杭州' },
      createdAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-01T08:00:00.000Z', externalIds: [{ system: 'erp', id: 'P1' }],
    });
    expect((await http.get(`/v1/products/${id}`).expect(200)).body).toEqual(made.body);
    expect(await app.asOwner('select name, payload from platform.outbox where aggregate_id = $1', [id])).toEqual([{ name: 'sales.product_changed', payload: { productId: id, sku: 'TEA-250' } }]);
    expect(await app.asOwner('select action from platform.audit_inbox where $1 = any (subject_ids)', [id])).toEqual([{ action: 'product.created' }]);
  });

  it('one SKU and one external id name one product', async () => {
    await create({ sku: 'ONE', externalIds: [{ system: 'erp', id: 'one' }] }).expect(201);
    expect((await create({ sku: 'ONE', name: 'other' }).expect(409)).body).toMatchObject({ code: 'product_exists' });
    expect((await create({ sku: 'TWO', externalIds: [{ system: 'erp', id: 'one' }] }).expect(409)).body).toMatchObject({ code: 'product_exists' });
    const { body } = await create({ sku: 'THREE' }).expect(201);
    expect((await patch(body as ProductBody, { sku: 'ONE' }).expect(409)).body).toMatchObject({ code: 'sku_taken' });
    expect((await patch(body as ProductBody, { externalIds: [{ system: 'erp', id: 'one' }] }).expect(409)).body).toMatchObject({ code: 'external_id_taken' });
    expect((await put('one', { sku: 'THREE' }).expect(409)).body).toMatchObject({ code: 'ambiguous_product' });
    expect((await http.get(`/v1/products/${(body as ProductBody).id}`).expect(200)).body).toEqual(body);
  });

  it('is patched under If-Match: absent stays, null clears, attributes merge', async () => {
    const { body } = await create({ sku: 'PATCH', name: 'Old', category: 'tea', price: cny('1.00'), attributes: { a: 1, b: 2 } }).expect(201);
    const product = body as ProductBody;
    await http.patch(`/v1/products/${product.id}`).send({ name: 'New' }).expect(428);
    const patched = await patch(product, { name: 'New', category: null, price: null, attributes: { b: null, c: 'x' }, status: 'archived' }).expect(200);
    expect(patched.body).toMatchObject({ version: 2, sku: 'PATCH', name: 'New', category: null, price: null, status: 'archived', attributes: { a: 1, c: 'x' } });
    expect(patched.headers['etag']).toBe('"2"');
    expect((await patch(product, { name: 'Stale' }).expect(412)).body).toMatchObject({ code: 'version_conflict' });
    expect((await patch({ ...product, version: 2 }, { name: 'New' }).expect(200)).body).toEqual(patched.body);
    await patch({ ...product, version: 2 }, { name: null }).expect(400);
    await patch({ ...product, version: 2 }, { colour: 'red' }).expect(400);
    await patch({ ...product, version: 2 }, { attributes: { deep: { er: 1 } } }).expect(400);
    await patch({ ...product, version: 2 }, { price: cny('-1.00') }).expect(422);
    await http.patch('/v1/products/019a0000-0000-7000-8000-00000000dead').set('If-Match', '"1"').send({}).expect(404);
  });

  it('G35 of 8 writers with one version one wins', async () => {
    const { body } = await create({ sku: 'RACE' }).expect(201);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => patch(body as ProductBody, { name: `n${index}` })));
    expect(countStatuses(answers)).toEqual({ 200: 1, 412: 7 });
  });

  it('is brought up to date by external id; the same content changes nothing', async () => {
    const made = await put('U1', { name: 'Cup', price: cny('10.00') }).expect(201);
    expect(made.body).toMatchObject({ sku: 'U1', name: 'Cup', externalIds: [{ system: 'erp', id: 'U1' }] });
    expect((await put('U1', { name: 'Cup', price: cny('10.00') }).expect(200)).body).toEqual(made.body);
    expect((await put('U1', { price: cny('11.00') }).expect(200)).body).toMatchObject({ version: 2, name: 'Cup', price: cny('11.00') });
    const bySku = await create({ sku: 'S1' }).expect(201);
    expect((await put('U2', { sku: 'S1' }).expect(200)).body).toMatchObject({ id: (bySku.body as ProductBody).id, version: 2, externalIds: [{ system: 'erp', id: 'U2' }] });
  });

  it('of 100 who bring the same product at once one creates it', async () => {
    const byId = await Promise.all(Array.from({ length: 100 }, () => put('crowd', { sku: 'CROWD', name: 'Crowd' })));
    expect(countStatuses(byId)).toEqual({ 200: 99, 201: 1 });
    const bySku = await Promise.all(Array.from({ length: 20 }, (_, index) => put(`crowd-${index}`, { sku: 'CROWD-2' })));
    expect(new Set(bySku.map(({ body }) => (body as ProductBody).id)).size).toBe(1);
    expect(countStatuses(bySku)).toEqual({ 200: 19, 201: 1 });
  });

  it('lists by keyset, each once, with filters', async () => {
    const made: ProductBody[] = [];
    for (let index = 0; index < 7; index += 1) {
      const { body } = await create({ sku: `L-${index}`, category: 'list', status: index % 2 === 0 ? 'active' : 'archived' }).expect(201);
      made.push(body as ProductBody);
    }
    // The clock stands, so equal instants are told apart by id.
    const latestFirst = made.sort((a, b) => (a.id < b.id ? 1 : -1)).map(({ sku }) => sku);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { body, headers } = await http.get('/v1/products').query({ category: 'list', limit: 3, ...(cursor ? { cursor } : {}) }).expect(200);
      const { data, page } = body as { data: ProductBody[]; page: { nextCursor: string | null; hasMore: boolean } };
      expect(page.hasMore).toBe(page.nextCursor !== null);
      expect(headers['link'] !== undefined).toBe(page.hasMore);
      seen.push(...data.map(({ sku }) => sku));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(latestFirst);
    const skus = async (query: object) => ((await http.get('/v1/products').query(query).expect(200)).body as { data: ProductBody[] }).data.map(({ sku }) => sku);
    expect(await skus({ category: 'list', status: 'archived' })).toEqual(latestFirst.filter((sku) => ['L-1', 'L-3', 'L-5'].includes(sku)));
    expect(await skus({ sku: 'L-1,L-2' })).toEqual(latestFirst.filter((sku) => ['L-1', 'L-2'].includes(sku)));
    expect(await skus({ externalSystem: 'erp', externalId: 'P1' })).toEqual(['TEA-250']);
    await http.get('/v1/products').query({ externalSystem: 'erp' }).expect(400);
    await http.get('/v1/products').query({ colour: 'red' }).expect(400);
    await http.get('/v1/products').query({ cursor: 'made-up' }).expect(400);
  });

  function patch({ id, version }: ProductBody, change: object) {
    return http.patch(`/v1/products/${id}`).set('If-Match', `"${version}"`).send(change);
  }
});
