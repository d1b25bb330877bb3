// npm run bench: a build of the present sources, then the bench.
import { prepare, runScript } from '../scripts/prepare.mjs';

await runScript(() => prepare({ build: true }));
process.argv.splice(2, 0, './main.ts');
await import('./typescript.mjs');
