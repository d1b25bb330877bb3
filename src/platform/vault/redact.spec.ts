import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact, redactText } from './redact.js';

const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`));
const phones = fc.oneof(
  digits(10).map((n) => `+86 1${n}`),
  digits(10).map((n) => `1${n}`),
  digits(10).map((n) => `+1 (${n.slice(0, 3)}) ${n.slice(3, 6)}-${n.slice(6)}`),
  digits(8).map((n) => `010-${n}`),
  digits(9).map((n) => `0044 ${n.slice(0, 2)} ${n.slice(2)}`),
);
const emails = fc.tuple(fc.stringMatching(/^[a-z0-9._+张三ä-]{1,20}$/), fc.stringMatching(/^[a-z]{2,12}\.(com|cn|中国)$/)).map(([a, b]) => `${a}@${b}`);
const credentials = fc.oneof(
  fc.stringMatching(/^[\w.~+/-]{12,60}=?$/).map((token) => `Bearer ${token}`),
  fc.base64String({ minLength: 8, maxLength: 40 }).map((token) => `Basic ${token}`),
  fc.tuple(fc.stringMatching(/^[\w-]{10,60}$/), fc.stringMatching(/^[\w-]{10,60}$/)).map(([a, b]) => `eyJ${a}.eyJ${b}.${a}`),
);
const tellingKeys = fc.constantFrom(
  'authorization', 'Cookie', 'set-cookie', 'password', 'newPassword', 'password_hash', 'token', 'refreshToken', 'apiKey', 'x-api-key', 'X-Shuke-Signature',
  'phone', 'phones', 'contactPhone', 'email', 'customer_email', 'name', 'firstName', 'full_name', 'address', 'shippingAddress', 'address_line1', 'birthday', 'dek', 'clientSecret',
);
const CANARY = 'Canary张三丰';
const around = fc.constantFrom('', ' ', ', ', '"', '\n', '（', '为：', '; ');

describe('redaction', () => {
  it.each([
    ['sent to zhang.san+crm@example.com.cn today', 'sent to [email] today'],
    ['call +86 138-1234-5678 now', 'call [phone] now'],
    ['手机13812345678号', '手机[phone]号'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [redacted]'],
    ['GET /v1/customers?q=张三&limit=20', 'GET /v1/customers?q=[redacted]&limit=[redacted]'],
    ['password=hunter2, next', 'password=[redacted], next'],
    ['{"access_token":"s3cr3t","n":1}', '{"access_token":"[redacted]","n":1}'],
    ['one\r\n{"level":"forged"}\u2028two\u001b[31m', 'one {"level":"forged"} two [31m'],
    ['id 01912345-1234-7123-8123-123456789012 at 2026-02-03T04:05:06.789Z', 'id 01912345-1234-7123-8123-123456789012 at 2026-02-03T04:05:06.789Z'],
    ['trace 4bf92f3577b34da6a3ce929d0e0e4736 took 1234 ms', 'trace 4bf92f3577b34da6a3ce929d0e0e4736 took 1234 ms'],
  ])('turns %j into %j', (text, redacted) => expect(redactText(text)).toBe(redacted));

  it('masks telling keys at any depth and keeps the rest', () => {
    expect(JSON.parse(JSON.stringify(redact({ id: 7, req: { headers: { cookie: ['a', 'b'], accept: 'json' } }, customer: { phone: 13812345678, level: 'gold', email: null } })))).toEqual({
      id: 7, req: { headers: { cookie: '[redacted]', accept: 'json' } }, customer: { phone: '[redacted]', level: 'gold', email: null },
    });
  });

  it('lets no canary under a telling key survive, whatever holds it', () => {
    const holder = fc.constantFrom<(key: string) => unknown>(
      (key) => ({ [key]: CANARY }), (key) => ({ [key]: [CANARY] }), (key) => [{ [key]: { deep: CANARY } }],
      (key) => new Map([[key, CANARY]]), (key) => Object.assign(new Error('no'), { [key]: CANARY }), (key) => ({ a: new Set([{ [key]: CANARY }]) }),
    );
    fc.assert(fc.property(tellingKeys, holder, (key, hold) => expect(JSON.stringify(redact(hold(key)))).not.toContain(CANARY)));
  });

  it('lets no telephone, e-mail or credential in any text, key or error survive', () => {
    fc.assert(
      fc.property(fc.oneof(phones, emails, credentials), around, around, (canary, before, after) => {
        const text = `said${before}${before === '' ? ' ' : ''}${canary}${after === '' ? '' : after}`;
        const secret = canary.replace(/^(Bearer|Basic) /, '');
        for (const value of [text, { note: text }, [text], { [text]: 1 }, new Error(text), new Error('outer', { cause: new Error(text) }), new Map([['k', text]])]) {
          expect(JSON.stringify(redact(value))).not.toContain(secret);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('answers with one line of JSON for anything, cycles included', () => {
    fc.assert(fc.property(fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true, withNullPrototype: true }), (value) => {
      expect(JSON.stringify({ value: redact(value) })).not.toMatch(/[\r\n\u2028\u2029]/);
    }));
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(redact(circle)).toEqual({ self: '[cut]' });
  });

  it('takes linear time over hostile strings', () => {
    const started = performance.now();
    for (const unit of ['a', '1', '1 ', 'a@', 'eyJ', 'token', '=?', '(1', '1-', '0f', 'bearer ']) redactText(unit.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('tells of an error its class, message, code, cause and frames', () => {
    const error = Object.assign(new TypeError('no row for a@b.cn', { cause: new Error('why') }), { code: '23505' });
    expect(redact(error)).toEqual({
      type: 'TypeError', message: 'no row for [email]', code: '23505', stack: expect.stringMatching(/^ {4}at .*redact\.spec/), cause: expect.objectContaining({ type: 'Error', message: 'why' }),
    });
  });

  it('changes nothing in what it was given', () => {
    const given = { phone: '13812345678', list: ['a@b.cn'] };
    redact(given);
    expect(given).toEqual({ phone: '13812345678', list: ['a@b.cn'] });
  });
});
