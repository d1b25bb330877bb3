import { describe, expect, it } from '@jest/globals';
import { customerCells } from './customer-cells.js';

const address = (label: string | null, city: string) => ({ label, recipient: null, line: null, postcode: null, city, province: null, country: null });
const phone = (value: string) => ({ kind: 'phone' as const, value, normalized: value, label: null, shared: false });

describe('a person before and after a line', () => {
  it('is told in cells of the file, nothing before for one who is new', () => {
    const { before, after } = customerCells(undefined, { name: '李娜', tags: ['a', 'b'], contactPoints: [phone('1')], externalIds: [{ system: 'shop', id: '7' }], createdAt: new Date('2026-01-01T00:00:00Z') });
    expect(before).toEqual({});
    expect(after).toMatchObject({ name: '李娜', tags: 'a|b', phone: '1', 'externalIds.shop': '7', createdAt: '2026-01-01T00:00:00.000Z' });
  });

  it('shows the address that is new, beside the one it replaces', () => {
    const known = { addresses: [address('home', '北京'), address('work', '上海')] };
    const replacing = customerCells(known, { addresses: [address('home', '北京'), address('work', '成都')] });
    expect([replacing.before['address.city'], replacing.after['address.city']]).toEqual(['上海', '成都']);
    const adding = customerCells(known, { addresses: [...known.addresses, address(null, '广州')] });
    expect([adding.before['address.city'], adding.after['address.city']]).toEqual([undefined, '广州']);
    const beside = { addresses: [address(null, '北京')] };
    expect(customerCells(beside, { addresses: [...beside.addresses, address(null, '广州')] }).before['address.city']).toBeUndefined();
    expect(customerCells(known, known).after['address.city']).toBeUndefined();
  });
});
