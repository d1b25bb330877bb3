import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SumTagCounts } from '../../src/customer/use-cases/sum-tag-counts.js';
import { newId } from '../../src/kernel/id.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { list, register, type Person } from './people.js';

describe('S5 tags of the users\' own', () => {
  let app: TestApp;
  let http: Http;
  const people: Person[] = [];

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
    for (let index = 0; index < 6; index += 1) people.push(await register(http, { name: `c${index}`, tags: ['new'] }));
  });
  afterAll(() => app?.close());

  const ids = (...indexes: readonly number[]) => indexes.map((index) => people[index]!.id);
  const tag = (body: object) => http.post('/v1/customers/tags').send(body);
  const namesFor = async (query: Record<string, string>) => (await list(http, { ...query, sort: 'createdAt' })).data.map(({ name }) => name);

  it('S5 go on and off in bulk, and lists filter by any, all or none of them', async () => {
    const stranger = newId();
    const { body } = await tag({ customerIds: [...ids(0, 1, 2), stranger], add: ['vip', ' 老客户 '], remove: ['new'] }).expect(200);
    expect(body).toEqual({ changed: ids(0, 1, 2), unchanged: [], missing: [stranger], tooMany: [] });
    await tag({ customerIds: ids(2, 3), add: ['b2b'] }).expect(200);

    expect(await namesFor({ tagsAny: 'vip,b2b' })).toEqual(['c0', 'c1', 'c2', 'c3']);
    expect(await namesFor({ tagsAll: '老客户,b2b' })).toEqual(['c2']);
    expect(await namesFor({ tagsNone: 'vip,b2b' })).toEqual(['c4', 'c5']);
    expect(await namesFor({ tagsAny: 'vip', tagsNone: 'b2b' })).toEqual(['c0', 'c1']);
  });

  it('S5 are part of the customer: the version moves, and only where something changed', async () => {
    const before = await http.get(`/v1/customers/${people[0]!.id}`).expect(200);
    expect(before.body).toMatchObject({ tags: ['vip', '老客户'], version: 2 });
    const { body } = await tag({ customerIds: ids(0, 5), add: ['vip'] }).expect(200);
    expect(body).toMatchObject({ changed: ids(5), unchanged: ids(0) });
    await http.get(`/v1/customers/${people[0]!.id}`).expect('ETag', '"2"');
    await http.patch(`/v1/customers/${people[5]!.id}`).set('If-Match', '"1"').send({ note: 'x' }).expect(412);
  });

  it('S5 are listed with how many customers have each', async () => {
    const deleted = await register(http, { name: 'gone', tags: ['vip'] });
    await http.delete(`/v1/customers/${deleted.id}`).set('If-Match', '"1"').expect(204);
    const { body } = await http.get('/v1/tags').expect(200);
    expect(body).toEqual({
      data: [{ tag: 'b2b', customers: 2 }, { tag: 'new', customers: 3 }, { tag: 'vip', customers: 4 }, { tag: '老客户', customers: 3 }],
      page: { nextCursor: null, hasMore: false },
    });
    const first = await http.get('/v1/tags?limit=3').expect(200);
    const next = await http.get(`/v1/tags?limit=3&cursor=${(first.body as { page: { nextCursor: string } }).page.nextCursor}`).expect(200);
    expect((next.body as { data: object[] }).data).toEqual([{ tag: '老客户', customers: 3 }]);
  });

  it('S5 are counted exactly however many put them on at once, and what nobody has is forgotten', async () => {
    const many = await Promise.all(Array.from({ length: 12 }, (_, index) => register(http, { name: `m${index}`, tags: ['crowd'] })));
    const all = many.map(({ id }) => id);
    await Promise.all([
      ...Array.from({ length: 6 }, (_, index) => tag({ customerIds: index % 2 ? all : all.toReversed(), add: [`wave${index % 3}`] })),
      ...Array.from({ length: 4 }, () => app.get(SumTagCounts).run()),
    ]);
    await tag({ customerIds: all.slice(0, 5), remove: ['crowd'] }).expect(200);
    const counted = async () => ((await http.get('/v1/tags?limit=200').expect(200)).body as { data: object[] }).data;
    const direct = await app.asOwner(`select tag, count(*)::int as customers from customer.features, unnest(tags) as tag where status = 'active' group by tag order by tag collate "C"`);
    expect(await counted()).toEqual(direct);

    await app.get(SumTagCounts).run();
    expect(await counted()).toEqual(direct);
    await tag({ customerIds: all, remove: ['wave0', 'wave1', 'wave2'] }).expect(200);
    await app.get(SumTagCounts).run();
    expect(await app.asOwner('select tag, customers from customer.tag_count order by tag collate "C"')).toEqual(await counted());
    expect(await app.asOwner(`select from customer.tag_count where tag like 'wave%'`)).toEqual([]);
  });

  it('S5 one customer holds a hundred at most', async () => {
    const full = await register(http, { name: 'full', tags: Array.from({ length: 100 }, (_, index) => `t${index}`) });
    expect((await tag({ customerIds: [full.id], add: ['one more'] }).expect(200)).body).toMatchObject({ changed: [], tooMany: [full.id] });
    await tag({ customerIds: [full.id], add: ['one more'], remove: ['t0'] }).expect(200);
    expect((await http.get(`/v1/customers/${full.id}`)).body).toMatchObject({ tags: expect.arrayContaining(['one more']) });
  });

  it('S5 cannot hold the comma that separates them in a list', async () => {
    const { body } = await tag({ customerIds: ids(0), add: ['a,b'] }).expect(422);
    expect(body).toMatchObject({ code: 'invalid_tags', errors: [{ pointer: '/add/0', code: 'invalid_tag' }] });
  });

  it('S5 two bulk changes of the same customers in opposite order both take effect', async () => {
    const both = await Promise.all(
      Array.from({ length: 10 }, (_, round) => [
        tag({ customerIds: ids(0, 1, 2, 3, 4, 5), add: [`up${round}`] }).expect(200),
        tag({ customerIds: ids(5, 4, 3, 2, 1, 0), add: [`down${round}`] }).expect(200),
      ]).flat(),
    );
    expect(both).toHaveLength(20);
    for (const id of ids(0, 5)) {
      const { tags } = (await http.get(`/v1/customers/${id}`)).body as { tags: string[] };
      expect(tags.filter((name) => /^(up|down)\d$/.test(name))).toHaveLength(20);
    }
  });
});
