import { describe, expect, it } from '@jest/globals';
import { readLine } from './read-line.js';

const reading = {
  readPhone: (text: string) => (/^[\d ]{11,}$/.test(text) ? `+86${text.replaceAll(' ', '')}` : undefined),
  today: '2026-03-01',
  timeZone: 'Asia/Shanghai',
};
const read = (values: Record<string, string>) => readLine({ line: 7, values }, reading);

describe('a line of a file of customers', () => {
  it('says everything about one person', () => {
    const line = read({
      'externalIds.shop': '7305',
      'externalIds.erp': 'C-1',
      name: ' 李娜 ',
      gender: '女',
      bornOn: '1990/6/15',
      language: 'zh-cn',
      phone: '138 1234 5678',
      email: 'Li.Na@Example.com',
      wechat: 'li_na_90',
      'address.line': '中山东一路 12 号',
      'address.city': '上海',
      'address.country': 'cn',
      tags: 'vip| new |',
      note: 'x',
      source: 'old-shop',
      createdAt: '2021-05-04 10:00',
    });
    expect(line).toEqual({
      line: 7,
      source: 'old-shop',
      createdAt: new Date('2021-05-04T02:00:00Z'),
      details: {
        name: '李娜',
        gender: 'female',
        bornOn: '1990-06-15',
        language: 'zh-CN',
        contactPoints: [
          { kind: 'phone', value: '138 1234 5678', normalized: '+8613812345678', label: null, shared: false },
          { kind: 'email', value: 'Li.Na@Example.com', normalized: 'Li.Na@example.com', label: null, shared: false },
          { kind: 'wechat', value: 'li_na_90', normalized: null, label: null, shared: false },
        ],
        addresses: [{ label: null, recipient: null, line: '中山东一路 12 号', postcode: null, city: '上海', province: null, country: 'CN' }],
        externalIds: [{ system: 'erp', id: 'C-1' }, { system: 'shop', id: '7305' }],
        tags: ['new', 'vip'],
        note: 'x',
      },
    });
  });

  it('speaks only of the columns it has', () => {
    expect(read({ 'externalIds.shop': '7305' })).toEqual({ line: 7, details: { externalIds: [{ system: 'shop', id: '7305' }] } });
  });

  it('has each wrong column named', () => {
    const problems = read({ gender: 'x', bornOn: '15.6.1990', phone: 'none', email: 'none', 'address.country': 'China', 'address.label': 'home', tags: 'a,b', source: 'Old Shop', createdAt: 'long ago' });
    expect(problems).toEqual(
      ['gender invalid_gender', 'createdAt invalid_instant', 'source invalid_source', 'bornOn invalid_date', 'phone invalid_phone', 'email invalid_email', 'address.country invalid_country', 'tags invalid_tag'].map((text) => {
        const [column, code] = text.split(' ');
        return expect.objectContaining({ line: 7, column, code });
      }),
    );
  });

  it('refuses an address that is only a label', () => {
    expect(read({ name: '李娜', 'address.label': 'home' })).toEqual([expect.objectContaining({ column: 'address.line', code: 'empty' })]);
  });
});
