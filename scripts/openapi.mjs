// npm run openapi: writes the contract (openapi.yaml) from the code. With --check it only compares, for CI.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contractFacts } from './contract-facts.mjs';
import { prepare, root, runScript, Stop } from './prepare.mjs';

const committed = path.join(root, 'openapi.yaml');

await runScript(async () => {
  await prepare({ build: true });
  if (process.argv.includes('--check')) check();
  else generate(committed);
});

function generate(target) {
  inFolder((folder) => {
    const facts = path.join(folder, 'facts.json');
    fs.writeFileSync(facts, JSON.stringify(contractFacts(root)));
    execFileSync(process.execPath, [path.join(root, 'dist', 'openapi.js'), target, facts], { cwd: root, stdio: 'inherit' });
  });
}

function check() {
  inFolder((folder) => {
    const fresh = path.join(folder, 'openapi.yaml');
    generate(fresh);
    const difference = firstDifference(fs.existsSync(committed) ? fs.readFileSync(committed, 'utf8') : '', fs.readFileSync(fresh, 'utf8'));
    if (difference) throw new Stop(`openapi.yaml is not what the code says (${difference}). Run "npm run openapi", look at the change, and commit it.`);
  });
}

function inFolder(work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shuke-openapi-'));
  try {
    work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function firstDifference(before, now) {
  if (before === now) return undefined;
  const [old, lines] = [before.split('\n'), now.split('\n')];
  const at = lines.findIndex((line, index) => line !== old[index]);
  return at < 0 ? `it has lines after ${lines.length} that are gone` : `first at line ${at + 1}: ${lines[at].trim() || 'an empty line'}`;
}
