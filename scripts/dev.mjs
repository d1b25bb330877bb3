// npm run dev: the application, built again and restarted at each change of src/.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { endWithNpm } from './end-with-npm.mjs';
import { forgetBuild, nest, prepare, root, runScript } from './prepare.mjs';

const BUILT = /Found 0 errors/;

let app;
let leaving = false;
let restarting = Promise.resolve();

endWithNpm();
await runScript(() => prepare({ build: true }));
forgetBuild();

const compiler = spawn(process.execPath, nest('build', '--watch', '--preserveWatchOutput'), { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
compiler.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  if (BUILT.test(String(chunk))) restarting = restarting.then(restart);
});
compiler.once('exit', (code) => {
  if (leaving) return;
  console.error('The compiler ended.');
  void leave(code || 1);
});
process.on('SIGINT', () => void leave(130)).on('SIGTERM', () => void leave(0));

async function restart() {
  if (leaving) return;
  await endApp();
  const started = spawn(process.execPath, [path.join(root, 'dist', 'main.js')], { cwd: root, stdio: 'inherit' });
  app = started;
  started.once('exit', (code, signal) => {
    if (app === started && !leaving) console.error(`The application ended (${signal || code}); it starts again at the next change.`);
  });
}

/** Asks and waits: its database and its port must be free before the next one starts. */
function endApp() {
  const ending = app;
  app = undefined;
  if (!ending || ending.exitCode !== null || ending.signalCode !== null) return Promise.resolve();
  const ended = new Promise((resolve) => ending.once('exit', resolve));
  ending.kill('SIGTERM');
  return ended;
}

async function leave(code) {
  if (leaving) return;
  leaving = true;
  compiler.kill();
  await restarting;
  await endApp();
  process.exit(code);
}
