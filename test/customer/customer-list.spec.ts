import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { email, list, listAll, phone, register, type Person } from './people.js';
import { anOrder, placed, salesTells } from './told-by-sales.js';

const CITIES = ['上海', '北京', '成都'];

describe('S2 one list answers for all channels', () => {
  let app: TestApp;
  let http: Http;
  const people: Person[] = [];
  const named = (...names: readonly number[]) => names.map((index) => `客户${index}`);
  const namesOf = (data: readonly Person[]) => data.map(({ name }) => name as string);
  const namesFor = async (query: Record<string, string | number>) => namesOf((await list(http, query)).data);

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
    for (let index = 0; index < 12; index += 1) {
      people.push(
        await register(http, {
          name: `客户${index}`,
          gender: index % 2 === 0 ? 'female' : 'male',
          source: index < 6 ? 'web-shop' : 'store',
          createdAt: new Date(Date.UTC(2025, 0, 1 + index)).toISOString(),
          addresses: [{ city: CITIES[index % 3], province: '省', country: index === 11 ? 'BR' : 'CN' }],
          contactPoints: [phone(`1380000000${index % 10}`, index > 9), email(`c${index}@example.com`)],
          externalIds: [{ system: 'shop', id: String(index) }],
          tags: index < 3 ? ['vip'] : [],
        }),
      );
    }
    // Orders: customer i gets i % 4 of them, each of (i + 1) × 10 yuan, a day apart.
    const orders = people.flatMap(({ id }, index) =>
      Array.from({ length: index % 4 }, (_, nth) => anOrder(id, { totalMinor: (index + 1) * 1000, placedAt: new Date(Date.UTC(2026, 0, index + 1, nth)).toISOString() })),
    );
    await salesTells(app, ...orders.map(placed));
    await app.drainEvents();
  });
  afterAll(() => app?.close());

  it('S2 newest first, and in the order asked for', async () => {
    expect(await namesFor({})).toEqual(named(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    expect(await namesFor({ sort: 'createdAt', limit: 3 })).toEqual(named(0, 1, 2));
    expect(await namesFor({ sort: '-lastOrderAt', limit: 3 })).toEqual(named(11, 10, 9));
    expect((await namesFor({ sort: '-spent', limit: 2 }))).toEqual(named(11, 7));
    expect((await namesFor({ sort: '-orderCount', limit: 3 })).sort()).toEqual(named(11, 3, 7).sort());
  });

  it.each<[Record<string, string | number>, number[]]>([
    [{ gender: 'male' }, [11, 9, 7, 5, 3, 1]],
    [{ gender: 'male,female', source: 'store', city: '成都' }, [11, 8]],
    [{ city: '上海,北京', limit: 3 }, [10, 9, 7]],
    [{ country: 'BR' }, [11]],
    [{ province: '省', country: 'CN', city: '成都' }, [8, 5, 2]],
    [{ createdAtGte: '2025-01-03T00:00:00Z', createdAtLt: '2025-01-05T00:00:00Z' }, [3, 2]],
    [{ lastOrderAtGte: '2026-01-10T00:00:00Z' }, [11, 10, 9]],
    [{ lastOrderAtLt: '2026-01-04T00:00:00Z' }, [2, 1]],
    [{ orderCountGte: 3 }, [11, 7, 3]],
    [{ orderCountLte: 0 }, [8, 4, 0]],
    [{ spentGte: '240.00', spentLte: '240' }, [7]],
    [{ spentGte: '200' }, [11, 10, 7]],
    [{ tagsAny: 'vip,none' }, [2, 1, 0]],
    [{ externalSystem: 'shop', externalId: '5' }, [5]],
    [{ externalSystem: 'erp', externalId: '5' }, []],
    [{ email: 'C4@EXAMPLE.com' }, [4]],
    [{ phone: '+86 138 0000 0003' }, [3]],
    [{ phone: '138-0000-0000' }, [10, 0]],
    [{ phone: '138-0000-0000', gender: 'female', tagsNone: 'vip' }, [10]],
  ])('S2 filtered by %p', async (query, expected) => {
    expect(await namesFor(query)).toEqual(named(...expected));
  });

  it('S2 shows totals beside the profile, and only the fields asked for', async () => {
    const [whole] = (await list(http, { externalSystem: 'shop', externalId: '7' })).data;
    expect(whole).toMatchObject({
      name: '客户7',
      purchases: {
        orderCount: 3, totalSpent: { amount: '240.00', currency: 'CNY' }, totalRefunded: { amount: '0.00', currency: 'CNY' }, otherCurrencies: [],
        firstOrderAt: '2026-01-08T00:00:00.000Z', lastOrderAt: '2026-01-08T02:00:00.000Z',
      },
    });
    const { data } = await list(http, { fields: 'name,tags', limit: 1 });
    expect(data).toEqual([{ id: people[11]!.id, tags: [], name: '客户11' }]);
    const [without] = (await list(http, { orderCountLte: 0, fields: 'purchases', limit: 1 })).data;
    expect(without).toMatchObject({ purchases: { orderCount: 0, firstOrderAt: null, lastOrderAt: null, meanIntervalDays: null } });
  });

  it('S2 counts when asked', async () => {
    expect((await list(http, { limit: 1 })).page).not.toHaveProperty('total');
    expect((await list(http, { limit: 1, gender: 'male', total: 'exact' })).page).toMatchObject({ total: 6, totalIsLowerBound: false });
    expect((await list(http, { limit: 1, total: 'estimate' })).page.total).toEqual(expect.any(Number));
  });

  it.each([
    ['sort=name', '?sort', 'is_in'],
    ['colour=red', '?colour', 'unknown_name'],
    ['externalSystem=shop', '?externalId', 'required'],
    ['phone=call+me', '?phone', 'invalid_phone'],
    ['q=a', '?q', 'query_too_short'],
    ['createdAtGte=yesterday', '?createdAtGte', 'is_instant'],
    ['cursor=abc', '?cursor', 'invalid_cursor'],
    ['limit=500', '?limit', 'max'],
    ['fields=secret', '?fields', 'is_in'],
  ])('S2 refuses %s and says where', async (query, pointer, code) => {
    const { body } = await http.get(`/v1/customers?${query}`).expect(400);
    expect((body as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  it('S2 refuses a cursor of another order of rows', async () => {
    const { page } = await list(http, { limit: 1 });
    await http.get('/v1/customers').query({ sort: '-spent', cursor: page.nextCursor! }).expect(400);
  });

  it('S2 links to the next page', async () => {
    const { headers, body } = await http.get('/v1/customers').query({ limit: 5, gender: 'male' }).expect(200);
    const next = /^<(.+)>; rel="next"$/.exec(headers['link']!)![1]!;
    expect(namesOf((await http.get(next).expect(200)).body.data as Person[])).toEqual(named(1));
    expect((body as { asOf: string }).asOf).toMatch(/Z$/);
  });

  it('S2 every page size and order gives each customer once, while others are being added', async () => {
    const before = new Set(people.map(({ id }) => id));
    const asks = fc.record({ limit: fc.integer({ min: 1, max: 7 }), sort: fc.constantFrom('createdAt', '-createdAt', '-lastOrderAt', '-spent', '-orderCount') });
    let added = 0;
    await fc.assert(
      fc.asyncProperty(asks, async (ask) => {
        let inserts = 2;
        const seen = await listAll(http, { ...ask, source: 'web-shop,store' }, async () => {
          if ((inserts -= 1) >= 0) await register(http, { name: `新${(added += 1)}`, source: 'store' });
        });
        const ids = seen.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => before.has(id)).length).toBe(before.size);
      }),
      { numRuns: 8 },
    );
  });
});
