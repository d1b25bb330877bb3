import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);

/** A process that takes jobs and never ends one, to be killed. Arguments: URL of the database, URL of Redis or nothing. */
const { openJobProcess } = await import('./job-process.ts');
const [, , url, redisUrl] = process.argv;
const { jobs, runner } = await openJobProcess({ url, redisUrl: redisUrl || undefined });
jobs.handle({ name: 'test.single', payloadClass: Object, options: { tries: 3, backoffSeconds: 1, concurrency: 1 } }, { run: () => new Promise(() => undefined) });
await runner.start();
