import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const YAML = createRequire(import.meta.url).resolve('yaml');

/** Its own file would have to be found built and not built; five lines need none. */
const READER = `
  const { readFileSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const { parse } = require(workerData.yaml);
  parentPort.postMessage(JSON.stringify(parse(readFileSync(workerData.file, 'utf8'))));`;

/** What the documentation pages take from the contract. */
export interface ContractDocument {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, ContractOperation>>>>;
  readonly 'x-problem-codes'?: Readonly<Record<string, { readonly statuses: readonly number[]; readonly details: readonly string[] }>>;
}

export interface ContractOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly deprecated?: boolean;
  readonly description?: string;
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
}

/** A contract as JSON text. Read in a thread of its own: YAML of that size would hold up every request for some tenths of a second. */
export function readContract(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    new Worker(READER, { eval: true, workerData: { file, yaml: YAML } }).once('message', resolve).once('error', reject);
  });
}
