// npm test: unit tests, then those on a real database; `--unit` runs the first lot only, everything else goes to Jest.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepare, root, runScript } from './prepare.mjs';

const NODE = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const INTERRUPTED = 130;

const unitOnly = process.argv.includes('--unit');
// The journeys start the product and its command line as a user would, from their builds.
await runScript(() => prepare({ build: !unitOnly, cli: !unitOnly }));

// Ctrl-C reaches Jest too, which ends its database; we only wait for it.
process.on('SIGINT', () => undefined);

const wishes = process.argv.slice(2).filter((argument) => argument !== '--unit');
const total = { passed: 0, failed: 0, code: 0 };
for (const project of unitOnly ? ['unit'] : ['unit', 'system']) {
  const { passed, failed, code } = await jest(project);
  total.passed += passed;
  total.failed += failed;
  total.code = total.code || code;
  if (code === INTERRUPTED) break;
}
if (total.passed + total.failed === 0 && total.code === 0) {
  console.error('No test matches.');
  total.code = 1;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.code;

function jest(project) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shuke-test-'));
  const outputFile = path.join(folder, 'result.json');
  const args = [...wishes, '--passWithNoTests', '--json', `--outputFile=${outputFile}`, '--selectProjects', project];
  const child = spawn(process.execPath, [...NODE, path.join(root, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], {
    cwd: root,
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => {
    child.once('close', (status, signal) => {
      const code = signal === 'SIGINT' ? INTERRUPTED : signal ? 1 : status;
      resolve({ ...counts(outputFile, code), code });
      fs.rmSync(folder, { recursive: true, force: true });
    });
  });
}

/** A file that does not even load counts as one failure, and so does a run without a result. */
function counts(outputFile, code) {
  if (!fs.existsSync(outputFile)) return { passed: 0, failed: code === 0 ? 0 : 1 };
  const result = JSON.parse(fs.readFileSync(outputFile, 'utf8'));
  return { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites };
}
