import { describe, expect, it } from '@jest/globals';
import { isId, madeAt, newId } from './id.js';

describe('ids', () => {
  it('are UUIDv7 that carry their millisecond', () => {
    const id = newId(0x0190_0000_0001);
    expect(id).toMatch(/^01900000-0001-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isId(id)).toBe(true);
    expect(madeAt(id)).toBe(0x0190_0000_0001);
    expect(madeAt('0190f0c1-2b3c-4def-8abc-1234567890ab')).toBeUndefined();
  });

  it('are distinct, and later milliseconds sort later', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => newId(1_700_000_000_000 + Math.floor(i / 100)));
    expect(new Set(ids).size).toBe(ids.length);
    const millis = ids.map((id) => id.slice(0, 13));
    expect([...millis].sort()).toEqual(millis);
  });

  it.each(['', 'x', '01900000-0001-7000-8000-00000000000', "01900000-0001-7000-8000-000000000000' or 1=1", 7, null, '01900000-0001-7000-8000-00000000000G'])(
    'does not take %p for an id',
    (value) => expect(isId(value)).toBe(false),
  );
});
