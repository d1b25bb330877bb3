import { spawnSync } from 'node:child_process';
import { prepare, runScript } from './prepare.mjs';

/** Everything a change must pass. All steps run, so that one look shows all that is wrong; `npm test` comes last and prints the count. */
/** @type {[name: string, args: string[]][]} */
const STEPS = [
  ['lint', ['run', '--silent', 'lint']],
  ['types', ['run', '--silent', 'types']],
  ['import rules', ['run', '--silent', 'arch']],
  ['contract drift', ['run', '--silent', 'openapi', '--', '--check']],
  ['contract lint', ['run', '--silent', 'openapi:lint']],
  ['contract keeps its promises', ['run', '--silent', 'openapi:breaking']],
  ['SDK', ['run', '--silent', 'sdk', '--', '--check']],
  ['clients', ['run', '--silent', 'clients']],
  ['tests', ['test', '--silent']],
];

await runScript(() => prepare({ build: true }));
const failed = [];
for (const [name, args] of STEPS) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) process.stdout.write(`\nNot passed: ${failed.join(', ')}.\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
