// npm run demo: a shop that never was, filled through the product's own doors.
import { register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWithNpm } from './end-with-npm.mjs';
import { prepare, root, runScript } from './prepare.mjs';

endWithNpm();
// What reads the JSON wants nothing else there.
if (process.argv.includes('--json')) console.log = console.error;
await runScript(() => prepare({ build: true }));

register(pathToFileURL(path.join(root, 'test', 'support', 'typescript-loader.mjs')).href);
const { main } = await import(pathToFileURL(path.join(root, 'demo', 'main.ts')).href);
process.exit(await main(process.argv.slice(2)));
