// npm run clients: clients for Python and Java from openapi.yaml, in `clients/` (not in git) or where the first argument says.
// Every operation must be in them. Where this machine has the language, they are checked by it; where not, the end of the file is looked at.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root, runScript, Stop } from './prepare.mjs';

const REDOCLY = path.join(root, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
const snake = (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** How each client is made and checked; `method` is how an operation is called in it. */
const CLIENTS = {
  python: { file: 'shuke.py', end: /\n\S/, method: (operationId) => `    def ${snake(operationId)}(`, check: checkPython },
  java: { file: 'shuke/Client.java', end: /\n}\s*$/, method: (operationId) => ` ${operationId}(`, check: checkJava },
};

await runScript(() => {
  const target = path.resolve(process.argv[2] ?? path.join(root, 'clients'));
  const operationIds = Object.values(parse(fs.readFileSync(path.join(root, 'openapi.yaml'), 'utf8')).paths).flatMap((item) => Object.values(item).map((operation) => operation.operationId));
  for (const [language, client] of Object.entries(CLIENTS)) {
    const file = generate(language, path.join(target, language, client.file));
    const text = fs.readFileSync(file, 'utf8');
    const missing = operationIds.filter((operationId) => !text.includes(client.method(operationId)));
    if (missing.length > 0) throw new Stop(`The ${language} client lacks ${missing.join(', ')}.`);
    if (!client.end.test(text)) throw new Stop(`The ${language} client breaks off.`);
    console.log(`${path.relative(root, file)}: ${operationIds.length} operations, ${client.check(file)}.`);
  }
});

function generate(language, file) {
  const folder = path.dirname(file);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  // The generator wants the name of a TypeScript file, and puts the other languages' beside it under names of its own.
  run(process.execPath, REDOCLY, 'generate-client', path.join(root, 'openapi.yaml'), '--output', path.join(folder, 'client.ts'), '--generator', language);
  const [made] = fs.readdirSync(folder).filter((name) => name.toLowerCase().startsWith('client.'));
  fs.renameSync(path.join(folder, made), file);
  return file;
}

function checkPython(file) {
  const interpreters = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((one) => one && has(one, '--version'));
  if (interpreters.length === 0) return 'not compiled: there is no python3 here';
  const python = interpreters.find((one) => has(one, '-c', 'import httpx')) ?? interpreters[0];
  run(python, '-m', 'py_compile', file);
  if (!has(python, '-c', 'import httpx')) return 'compiled, not imported: python3 has no httpx here';
  run(python, '-c', `import sys; sys.path.insert(0, ${JSON.stringify(path.dirname(file))}); import shuke; shuke.Client("http://localhost")`);
  if (!has(python, '-m', 'mypy', '--version')) return 'compiled and imported, types not checked: python3 has no mypy here';
  run(python, '-m', 'mypy', '--cache-dir', path.join(path.dirname(file), '.mypy_cache'), file);
  return 'compiled, imported and type-checked';
}

function checkJava(file) {
  if (!has('javac', '-version')) return 'not compiled: there is no javac here';
  run('javac', '-encoding', 'UTF-8', '-Xlint:all,-serial', '-d', path.join(path.dirname(file), '..', 'classes'), file);
  return 'compiled';
}

function has(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function run(command, ...args) {
  try {
    execFileSync(command, args, { cwd: root, stdio: 'pipe' });
  } catch (failure) {
    throw new Stop(`${[command, ...args].join(' ')} failed:\n${failure.stdout}${failure.stderr}`);
  }
}
