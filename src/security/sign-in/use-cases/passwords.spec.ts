import { describe, expect, it } from '@jest/globals';
import { parseOptions } from '@node-rs/argon2';
import { LocalMasterKeys } from '../../../platform/vault/local-master-keys.js';
import { Passwords } from './passwords.js';

const keys = LocalMasterKeys.fromText(`test:${'01'.repeat(32)},index:${'02'.repeat(32)}`);
const passwords = new Passwords(keys);

describe('passwords', () => {
  it('match what was hashed, in any Unicode spelling, and nothing else', async () => {
    const hash = await passwords.hash('Ångström und 正确的马');
    expect(await passwords.matches(hash, 'A\u030Angstro\u0308m und 正确的马')).toBe(true);
    expect(await passwords.matches(hash, 'Angstrom und 正确的马')).toBe(false);
  });

  it('are hashed with a salt of their own each time', async () => {
    expect(await passwords.hash('the same words twice')).not.toBe(await passwords.hash('the same words twice'));
  });

  it('do not match under another pepper', async () => {
    const others = new Passwords(LocalMasterKeys.fromText(`test:${'01'.repeat(32)},index:${'03'.repeat(32)}`));
    expect(await others.matches(await passwords.hash('the words of somebody'), 'the words of somebody')).toBe(false);
  });

  it('cost the same where there is no account, and never match there', async () => {
    expect(await passwords.matches(undefined, 'whatever it may be')).toBe(false);
    const { decoy } = passwords as unknown as { decoy: Promise<string> };
    const { algorithm, memoryCost, timeCost, parallelism, saltLen, outputLen } = parseOptions(await passwords.hash('a real one of somebody'));
    expect(parseOptions(await decoy)).toMatchObject({ algorithm, memoryCost, timeCost, parallelism, saltLen, outputLen });
  });

  it('wait their turn, and beyond a bound the caller is told to come back', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 80 }, () => passwords.matches(undefined, 'everybody at once')));
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(20);
    expect(refused[0]?.reason).toMatchObject({ refusal: 'unavailable', code: 'too_many_sign_ins' });
    expect(await passwords.matches(undefined, 'later')).toBe(false);
  });
});
