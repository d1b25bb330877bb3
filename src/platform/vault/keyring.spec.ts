import { describe, expect, it } from '@jest/globals';
import { newKeyringText, parseKeyring } from './keyring.js';

const A = Buffer.alloc(32, 0xa1);
const B = Buffer.alloc(32, 0xb2);
const INDEX = Buffer.alloc(32, 0x1d);

describe('keyring', () => {
  it('reads keys in base64 and hex, by lines or commas, the first being current', () => {
    const text = `# ours\nnew:${B.toString('hex')}\r\nold:${A.toString('base64')},index:${INDEX.toString('base64url')}\n`;
    const { masterKeys, indexSecret } = parseKeyring(text);
    expect([...masterKeys]).toEqual([['new', B], ['old', A]]);
    expect(indexSecret).toEqual(INDEX);
  });

  it('makes a new keyring that it can read, never twice the same', () => {
    const first = parseKeyring(newKeyringText());
    const second = parseKeyring(newKeyringText());
    expect([...first.masterKeys.keys()]).not.toEqual([...second.masterKeys.keys()]);
    expect(first.indexSecret.equals(second.indexSecret)).toBe(false);
  });

  it.each([
    ['a short key', `k:${A.subarray(1).toString('base64')}\nindex:${INDEX.toString('base64')}`, /Entry 1/],
    ['a key without id', `${A.toString('base64')}\nindex:${INDEX.toString('base64')}`, /Entry 1/],
    ['no master key', `index:${INDEX.toString('base64')}`, /no master key/],
    ['no index entry', `k:${A.toString('base64')}`, /no "index:" entry/],
    ['one id twice', `k:${A.toString('hex')},k:${B.toString('hex')},index:${INDEX.toString('hex')}`, /two entries/],
    ['two index entries', `k:${A.toString('hex')},index:${B.toString('hex')},index:${INDEX.toString('hex')}`, /two entries/],
    ['nothing', '', /no master key/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseKeyring(text)).toThrow(message);
  });

  it('keeps the secret out of what it says about a bad entry', () => {
    const secret = 'hunter2hunter2';
    expect(() => parseKeyring(`k:${secret}`)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret) }));
  });
});
