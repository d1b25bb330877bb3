import { describe, expect, it } from '@jest/globals';
import { OPERATIONS } from './operation-table.js';
import { compose } from './request.js';

describe('a request', () => {
  it('puts each parameter where the contract has it', () => {
    const { method, address, headers, body } = compose('updateCustomer', { id: 'a/b', ifMatch: '"3"', idempotencyKey: 'k', body: { note: null } });
    expect({ method, address, headers, body }).toEqual({
      method: 'PATCH',
      address: '/v1/customers/a%2Fb',
      headers: { 'If-Match': '"3"', 'Idempotency-Key': 'k', 'Content-Type': 'application/merge-patch+json' },
      body: '{"note":null}',
    });
  });

  it('separates lists by commas and leaves out what is undefined', () => {
    expect(compose('listCustomers', { tagsAny: ['vip', '茶 & 酒'], q: undefined, limit: 5 }).address).toBe('/v1/customers?limit=5&tagsAny=vip,%E8%8C%B6%20%26%20%E9%85%92');
  });

  it('makes a key for what the server keys, and for nothing else', () => {
    const keys = [1, 2].map(() => compose('createCustomer', { body: {} }).headers['Idempotency-Key']);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(compose('createSession', { body: {} })).toMatchObject({ repeatable: false, headers: { 'Content-Type': 'application/json' } });
    expect(compose('listCustomers', {})).toMatchObject({ repeatable: true, headers: {} });
  });

  it('is refused where the contract has no such thing', () => {
    expect(() => compose('getCustomer', {})).toThrow('getCustomer needs "id".');
    expect(() => compose('getCustomer', { id: '1', colour: 'red' })).toThrow('getCustomer has no "colour". It has id.');
    expect(() => compose('listApiKeys', { ifMatch: '"1"' })).toThrow('listApiKeys has no "ifMatch". It has limit, cursor, issuedBy.');
    expect(() => compose('toString' as 'getCustomer', {})).toThrow('The API has no operation "toString".');
  });

  it('can be made for every operation: no POST and no PATCH is repeated that the server does not key', () => {
    const rows = Object.entries(OPERATIONS);
    expect(rows.length).toBeGreaterThan(70);
    const notKeyed = rows.filter(([, row]) => ['POST', 'PATCH'].includes(row.method) && !row.headers?.includes('idempotencyKey')).map(([id]) => id);
    expect(notKeyed).toEqual(['appendToResumableUpload', 'createSession', 'refreshSession', 'verifyAudit']);
    for (const id of notKeyed) expect(compose(id as 'verifyAudit', (OPERATIONS[id as 'verifyAudit'].path.includes('{id}') ? { id: '1' } : {}) as Record<string, string>).repeatable).toBe(false);
  });
});
