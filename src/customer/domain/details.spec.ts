import { describe, expect, it } from '@jest/globals';
import { readDetails, type DetailsInput } from './details.js';
import { FieldProblems } from './field-problems.js';

function read(input: DetailsInput) {
  const problems = new FieldProblems();
  const details = readDetails(input, { readPhone: () => undefined, today: '2026-03-01', problems });
  return { details, problems };
}

describe('details', () => {
  it('speak only of what was given, and clear what is null', () => {
    expect(read({ name: ' 李娜 ' }).details).toEqual({ name: '李娜' });
    expect(read({ note: null, addresses: null, tags: null }).details).toEqual({ note: null, addresses: [], tags: [] });
  });

  it('have one form: languages canonical, tags sorted and once, countries in capitals, blanks gone', () => {
    const { details, problems } = read({ language: 'ZH-cn', tags: ['vip', ' new ', 'vip'], addresses: [{ line: ' 中山路 1 号 ', country: 'cn', city: '' }] });
    expect(problems.all).toEqual([]);
    expect(details).toEqual({
      language: 'zh-CN',
      tags: ['new', 'vip'],
      addresses: [{ label: null, recipient: null, line: '中山路 1 号', postcode: null, city: null, province: null, country: 'CN' }],
    });
  });

  it('sort external ids, each once', () => {
    const given = [{ system: 'shop', id: '2' }, { system: 'erp', id: '9' }, { system: 'shop', id: ' 2 ' }];
    expect(read({ externalIds: given }).details.externalIds).toEqual([{ system: 'erp', id: '9' }, { system: 'shop', id: '2' }]);
  });

  it('name everything that is wrong at once, and repeat no value', () => {
    const { problems } = read({
      name: 'secret'.repeat(50),
      bornOn: '2026-03-02',
      language: 'secret tongue',
      addresses: [{ label: 'home' }, { country: 'secret' }],
      tags: ['secret,tag', ''],
      externalIds: [{ system: 'Secret', id: '' }],
    });
    expect(problems.all.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/name too_long',
      '/bornOn in_future',
      '/language invalid_language',
      '/addresses/0 empty',
      '/addresses/1/country invalid_country',
      '/externalIds/0/system invalid_system',
      '/externalIds/0/id invalid_external_id',
      '/tags/0 invalid_tag',
      '/tags/1 invalid_tag',
    ]);
    expect(() => problems.throwIfAny()).toThrow(expect.objectContaining({ refusal: 'rule', code: 'invalid_customer' }));
    expect(() => problems.throwIfAny()).not.toThrow(/secret/i);
  });
});
