import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { list, listAll, phone, register } from './people.js';

describe('fragment search', () => {
  let app: TestApp;
  let http: Http;

  beforeAll(async () => {
    app = await startApp();
    http = await app.asAdmin();
    const people: [string, string?][] = [
      ['张三丰', '138 1234 5678'],
      ['三张', '+44 20 7946 0018'],
      ['欧阳娜娜'],
      ['John Smith', '13999990000'],
      ['Zoë O\'Brien'],
      ['阿依古丽·买买提'],
      ['Smithson, Mary'],
    ];
    for (const [name, number] of people) await register(http, { name, contactPoints: number ? [phone(number)] : [] });
  });
  afterAll(() => app?.close());

  const find = async (q: string) => (await list(http, { q, sort: 'createdAt' })).data.map(({ name }) => name);

  it.each([
    ['张', ['张三丰', '三张']],
    ['张三', ['张三丰']],
    ['三丰', ['张三丰']],
    ['娜娜', ['欧阳娜娜']],
    ['smith', ['John Smith', 'Smithson, Mary']],
    ['smith john', ['John Smith']],
    ['zoe', ['Zoë O\'Brien']],
    ['OBRI', ['Zoë O\'Brien']],
    ['古丽买', ['阿依古丽·买买提']],
    ['1234', ['张三丰']],
    ['138-1234', ['张三丰']],
    ['86138', ['张三丰']],
    ['7946 0018', ['三张']],
    ['9999 0', ['John Smith']],
    ['nobody', []],
    ['丰三', []],
    ['54321', []],
  ])('of a name or phone in any script: %s', async (q, names) => {
    expect(await find(q)).toEqual(names);
  });

  it('follows a changed name and phone, and forgets what they were', async () => {
    const { id } = await register(http, { name: '旧名字', contactPoints: [phone('13711110000')] });
    await http.patch(`/v1/customers/${id}`).set('If-Match', '"1"').send({ name: '新姓名', contactPoints: [phone('13722220000')] }).expect(200);
    expect([await find('旧名'), await find('1111')]).toEqual([[], []]);
    expect([await find('新姓'), await find('2222')]).toEqual([['新姓名'], ['新姓名']]);
  });

  it('shows nobody who only seems to hold the fragment', async () => {
    const { id } = await register(http, { name: '雾中人' });
    // Every gram of 张三 is there, the words are not: as after a collision of fingerprints.
    await app.asOwner(`update customer.search set grams = (select grams from customer.search s join customer.features f using (customer_id) order by f.created_at limit 1) where customer_id = $1`, [id]);
    expect(await find('张三')).toEqual(['张三丰']);
  });

  it('is joined with filters and pages like any list', async () => {
    for (let index = 0; index < 5; index += 1) await register(http, { name: `孙尚香${index}`, tags: index < 3 ? ['wu'] : [] });
    expect((await listAll(http, { q: '尚香', tagsAny: 'wu', limit: 2 })).map(({ name }) => name)).toEqual(['孙尚香2', '孙尚香1', '孙尚香0']);
    expect((await list(http, { q: '尚香', total: 'exact' })).page.total).toBe(5);
  });
});
