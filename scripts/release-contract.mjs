// npm run openapi:release: what openapi.yaml says now is what the next changes are held against. Run it when a version goes out.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './prepare.mjs';

const released = path.join(root, 'contract', 'released.yaml');
fs.mkdirSync(path.dirname(released), { recursive: true });
fs.copyFileSync(path.join(root, 'openapi.yaml'), released);
console.log('contract/released.yaml is now openapi.yaml as it stands. Commit it with the release.');
