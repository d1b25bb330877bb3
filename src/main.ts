import { environmentWithFile, runProcess } from './run-process.js';

await runProcess(environmentWithFile());
