import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { AppConfig, ConfigurationError, readConfig } from '../../src/platform/config/config.js';
import { variablesOf } from '../../src/platform/config/from-env.js';

const EXAMPLE = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const entries = EXAMPLE.split('\n').flatMap((line) => {
  const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, value: value! }];
});

describe('.env.example', () => {
  it('lists every variable in the order of the configuration, with its default', () => {
    expect(entries).toEqual(variablesOf(AppConfig).map(({ name, fallback }) => ({ name, value: fallback ?? '' })));
  });

  it('is itself a configuration that works', () => {
    expect(readConfig(Object.fromEntries(entries.map(({ name, value }) => [name, value]))).port).toBe(3000);
  });
});

describe('the configuration', () => {
  it('tells every failure at once, with the variable, what it was and what it must be', () => {
    const wrong = { PORT: '99999', PROCESS_ROLE: 'both', DATABASE_URL: 'mysql://x', STATEMENT_TIMEOUT_MS: 'soon', CURRENCY: 'yuan' };
    let said = '';
    try {
      readConfig(wrong);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      said = (error as Error).message;
    }
    for (const name of Object.keys(wrong)) expect(said).toMatch(new RegExp(`^  - ${name}.*: must `, 'm'));
    expect(said.split('\n')).toHaveLength(Object.keys(wrong).length + 2);
  });

  it('does not repeat a secret it refuses', () => {
    expect(() => readConfig({ ADMIN_PASSWORD: 'short-one', MASTER_KEY: 'short-key' })).toThrow(/^(?!.*short-(one|key)).*ADMIN_PASSWORD/s);
  });
});
