import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Installation } from '../support/installation.js';

const PASSWORD = 'correct horse battery staple';
const run = promisify(execFile);
const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');

/** The commands of the tour as a stranger would type them, one shell for all; each line of JSON they print. */
async function tour(file: string, url: string): Promise<string> {
  const blocks = [...read(file).matchAll(/^```sh tour\n(.*?)^```$/gms)].map((match) => match[1]!);
  const script = ['set -euo pipefail', ...blocks].join('\n').replace('http://localhost:3000', url).replace(/^export PASSWORD=.*$/m, `export PASSWORD='${PASSWORD}'`);
  const { stdout } = await run('bash', ['-c', script], { timeout: 60_000, maxBuffer: 1 << 24 }).catch((failure: { code: number; stdout: string }) => {
    throw new Error(`A command of the tour ended with ${failure.code}. Until then it had printed:\n${failure.stdout.slice(-1000)}`);
  });
  return stdout;
}

describe.each(['README.md', 'README.zh-CN.md'])('the tour of %s', (file) => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create({ ADMIN_PASSWORD: PASSWORD });
    await installation.start();
  }, 90_000);
  afterAll(() => installation.remove());

  it('runs as written, and each command answers what it says', async () => {
    const said = await tour(file, installation.url);
    expect(said).toContain('"normalized":"+8613800138000"');
    expect(said).toContain('"orderCount":1,"totalSpent":{"amount":"398.00","currency":"CNY"}');
    expect(said).toContain('"status":"payment_settled"');
    expect(said.match(/"name":"张三丰"/g)!.length).toBeGreaterThanOrEqual(4);
    expect(said).toContain('"status":"succeeded"');
    expect(said).toMatch(/"line":3,"column":"phone"/);
    expect(said).toContain('"segment":"champions"');
    expect(said).toMatch(/^\d{4}-\d\d,1,1,1,398\.00,/m);
    expect(said).toContain('"type":"sales.payment_recorded.v1"');
  }, 90_000);
});

describe('the two READMEs', () => {
  const commands = (file: string) =>
    [...read(file).matchAll(/^```([a-z ]*)\n(.*?)^```$/gms)]
      .filter(([, language]) => language === '' || language === 'sh tour')
      .map(([, , text]) => text!.replace(/^export PASSWORD=.*$/m, ''))
      .filter((text) => /curl|api|npm/.test(text));

  it('give the same commands', () => {
    expect(commands('README.zh-CN.md')).toEqual(commands('README.md'));
  });

  it.each(['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'SECURITY.md'])('%s points only at files that exist', (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!);
    for (const link of links) expect(() => readFileSync(path.resolve(import.meta.dirname, '../..', link)).length).not.toThrow();
  });
});
