import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const client = path.join(root, 'sdk/typescript');

let dist: string;

beforeAll(async () => {
  dist = await mkdtemp(path.join(tmpdir(), 'shuke-client-'));
  await run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', client, '--outDir', dist]);
});
afterAll(() => rm(dist, { recursive: true, force: true }));

async function compiled(ending: string): Promise<string> {
  const files = (await readdir(dist)).filter((file) => file.endsWith(ending));
  return (await Promise.all(files.map((file) => readFile(path.join(dist, file), 'utf8')))).join('\n');
}

/** Modules named by import and export statements, which begin their line, and by import(). */
function importedBy(text: string): string[] {
  return [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(([, from, bare, dynamic]) => (from ?? bare ?? dynamic)!);
}

describe('S152 the client as it is published', () => {
  it('needs no package and nothing of Node, so that a browser can load it', async () => {
    const imported = importedBy(await compiled('.js'));
    expect(imported.length).toBeGreaterThan(10);
    expect(imported.filter((name) => !name.startsWith('./'))).toEqual([]);
    expect(await compiled('.js')).not.toMatch(/\b(process|Buffer|require)\b\s*[.(]/);
  });

  it('has its types beside it, which name no package either', async () => {
    const types = await compiled('.d.ts');
    expect(types).toContain('interface operations');
    expect(importedBy(types).filter((name) => !name.startsWith('./'))).toEqual([]);
  });

  it('exports what its package.json says, and ships what it names', async () => {
    const { exports, types, files, dependencies = {} } = JSON.parse(await readFile(path.join(client, 'package.json'), 'utf8')) as {
      exports: Record<string, { types: string; default: string }>; types: string; files: string[]; dependencies?: object;
    };
    const built = (await readdir(dist)).map((file) => `./dist/${file}`);
    expect(built).toEqual(expect.arrayContaining([exports['.']!.types, exports['.']!.default, types]));
    expect(dependencies).toEqual({});
    expect(await readdir(client)).toEqual(expect.arrayContaining(files.filter((file) => file !== 'dist')));
  });

  it('is loaded by plain Node from its build', async () => {
    const script = `import(${JSON.stringify(path.join(dist, 'index.js'))}).then(({ createShuke }) => console.log(typeof createShuke({ baseUrl: 'http://localhost:3000' }).call))`;
    // Outside a package with "type": "module" the files need to be told what they are.
    await writeFile(path.join(dist, 'package.json'), '{"type":"module"}');
    expect((await run(process.execPath, ['-e', script])).stdout).toBe('function\n');
  });
});
