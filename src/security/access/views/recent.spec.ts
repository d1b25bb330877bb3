import { describe, expect, it } from '@jest/globals';
import { Recent } from './recent.js';

describe('what was put in recently', () => {
  it('stays up to the capacity, and the oldest goes first', () => {
    const recent = new Recent<number>(2);
    recent.put('a', 1);
    recent.put('b', 2);
    recent.put('a', 3);
    recent.put('c', 4);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([3, undefined, 4]);
  });

  it('is gone when forgotten', () => {
    const recent = new Recent<number>(2);
    recent.put('a', 1);
    recent.forget('a');
    expect(recent.get('a')).toBeUndefined();
  });
});
