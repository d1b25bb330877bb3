import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Generates the types of the TypeScript client from openapi.yaml and type-checks the client. `--check` only compares. */
const root = resolve(import.meta.dirname, '..');
const target = join(root, 'sdk/src/schema.d.ts');
const node = (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  process.exit(1);
};
const generate = (file) => node('node_modules/openapi-typescript/bin/cli.js', 'openapi.yaml', '--output', file, '--immutable', '--default-non-nullable=false');

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'shuke-sdk-'));
  try {
    generate(join(folder, 'schema.d.ts'));
    if (readFileSync(join(folder, 'schema.d.ts'), 'utf8') !== readFileSync(target, 'utf8')) {
      process.stderr.write('sdk/src/schema.d.ts does not fit openapi.yaml. Run "npm run sdk" and commit what it writes.\n');
      process.exit(1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  generate(target);
}
node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'sdk/tsconfig.json');
