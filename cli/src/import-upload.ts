import { stat } from 'node:fs/promises';
import type { Shuke, Upload } from '../../sdk/typescript/src/index.js';
import { fileAt } from '../../sdk/typescript/src/node.js';
import { Complaint } from './complaint.js';
import { EXIT } from './exit-codes.js';
import { readingOf, type ReadingFlags } from './import-reading.js';
import { megabytes, ProgressBar } from './progress-bar.js';
import type { Session } from './session.js';

/** Uploads a file, its progress shown meanwhile. @throws Complaint if it is none */
export async function sendFile({ terminal, signal }: Session, shuke: Shuke, file: string, reading: ReadingFlags): Promise<Upload> {
  if (!(await stat(file)).isFile()) throw new Complaint(`${file} is not a file.`, EXIT.failed);
  const bar = new ProgressBar(terminal, 'Uploading', megabytes);
  try {
    const onProgress = ({ sentBytes, totalBytes }: { readonly sentBytes: number; readonly totalBytes: number | undefined }) => bar.show(sentBytes, totalBytes);
    const { data } = await shuke.upload(await fileAt(file), { ...readingOf(reading), signal, onProgress });
    return data;
  } finally {
    bar.end();
  }
}
