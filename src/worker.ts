import { environmentWithFile, runProcess } from './run-process.js';

/** Consumers, jobs and sealing without HTTP; any number of them beside any number of `main`. */
await runProcess({ ...environmentWithFile(), PROCESS_ROLE: 'worker' });
