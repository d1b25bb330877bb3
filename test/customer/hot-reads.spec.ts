import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Database } from '../../src/platform/database/database.js';
import { ShortReads } from '../../src/platform/database/short-reads.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { list, phone, register, type Person } from './people.js';
import { anOrder, placed, salesTells } from './told-by-sales.js';

const ORDERS = 25;

describe('what is asked most often', () => {
  let app: TestApp;
  let http: Http;
  let person: Person;
  /** Names of the statements, in order; of those put together at run time the table they start from. */
  const sent: string[] = [];
  /** What somebody else does just before a statement is sent. */
  let meanwhile: (name: string) => Promise<unknown>;

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
    person = await register(http, { name: '张三丰', gender: 'male', contactPoints: [phone('13812345678')] });
    for (let index = 0; index < 5; index += 1) await register(http, { name: `张三${index}`, gender: 'male' });
    await salesTells(app, ...Array.from({ length: ORDERS }, (_, nth) => placed(anOrder(person.id, { totalMinor: 1000 * nth, placedAt: new Date(Date.UTC(2026, 0, 1 + nth)).toISOString() }))));
    await app.drainEvents();
    await http.get('/v1/me').expect(200);
  });
  afterAll(() => app?.close());

  beforeEach(() => {
    sent.length = 0;
    meanwhile = () => Promise.resolve();
    for (const door of [app.get(Database), app.get(ShortReads)]) {
      const query = door.query.bind(door);
      jest.spyOn(door, 'query').mockImplementation(async (statement, params) => {
        if (!statement.name.startsWith('security.')) sent.push(statement.name);
        await meanwhile(statement.name);
        return query(statement, params);
      });
    }
    const compose = app.database.compose.bind(app.database);
    jest.spyOn(app.database, 'compose').mockImplementation((statement) => {
      sent.push(/ from (\S+)/.exec(statement.text)![1]!);
      return compose(statement);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('a customer takes one statement, and the audit its own', async () => {
    await http.get(`/v1/customers/${person.id}`).expect(200);
    expect(sent).toEqual(['customer.read', 'audit.write_reads']);
  });

  it('an overview with orders and timeline takes one statement, and the audit its own', async () => {
    const { body } = await http.get(`/v1/customers/${person.id}/overview`).expect(200);
    expect(body).toMatchObject({ purchases: { orderCount: ORDERS }, lastOrders: { length: 20 }, timeline: { length: 20 } });
    expect(sent).toEqual(['customer.overview', 'audit.write_reads']);
  });

  it.each<[string, Record<string, string | number>]>([
    ['a page of a list', { gender: 'male', sort: '-lastOrderAt' }],
    ['a search by a fragment of a name', { q: '张三' }],
    ['a search by a fragment of a phone', { q: '1234' }],
  ])('%s takes one statement to find it and one to show it, however many are on it, and the audit its own', async (_, query) => {
    expect((await list(http, query)).data[0]).toHaveProperty('purchases.orderCount');
    expect(sent).toEqual(['customer.features', 'customer.list', 'audit.write_reads']);
  });

  it('a page without personal data takes no audit, and an empty one opens nobody', async () => {
    await list(http, { fields: 'tags', gender: 'male' });
    expect(sent.splice(0)).toEqual(['customer.features', 'customer.list']);
    await list(http, { gender: 'female' });
    expect(sent).toEqual(['customer.features', 'customer.features_as_of']);
  });

  it('whoever is removed between finding a page and showing it is left out, and the rest keep their order', async () => {
    const { data } = await list(http, { sort: 'createdAt' });
    meanwhile = async (name) => name === 'customer.list' && app.asOwner('delete from customer.customer where id = $1', [data[2]!.id]);
    const left = (await list(http, { sort: 'createdAt' })).data;
    expect(data).toHaveLength(6);
    expect(left).toEqual(data.filter(({ id }) => id !== data[2]!.id));
  });
});
