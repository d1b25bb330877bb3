import { describe, expect, it } from '@jest/globals';
import { apiKeyPrefix, readApiKey, writeApiKey } from './api-key.js';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const secret = 'a_b-CdEfGhIjKlMnOpQrStUvWxYz0123456789_-abc';

describe('an API key', () => {
  it('reads back what it wrote, though the secret may hold the separator', () => {
    expect(readApiKey(writeApiKey({ id, secret }))).toEqual({ id, secret });
  });

  it('shows which key it is by a prefix without any of the secret', () => {
    expect(apiKeyPrefix(id)).toBe('shuke_live_01890a5dac96774bbcceb302099a8057');
    expect(writeApiKey({ id, secret }).startsWith(`${apiKeyPrefix(id)}_`)).toBe(true);
  });

  it.each([
    ['a token of another kind', 'eyJhbGciOiJIUzI1NiJ9.e30.x'],
    ['a short secret', `shuke_live_${id.replaceAll('-', '')}_abc`],
    ['a long secret', `${writeApiKey({ id, secret })}x`],
    ['dashes in the id', `shuke_live_${id}_${secret}`],
    ['capital letters in the id', writeApiKey({ id, secret }).replace('ac96', 'AC96')],
    ['a line break at the end', `${writeApiKey({ id, secret })}\n`],
    ['nothing', ''],
  ])('does not take %s for one', (_, text) => {
    expect(readApiKey(text)).toBeUndefined();
  });
});
