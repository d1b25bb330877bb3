import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readOptions } from './options.js';
import { tableOf } from './report.js';
import { runBench } from './run.js';

const RESULTS = path.join(import.meta.dirname, 'results');

const options = readOptions(process.argv.slice(2));
try {
  const report = await runBench(options, (sentence) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${sentence}\n`));
  const name = path.join(RESULTS, `${report.at.slice(0, 19).replaceAll(':', '')}-${options.size}`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(`${name}.md`, `${tableOf(report)}\n`);
  process.stdout.write(`${tableOf(report)}\n\nKept in ${path.relative(process.cwd(), name)}.json and .md\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
