// npm start: from a fresh clone to a running CRM in one command.
import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWithNpm } from './end-with-npm.mjs';
import { prepare, root, runScript } from './prepare.mjs';

endWithNpm();
await runScript(() => prepare({ build: true }));

// From Node 22.1 on: keeps compiled code between starts.
if (module.enableCompileCache) module.enableCompileCache();
// In this very process: signals, exit code and terminal are the application's own, and no second Node sits in memory.
await import(pathToFileURL(path.join(root, 'dist', 'main.js')).href);
