import { describe, expect, it } from '@jest/globals';
import { emailIdentity, normalizeEmail } from './email-address.js';

describe('e-mail address', () => {
  it.each([
    [' Li.Na@Example.COM ', 'Li.Na@example.com'],
    ['a@b.cn', 'a@b.cn'],
    ['用户@例子.中国', '用户@例子.中国'],
    ['a+tag@mail.example.co.uk', 'a+tag@mail.example.co.uk'],
  ])('reads %p as %p', (text, normalized) => {
    expect(normalizeEmail(text)).toBe(normalized);
  });

  it.each(['', 'a', 'a@b', '@b.cn', 'a@', 'a b@c.cn', 'a@b@c.cn', 'a@b.', 'Li <li@b.cn>', `${'a'.repeat(65)}@b.cn`, `a@${'b'.repeat(260)}.cn`])(
    'refuses %p',
    (text) => expect(normalizeEmail(text)).toBeUndefined(),
  );

  it('knows one mailbox in two spellings', () => {
    expect(emailIdentity(normalizeEmail('Li.Na@EXAMPLE.com')!)).toBe(emailIdentity(normalizeEmail('li.na@example.COM')!));
  });
});
