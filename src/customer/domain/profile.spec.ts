import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { customerJson, profileOf, profileText, type Profile } from './profile.js';

const unknown: Profile = { bornOn: null, name: null, contactPoints: [], addresses: [], note: null, externalIds: [] };

describe('profile', () => {
  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(fc.record({ name: fc.string({ unit: 'grapheme' }), note: fc.string({ unit: 'grapheme' }) }), (part) => {
        const profile = { ...unknown, ...part };
        expect(profileOf(profileText(profile))).toEqual(profile);
      }),
    );
  });

  it('is spliced behind the plain columns, with the age of the day', () => {
    const text = profileText({ ...unknown, bornOn: '1990-06-15', name: '李娜' });
    expect(JSON.parse(customerJson('{"id":"1"}', text, '2026-06-14'))).toEqual({ id: '1', age: 35, ...unknown, bornOn: '1990-06-15', name: '李娜' });
  });

  it('has no age without a birthday, whatever the other fields say', () => {
    const text = profileText({ ...unknown, name: '{"bornOn":"1990-06-15"' });
    expect(JSON.parse(customerJson('{"id":"1"}', text, '2026-06-14'))).toMatchObject({ age: null });
  });
});
