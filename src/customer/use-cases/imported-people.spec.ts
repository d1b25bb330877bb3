import { describe, expect, it } from '@jest/globals';
import type { ContactPoint } from '../domain/contact-point.js';
import { Customer } from '../domain/customer.js';
import { ImportedPeople } from './imported-people.js';

const NOW = new Date('2026-03-01T00:00:00Z');
const phone = (value: string, shared = false): ContactPoint => ({ kind: 'phone', value, normalized: value, label: null, shared });
const shop = (id: string) => [{ system: 'shop', id }];

function stored(id: string, details: Parameters<typeof Customer.register>[1]): Customer {
  return Customer.rehydrate(Customer.register(id, details, { source: 'api', createdAt: NOW }, NOW).current);
}

function people(...known: Customer[]) {
  let ids = 0;
  const all = new ImportedPeople(known, () => `new-${(ids += 1)}`, NOW);
  return { all, take: (details: Parameters<typeof Customer.register>[1]) => all.take({ line: 1, details }) };
}

describe('imported people', () => {
  it('folds several lines about one person into one record', () => {
    const { all, take } = people();
    expect(take({ externalIds: shop('1'), name: '李娜' })).toBe('created');
    expect(take({ externalIds: shop('1'), contactPoints: [phone('+861')] })).toBe('updated');
    expect(take({ externalIds: shop('1'), name: '李娜' })).toBe('unchanged');
    expect(take({ contactPoints: [phone('+861')], tags: ['vip'] })).toBe('updated');
    expect(all.changed.map(({ current }) => current)).toEqual([expect.objectContaining({ id: 'new-1', version: 1, name: '李娜', tags: ['vip'], source: 'import' })]);
  });

  it('changes who is stored by one version, however many lines speak of them', () => {
    const { all, take } = people(stored('a', { externalIds: shop('1'), name: '李娜' }));
    expect(take({ externalIds: shop('1'), name: '李 娜' })).toBe('updated');
    expect(take({ externalIds: [...shop('1'), { system: 'erp', id: '9' }], tags: ['vip'] })).toBe('updated');
    expect(take({ externalIds: [{ system: 'erp', id: '9' }] })).toBe('unchanged');
    expect(all.changed.map(({ current }) => [current.id, current.version])).toEqual([['a', 2]]);
  });

  it('stores nobody whose lines say what is known', () => {
    const { all, take } = people(stored('a', { externalIds: shop('1'), name: '李娜' }));
    expect(take({ externalIds: shop('1'), name: '李娜' })).toBe('unchanged');
    expect(all.changed).toEqual([]);
  });

  it('refuses a phone that somebody else has, unless it is shared', () => {
    const { take } = people(stored('a', { externalIds: shop('1'), contactPoints: [phone('+861'), phone('+862', true)] }));
    expect(() => take({ externalIds: shop('2'), contactPoints: [phone('+861')] })).toThrow(expect.objectContaining({ code: 'duplicate_customer', facts: { customerId: 'a' } }));
    expect(take({ externalIds: shop('2'), contactPoints: [phone('+862')] })).toBe('created');
    expect(() => take({ externalIds: shop('3'), contactPoints: [phone('+862')] })).toThrow(expect.objectContaining({ facts: { customerId: 'new-1' } }));
  });

  it('refuses a line that names two people', () => {
    const { take } = people(stored('a', { externalIds: shop('1') }), stored('b', { externalIds: [{ system: 'erp', id: '9' }] }));
    expect(() => take({ externalIds: [...shop('1'), { system: 'erp', id: '9' }] })).toThrow(expect.objectContaining({ code: 'ambiguous_customer' }));
  });

  it('refuses to change who was deleted, whose phone is free', () => {
    const gone = stored('a', { externalIds: shop('1'), contactPoints: [phone('+861')] });
    gone.delete(NOW);
    const { take } = people(Customer.rehydrate(gone.current));
    expect(() => take({ externalIds: shop('1'), name: '李娜' })).toThrow(expect.objectContaining({ code: 'customer_deleted' }));
    expect(take({ contactPoints: [phone('+861')] })).toBe('created');
  });
});
