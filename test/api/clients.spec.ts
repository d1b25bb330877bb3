import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { needs } from '../support/needs.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TOURS = path.join(ROOT, 'test/support/clients');
const run = promisify(execFile);
const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const python = [process.env['PYTHON'], 'python3', '/usr/bin/python3'].find((one) => one !== undefined && works(one, '-c', 'import httpx'));

let folder: string;
let said: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shuke-clients-'));
  said = (await run(process.execPath, [path.join(ROOT, 'scripts/clients.mjs'), folder], { cwd: ROOT })).stdout;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('S152 the generated clients', () => {
  it('S152 have every operation of the contract, in Python and in Java', () => {
    const { paths } = parse(readFileSync(path.join(ROOT, 'openapi.yaml'), 'utf8')) as { paths: Record<string, object> };
    const count = Object.values(paths).reduce((sum, item) => sum + Object.keys(item).length, 0);
    expect(said).toMatch(new RegExp(`python/shuke\\.py: ${count} operations,[^]*java/shuke/Client\\.java: ${count} operations,`));
  });
});

describe('S152 a generated client', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ workers: true });
    await app.asAdmin();
  });
  afterAll(() => app?.close());

  const WALKED = /^made 王小明\nheard \d+ customer\.registered\.v1\nrefused 404\n$/;
  const walker = () => [app.url, ADMINISTRATOR.email, ADMINISTRATOR.password];

  needs('a JDK (javac)', works('javac', '-version'))('in Java', () => {
    it('signs in, creates, reads, follows the events, and knows a refusal', async () => {
      const classes = path.join(folder, 'java', 'classes');
      await run('javac', ['-encoding', 'UTF-8', '-cp', classes, '-d', classes, path.join(TOURS, 'Tour.java')]);
      const { stdout } = await run('java', ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-cp', classes, 'Tour', ...walker()]);
      expect(stdout).toMatch(WALKED);
    }, 120_000);
  });

  needs('python3 with httpx', python !== undefined)('in Python', () => {
    it('signs in, creates, reads, follows the events, and knows a refusal', async () => {
      const { stdout } = await run(python!, [path.join(TOURS, 'tour.py'), ...walker()], { env: { ...process.env, PYTHONPATH: path.join(folder, 'python'), PYTHONIOENCODING: 'utf-8' } });
      expect(stdout).toMatch(WALKED);
    }, 120_000);
  });
});
