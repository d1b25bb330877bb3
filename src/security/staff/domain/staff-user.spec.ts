import { describe, expect, it } from '@jest/globals';
import { assertPasswordHolds, normaliseEmail } from './staff-user.js';

const email = 'mei.lin@shop.example';

describe('an e-mail address of the staff', () => {
  it('has one spelling', () => {
    expect(normaliseEmail('  Mei.Lin@Shop.EXAMPLE ')).toBe(email);
    expect(normaliseEmail('ｍｅｉ.lin@shop.example')).toBe(email);
  });
});

describe('a password', () => {
  it.each(['four random words here', '正确的马电池订书钉十二个字', 'Xk4#pQ9z!mL2'])('may be "%s"', (password) => {
    expect(() => assertPasswordHolds(password, email, '/password')).not.toThrow();
  });

  it.each(['aaaaaaaaaaaa', '121212121212', 'mei.lin@shop.example', 'Mei.Lin@Shop.Example1', 'mei.lin@shop'])('may not be "%s", and the answer points at it', (password) => {
    expect(() => assertPasswordHolds(password, email, '/newPassword')).toThrow(
      expect.objectContaining({ code: 'password_too_weak', errors: [expect.objectContaining({ pointer: '/newPassword' })] }),
    );
  });
});
