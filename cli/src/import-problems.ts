import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isProblem, type Shuke, type ShukeFile } from '../../sdk/typescript/src/index.js';
import type { Session } from './session.js';

/** Writes the refused lines of an import to a file that only its owner can read: they are people's data. @returns its name */
export async function saveProblems({ signal }: Session, shuke: Shuke, id: string, file: string): Promise<string> {
  const { stream } = await download(shuke, id, signal);
  const partial = `${file}.part`;
  try {
    await pipeline(Readable.from(stream), createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, file);
    return file;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** As the file was: a table, or one JSON object a line. */
async function download(shuke: Shuke, id: string, signal: AbortSignal): Promise<ShukeFile> {
  try {
    return await shuke.download('downloadImportProblems', { id }, { signal });
  } catch (error) {
    if (!isProblem(error, 'problems_in_other_format')) throw error;
    return shuke.download('downloadImportProblemsAsNdjson', { id }, { signal });
  }
}
