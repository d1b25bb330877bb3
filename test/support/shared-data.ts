import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe } from '@jest/globals';

/** The project's shared folder of real public data; it is no part of the repository (see its own README for the licences). */
const FOLDER = process.env['SHUKE_DATA'] ?? path.resolve(import.meta.dirname, '../../../shared/data');

const isThere = existsSync(path.join(FOLDER, 'README.md'));

/**
 * Tests on real data. Without the data they are skipped, loudly, on a machine of one's own, and fail where CI=true.
 * @throws at load where CI=true and the data is missing.
 */
export function describeWithData(name: string, tests: () => void): void {
  if (isThere) {
    describe(name, tests);
    return;
  }
  const remedy = `the shared data is not at ${FOLDER}. Set SHUKE_DATA to its folder.`;
  if (process.env['CI'] === 'true') throw new Error(`"${name}" cannot run: ${remedy}`);
  process.stderr.write(`SKIPPED "${name}": ${remedy}\n`);
  describe.skip(name, tests);
}

/** A file as it lies there. */
export function sharedBytes(...names: readonly string[]): Buffer {
  return readFileSync(path.join(FOLDER, ...names));
}

/** A text file, unpacked if its name ends in `.gz`. */
export function sharedText(...names: readonly string[]): string {
  const bytes = sharedBytes(...names);
  return (names.at(-1)?.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export function sharedPath(...names: readonly string[]): string {
  return path.join(FOLDER, ...names);
}
