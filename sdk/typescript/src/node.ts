import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

/**
 * A file of this machine, to be uploaded under its own name; it is read piece by piece as it is sent.
 * @throws Error of `node:fs` if there is none, or it may not be read
 */
export async function fileAt(path: string): Promise<File> {
  return new File([await openAsBlob(path)], basename(path));
}
