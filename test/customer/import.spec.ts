import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { Imports } from '../../src/platform/transfer/imports.js';
import type { ImportOutcome } from '../../src/platform/transfer/import-definition.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { email, list, phone, register } from './people.js';

const settings = { timeZone: 'Asia/Shanghai', currency: 'CNY' };

describe('customers out of a file', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
  });
  afterAll(() => app?.close());

  async function bring(...values: Record<string, string>[]): Promise<Omit<ImportOutcome, 'touched'>> {
    const definition = app.get(Imports).get('customers')!;
    const { touched: _, ...counts } = await app.database.transaction(SYSTEM, (tx) => definition.apply(tx, values.map((one, index) => ({ line: index + 2, values: one })), settings));
    return counts;
  }

  const byShopId = async (id: string) => (await list(http, { externalSystem: 'shop', externalId: id })).data[0];

  it('are what the API would have made of them', async () => {
    const outcome = await bring({
      'externalIds.shop': '1', name: '李娜', gender: 'F', bornOn: '1990-06-15', phone: '138 1234 5678', email: 'Li.Na@Example.com',
      'address.line': '中山东一路 12 号', 'address.city': '上海', 'address.country': 'CN', tags: 'vip|"quoted\\"', note: 'tab\there', createdAt: '2021-05-04 10:00', source: 'old-shop',
    });
    expect(outcome).toEqual({ created: 1, updated: 0, unchanged: 0, refused: [] });
    const listed = (await byShopId('1'))!;
    const { body } = await http.get(`/v1/customers/${listed.id}`).expect(200);
    expect(body).toMatchObject({
      version: 1, status: 'active', gender: 'female', bornOn: '1990-06-15', name: '李娜', source: 'old-shop', createdAt: '2021-05-04T02:00:00.000Z', note: 'tab\there', tags: ['"quoted\\"', 'vip'],
      contactPoints: [{ kind: 'phone', normalized: '+8613812345678' }, { kind: 'email', normalized: 'Li.Na@example.com' }],
      addresses: [{ line: '中山东一路 12 号', city: '上海', country: 'CN' }],
    });
    const found = [{ phone: '13812345678' }, { email: 'li.na@example.com' }, { q: '李' }, { q: '3456' }, { city: '上海', tagsAll: 'vip' }] as Record<string, string>[];
    for (const query of found) expect((await list(http, query)).data.map(({ id }) => id)).toEqual([listed.id]);
    await app.drainEvents();
    expect((await http.get(`/v1/customers/${listed.id}/timeline`)).body).toMatchObject({ data: [{ event: 'customer.registered', at: '2021-05-04T02:00:00.000Z' }] });
  });

  it('fold into one where several lines are about one person, and change nothing when brought again', async () => {
    const lines: Record<string, string>[] = [
      { 'externalIds.shop': '10', name: '王芳' },
      { 'externalIds.shop': '10', phone: '13800001010' },
      { 'externalIds.shop': '10', 'externalIds.erp': 'E10', 'address.city': '成都' },
      { 'externalIds.erp': 'E10', tags: 'vip' },
      { phone: '138 0000 1010', note: 'found by phone' },
      { 'externalIds.shop': '11', name: '赵云' },
    ];
    expect(await bring(...lines)).toEqual({ created: 2, updated: 4, unchanged: 0, refused: [] });
    expect(await byShopId('10')).toMatchObject({ version: 1, name: '王芳', tags: ['vip'], note: 'found by phone', addresses: [{ city: '成都' }] });
    expect(await bring(...lines)).toEqual({ created: 0, updated: 0, unchanged: 6, refused: [] });
    expect(await byShopId('10')).toMatchObject({ version: 1 });
  });

  it('merge into who is there: opened, changed and sealed again', async () => {
    const { id } = await register(http, { name: '孙权', note: 'keep me', contactPoints: [email('sun@example.com')], externalIds: [{ system: 'shop', id: '20' }] });
    const outcome = await bring({ 'externalIds.shop': '20', 'externalIds.erp': 'E20', name: '孙仲谋', phone: '13800002020' }, { email: 'SUN@example.com', tags: 'wu' });
    expect(outcome).toEqual({ created: 0, updated: 2, unchanged: 0, refused: [] });
    expect((await http.get(`/v1/customers/${id}`)).body).toMatchObject({
      version: 2, name: '孙仲谋', note: 'keep me', tags: ['wu'], contactPoints: [{ value: 'sun@example.com' }, { normalized: '+8613800002020' }],
      externalIds: [{ system: 'erp', id: 'E20' }, { system: 'shop', id: '20' }],
    });
    expect((await list(http, { q: '仲谋' })).data.map((one) => one.id)).toEqual([id]);
    expect((await list(http, { phone: '13800002020', tagsAny: 'wu' })).data.map((one) => one.id)).toEqual([id]);
  });

  it('are refused line by line, with the reason, while the rest goes in', async () => {
    const { id } = await register(http, { contactPoints: [phone('13800003030')], externalIds: [{ system: 'shop', id: '30' }] });
    const deleted = await register(http, { name: 'gone', externalIds: [{ system: 'shop', id: '31' }] });
    await http.delete(`/v1/customers/${deleted.id}`).set('If-Match', '"1"').expect(204);
    const { created, refused } = await bring(
      { 'externalIds.shop': '32', phone: '13800003030' },
      { 'externalIds.shop': '33', phone: 'none', bornOn: '1990-13-01' },
      { 'externalIds.shop': '31', name: 'back' },
      { note: 'nobody' },
      { 'externalIds.shop': '34', name: 'fine' },
      { 'externalIds.shop': '30', 'externalIds.shop2': '1' },
      { 'externalIds.shop': '34', 'externalIds.shop2': '1' },
    );
    expect(created).toBe(1);
    expect(refused.map(({ line, column, code }) => ({ line, column, code }))).toEqual([
      { line: 3, column: 'bornOn', code: 'invalid_date' },
      { line: 3, column: 'phone', code: 'invalid_phone' },
      { line: 2, column: undefined, code: 'duplicate_customer' },
      { line: 4, column: undefined, code: 'customer_deleted' },
      { line: 5, column: undefined, code: 'nobody_in_particular' },
      { line: 8, column: undefined, code: 'ambiguous_customer' },
    ]);
    expect(refused.find(({ line }) => line === 2)!.detail).toContain(id);
    expect(await byShopId('34')).toMatchObject({ name: 'fine' });
  });

  it('are known by our own id, and keep the one they had in another installation', async () => {
    const { id } = await register(http, { name: '关羽', contactPoints: [phone('13800007070', true)] });
    const theirs = '019a0000-0000-7000-8000-00000000bbbb';
    const outcome = await bring(
      { id, tags: 'shu', phone: '13900007171', phoneLabel: 'work', other: 'weibo.com/guan', otherLabel: 'weibo', 'address.label': 'home', 'address.city': '荆州' },
      { id: theirs, name: '张飞', phone: '13800007070', phoneShared: 'true' },
      { id: theirs, tags: 'a\\|b|c', email: 'zhang@example.com' },
      { id: '0192f0c1-2b3c-4def-8abc-1234567890ab', name: 'no id of ours' },
      { id: 'seven', name: 'no id at all' },
      { id, email: 'zhang@example.com' },
    );
    expect(outcome).toMatchObject({ created: 1, updated: 2 });
    expect(outcome.refused.map(({ line, column, code }) => [line, column, code])).toEqual([[6, 'id', 'invalid_id'], [5, undefined, 'unknown_id'], [7, undefined, 'duplicate_customer']]);
    expect((await http.get(`/v1/customers/${id}`)).body).toMatchObject({ version: 2, tags: ['shu'], contactPoints: [{ shared: true }, { label: 'work' }, { kind: 'other', label: 'weibo' }], addresses: [{ city: '荆州' }] });
    expect((await http.get(`/v1/customers/${theirs}`)).body).toMatchObject({ version: 1, name: '张飞', tags: ['a|b', 'c'], contactPoints: [{ normalized: '+8613800007070', shared: true }, { kind: 'email' }] });
  });

  it('may come in several parts within one transaction', async () => {
    const definition = app.get(Imports).get('customers')!;
    const outcomes = await app.database.transaction(SYSTEM, async (tx) => [
      await definition.apply(tx, [{ line: 2, values: { 'externalIds.shop': '60', name: 'a', phone: '13800006060' } }], settings),
      await definition.apply(tx, [{ line: 3, values: { 'externalIds.shop': '61', name: 'b' } }, { line: 4, values: { 'externalIds.shop': '60', tags: 'vip' } }], settings),
    ]);
    expect(outcomes.map(({ created, updated, refused }) => [created, updated, refused.length])).toEqual([[1, 0, 0], [1, 1, 0]]);
    expect(await byShopId('60')).toMatchObject({ version: 2, tags: ['vip'] });
  });

  it('start over where somebody takes an identity in the meantime, and find them then', async () => {
    let first = true;
    const definition = app.get(Imports).get('customers')!;
    const lines = [{ line: 2, values: { 'externalIds.shop': '40', name: '马超', phone: '13800004040' } }];
    const outcome = await app.database.transaction(SYSTEM, async (tx) => {
      const racing = first;
      first = false;
      // Between the import's look and its write somebody registers the same person: done here before its first write.
      if (racing) {
        const query = tx.query.bind(tx);
        tx.query = async (statement, params) => {
          if (statement.name === 'customer.add_staged_identities') await register(http, { name: '马 超', contactPoints: [phone('13800004040')], externalIds: [{ system: 'shop', id: '40' }] });
          return query(statement, params);
        };
      }
      return definition.apply(tx, lines, settings);
    });
    expect(outcome).toMatchObject({ created: 0, updated: 1, unchanged: 0, refused: [] });
    expect((await list(http, { phone: '13800004040' })).data).toMatchObject([{ name: '马超', version: 2 }]);
  });

  it('come in thousands by a handful of statements', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => ({
      line: index + 2, values: { 'externalIds.bulk': String(index), name: `客户${index}`, phone: `139${String(index).padStart(8, '0')}`, 'address.city': '上海' },
    }));
    const definition = app.get(Imports).get('customers')!;
    let statements = 0;
    const outcome = await app.database.transaction(SYSTEM, (tx) => {
      const query = tx.query.bind(tx);
      tx.query = (statement, params) => ((statements += 1), query(statement, params));
      return definition.apply(tx, lines, settings);
    });
    expect(outcome).toMatchObject({ created: 3000, updated: 0, unchanged: 0, refused: [] });
    expect(statements).toBeLessThanOrEqual(7);
  });

  it('leave no pending list to the searches, and are not the ones to set how long it may be for others', async () => {
    const line = (index: number) => ({ line: index + 2, values: { 'externalIds.pending': String(index), name: `搜索${index}`, phone: `138${String(index).padStart(8, '0')}` } });
    const pendingPages = async () => (await app.asOwner<{ pages: string }>(`select gin_clean_pending_list('customer.search_grams') as pages`))[0]!.pages;
    const limit = async () => app.database.transaction(SYSTEM, async ({ client }) => (await client.query<{ limit: string }>(`select current_setting('gin_pending_list_limit') as limit`)).rows[0]!.limit);
    const definition = app.get(Imports).get('customers')!;
    await app.database.transaction(SYSTEM, (tx) => definition.apply(tx, Array.from({ length: 1000 }, (_, index) => line(index)), settings));
    expect(Number(await pendingPages())).toBe(0);
    expect(await limit()).toBe('64kB');
  });
});
