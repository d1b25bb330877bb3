import { describe, expect, it } from '@jest/globals';
import { withAdded } from './added-details.js';
import type { Details } from './details.js';

const address = { label: null, recipient: null, line: '中山东一路 12 号', postcode: null, city: '上海', province: null, country: 'CN' };
const phone = { kind: 'phone', value: '138 1234 5678', normalized: '+8613812345678', label: 'mobile', shared: false } as const;
const known: Details = {
  bornOn: '1990-06-15', name: '李娜', gender: 'female', language: null, note: null, tags: ['vip'],
  contactPoints: [phone], addresses: [address], externalIds: [{ system: 'shop', id: '7' }],
};

describe('added details', () => {
  it('take single values over and leave the rest alone', () => {
    expect(withAdded(known, { name: '李 娜' })).toEqual({ name: '李 娜' });
  });

  it('add to lists what is new to them', () => {
    const email = { kind: 'email', value: 'li@example.com', normalized: 'li@example.com', label: null, shared: false } as const;
    expect(withAdded(known, { contactPoints: [{ ...phone, value: '13812345678', label: null }, email], tags: ['new', 'vip'], externalIds: [{ system: 'erp', id: '1' }] })).toEqual({
      contactPoints: [phone, email],
      tags: ['new', 'vip'],
      externalIds: [{ system: 'erp', id: '1' }, { system: 'shop', id: '7' }],
    });
  });

  it('know an address by its label, or without one by its place', () => {
    const moved = { ...address, line: '长安街 1 号' };
    expect(withAdded(known, { addresses: [address] }).addresses).toEqual([address]);
    expect(withAdded(known, { addresses: [moved] }).addresses).toEqual([address, moved]);
    const home = { ...address, label: 'home' };
    expect(withAdded({ ...known, addresses: [home] }, { addresses: [{ ...moved, label: 'home' }] }).addresses).toEqual([{ ...moved, label: 'home' }]);
  });

  it('change nothing when heard twice', () => {
    const once = { ...known, ...withAdded(known, { contactPoints: [phone], addresses: [address], tags: ['vip'] }) };
    expect(once).toEqual(known);
  });
});
