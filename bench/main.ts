import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readOptions, sizeOf } from './options.js';
import { tableOf, type Report } from './report.js';
import { runBench } from './run.js';

const RESULTS = path.join(import.meta.dirname, 'results');

const options = readOptions(process.argv.slice(2));
try {
  const report = await runBench(options, (sentence) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${sentence}\n`));
  const table = tableOf(report, await reference(report));
  const name = path.join(RESULTS, `${report.at.slice(0, 19).replaceAll(':', '')}-${report.options.size.customers}`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(`${name}.md`, `${table}\n`);
  process.stdout.write(`${table}\n\nKept in ${path.relative(process.cwd(), name)}.json and .md\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

/** For a run on more data than usual, the last one on the usual data. */
async function reference({ options: { size } }: Report): Promise<Report | undefined> {
  const { customers } = sizeOf(1);
  if (size.customers <= customers) return undefined;
  const names = await readdir(RESULTS).catch(() => []);
  const last = names.filter((name) => name.endsWith(`-${customers}.json`)).sort().at(-1);
  return last === undefined ? undefined : (JSON.parse(await readFile(path.join(RESULTS, last), 'utf8')) as Report);
}
