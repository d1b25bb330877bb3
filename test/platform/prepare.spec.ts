import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const SCRIPTS = path.resolve(import.meta.dirname, '../../scripts');

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'shuke-prepare-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A checkout that has nothing but what prepares it. */
async function checkout(): Promise<string> {
  const root = path.join(folder, 'checkout');
  await mkdir(path.join(root, 'scripts'), { recursive: true });
  for (const script of ['prepare.mjs', 'prepare-lock.mjs']) await copyFile(path.join(SCRIPTS, script), path.join(root, 'scripts', script));
  await writeFile(path.join(root, 'scripts/start.mjs'), "import { prepare, runScript } from './prepare.mjs';\nawait runScript(() => prepare({ build: false }));\n");
  const lock = { name: 'x', lockfileVersion: 3, packages: { '': { name: 'x' } } };
  await writeFile(path.join(root, 'package.json'), '{"name":"x"}');
  await writeFile(path.join(root, 'package-lock.json'), JSON.stringify(lock));
  return root;
}

describe('preparing a checkout', () => {
  it('does not empty a folder that its node_modules only link to', async () => {
    const root = await checkout();
    const others = path.join(folder, 'others');
    await mkdir(path.join(others, 'precious'), { recursive: true });
    await symlink(others, path.join(root, 'node_modules'));
    const { code, stderr } = await promisify(execFile)(process.execPath, [path.join(root, 'scripts/start.mjs')]).then(() => ({ code: 0, stderr: '' }), (failure: { code: number; stderr: string }) => failure);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${path.join(root, 'node_modules')} is a link to ${others}, whose packages do not fit package-lock.json, and installing here would empty that folder. Remove the link and start again, or run "npm ci" where it leads.\n` });
    expect(await readdir(others)).toEqual(['precious']);
  });
});
