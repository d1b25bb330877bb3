import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions, Refusal } from './options.js';

describe('the options of the demo', () => {
  it('need none', () => {
    expect(readOptions([], {})).toEqual({
      seed: undefined, customers: undefined, until: undefined, url: undefined, email: 'demo@example.com', password: 'everyone may know this one',
      dataDir: '.data/demo', port: 3000, json: false, exit: false, help: false,
    });
  });

  it('are read from the command line, and some from the environment', () => {
    const options = readOptions(['--seed', '7', '--customers', '200', '--until', '2026-06-30T16:00:00Z', '--url', 'http://localhost:3001/', '--json'], { PORT: '3005', DEMO_PASSWORD: 'another' });
    expect(options).toMatchObject({ seed: 7, customers: 200, until: new Date('2026-06-30T16:00:00Z'), url: 'http://localhost:3001', port: 3005, password: 'another', json: true });
  });

  it.each([
    [['--customers', '0'], '--customers 0 is no whole number from 1 to 100000.'],
    [['--seed', '-1'], "'--seed'"],
    [['--until', 'tomorrow'], '--until tomorrow is no past instant such as 2026-06-30T16:00:00Z.'],
    [['--until', '2999-01-01T00:00:00Z'], 'is no past instant'],
    [['--url', 'localhost'], '--url localhost is no address such as http://localhost:3000.'],
    [['--port', '99999'], '--port 99999 is no whole number from 1 to 65535.'],
    [['--colour'], '--help lists what there is.'],
    [['extra'], '--help lists what there is.'],
  ])('refuse %j and say why', (args, sentence) => {
    expect(() => readOptions(args, {})).toThrow(Refusal);
    expect(() => readOptions(args, {})).toThrow(sentence);
  });

  it('are each on the help page', () => {
    for (const name of ['customers', 'seed', 'until', 'data-dir', 'port', 'exit', 'json', 'url', 'email', 'password', 'help']) expect(HELP).toContain(`--${name} `);
  });
});
