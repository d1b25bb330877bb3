import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { operationTable } from './operation-table.mjs';
import { root, runScript, Stop } from './prepare.mjs';

/**
 * npm run sdk: writes what the TypeScript client takes from openapi.yaml (its types, and the table of operations that it
 * needs when it runs) and type-checks the client. With --check it only compares, for CI; with --build it compiles what
 * is committed to sdk/typescript/dist, as it is published.
 */
const client = 'sdk/typescript';
const GENERATED = ['schema.ts', 'operation-table.ts'];

await runScript(() => {
  if (process.argv.includes('--build')) return build();
  if (process.argv.includes('--check')) compare();
  else generate(path.join(root, client, 'src'));
  for (const project of [client, `${client}/examples`]) node('node_modules/typescript/bin/tsc', '--noEmit', '-p', project);
});

function generate(folder) {
  node('node_modules/openapi-typescript/bin/cli.js', 'openapi.yaml', '--output', path.join(folder, 'schema.ts'), '--immutable', '--default-non-nullable=false');
  writeFileSync(path.join(folder, 'operation-table.ts'), operationTable(readFileSync(path.join(root, 'openapi.yaml'), 'utf8')));
}

function compare() {
  const folder = mkdtempSync(path.join(tmpdir(), 'shuke-sdk-'));
  try {
    generate(folder);
    const stale = GENERATED.filter((file) => readFileSync(path.join(folder, file), 'utf8') !== readFileSync(path.join(root, client, 'src', file), 'utf8'));
    if (stale.length > 0) throw new Stop(`${stale.map((file) => `${client}/src/${file}`).join(' and ')} does not fit openapi.yaml. Run "npm run sdk" and commit what it writes.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build() {
  rmSync(path.join(root, client, 'dist'), { recursive: true, force: true });
  node('node_modules/typescript/bin/tsc', '-p', client);
}

function node(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Stop(stdout + stderr);
}
