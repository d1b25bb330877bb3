import { describe, expect, it } from '@jest/globals';
import { Customer } from './customer.js';

const ID = '019abf00-0000-7000-8000-000000000001';
const FIRST = new Date('2026-03-01T00:00:00Z');
const LATER = new Date('2026-03-02T00:00:00Z');
const origin = { source: 'api', createdAt: FIRST };

/** As the repository would give it back. */
function stored(customer: Customer): Customer {
  return Customer.rehydrate(customer.current);
}

describe('customer', () => {
  it('begins active at version 1 with nothing known but what was said', () => {
    const { current } = Customer.register(ID, { name: '李娜' }, origin, FIRST);
    expect(current).toMatchObject({ id: ID, version: 1, status: 'active', name: '李娜', contactPoints: [], tags: [], gender: null, updatedAt: FIRST });
  });

  it('needs something to be known by', () => {
    const nobody = expect.objectContaining({ refusal: 'rule', code: 'nobody_in_particular' });
    expect(() => Customer.register(ID, { note: 'x' }, origin, FIRST)).toThrow(nobody);
    expect(() => stored(Customer.register(ID, { name: '李娜' }, origin, FIRST)).change({ name: null }, LATER)).toThrow(nobody);
    expect(Customer.register(ID, { externalIds: [{ system: 'shop', id: '7' }] }, origin, FIRST).current.name).toBeNull();
  });

  it('cannot have been known in the future', () => {
    expect(() => Customer.register(ID, { name: '李娜' }, { source: 'api', createdAt: LATER }, FIRST)).toThrow(expect.objectContaining({ code: 'created_in_future' }));
  });

  it('names the fields that differ and moves on by one version', () => {
    const customer = stored(Customer.register(ID, { name: '李娜', tags: ['vip'] }, origin, FIRST));
    customer.change({ name: '李 娜', tags: ['vip'], note: 'calls on Mondays' }, LATER);
    customer.change({ gender: 'female' }, LATER);
    expect(customer.changedFields).toEqual(['gender', 'name', 'note']);
    expect(customer.current).toMatchObject({ version: 2, updatedAt: LATER, tags: ['vip'] });
    expect(customer.storedVersion).toBe(1);
  });

  it('is not changed by being told what is known', () => {
    const customer = stored(Customer.register(ID, { name: '李娜', externalIds: [{ system: 'shop', id: '7' }] }, origin, FIRST));
    customer.change({ name: '李娜', externalIds: [{ system: 'shop', id: '7' }], note: null }, LATER);
    expect(customer.isChanged).toBe(false);
    expect(customer.current.updatedAt).toEqual(FIRST);
  });

  it('refuses a caller who read another version', () => {
    const customer = stored(Customer.register(ID, { name: '李娜' }, origin, FIRST));
    expect(() => customer.mustBeAt(2)).toThrow(expect.objectContaining({ refusal: 'stale', code: 'version_conflict' }));
    expect(() => customer.mustBeAt(1)).not.toThrow();
  });

  it('once deleted, keeps its details and takes no change', () => {
    const customer = stored(Customer.register(ID, { name: '李娜' }, origin, FIRST));
    customer.delete(LATER);
    expect(customer.current).toMatchObject({ status: 'deleted', name: '李娜', version: 2 });
    const refusal = expect.objectContaining({ refusal: 'conflict', code: 'customer_deleted' });
    expect(() => customer.change({ name: '李四' }, LATER)).toThrow(refusal);
    expect(() => stored(customer).delete(LATER)).toThrow(refusal);
  });
});
