import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { needs } from './needs.js';

/** The project's shared folder of real public data; it is no part of the repository (see its own README for the licences). */
const FOLDER = process.env['SHUKE_DATA'] ?? path.resolve(import.meta.dirname, '../../../shared/data');

/** Tests on real data: skipped, loudly, on a machine without it, and failing there where CI=true. */
export const describeWithData = needs(`the shared data at ${FOLDER} (set SHUKE_DATA to its folder)`, existsSync(path.join(FOLDER, 'README.md')));

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
