/** The embedded database cannot be had. The message is one sentence for the person at the terminal: what, why, what to do. */
export class EmbeddedPostgresError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'EmbeddedPostgresError';
  }
}

/** Turns what the file system or PostgreSQL said about `folder` into the sentence a person can act on. */
export function explain(failure: unknown, folder: string, doing: string): EmbeddedPostgresError {
  if (failure instanceof EmbeddedPostgresError) return failure;
  const said = failure instanceof Error ? failure.message : String(failure);
  const known = KNOWN.find(([pattern]) => pattern.test(said));
  const sentence = known
    ? known[1](folder)
    : `The embedded PostgreSQL failed while ${doing} (folder ${folder}): ${complaint(said)}`;
  return new EmbeddedPostgresError(sentence, { cause: failure });
}

/** First match wins; the patterns are Node's error codes and PostgreSQL's own English (we run it with lc_messages=C). */
const KNOWN: readonly (readonly [RegExp, (folder: string) => string])[] = [
  [
    /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded|could not extend file|wrote only \d+ of \d+ bytes/i,
    (folder) => `The disk that holds ${folder} is full. Free some space (a new database takes about 50 MB) and start again.`,
  ],
  [
    /database files are incompatible with server/,
    (folder) =>
      `The database in ${folder} was written by another major version of PostgreSQL. Start it with the release that wrote it, take a backup, and restore that here.`,
  ],
  [
    /EROFS|Read-only file system/i,
    (folder) => `The folder ${folder} is on a read-only file system. Set DATA_DIR to a folder that can be written, or set DATABASE_URL to a PostgreSQL of your own.`,
  ],
  [
    // Node says ENOENT when it cannot make a folder on a read-only file system.
    /EACCES|EPERM|Permission denied|has wrong ownership|ENOENT.*mkdir/i,
    (folder) =>
      `The folder ${folder} cannot be written by the account that runs this. Give the folder to that account, or set DATA_DIR to another folder.`,
  ],
  [
    /ENOTEMPTY/,
    (folder) => `The folder postgres in ${folder} holds something that is no database of Shuke. Move it away, or set DATA_DIR to another folder.`,
  ],
  [
    /ENOTDIR|EEXIST/,
    (folder) => `${folder} cannot be a folder, because there is a file in the way. Move that file, or set DATA_DIR to another folder.`,
  ],
];

function complaint(said: string): string {
  const lines = said.split('\n').map((line) => line.trim()).filter(Boolean);
  const line = lines.find((one) => /FATAL|PANIC|error/i.test(one)) ?? lines.at(-1) ?? 'it gave no reason';
  return line.replace(/^.*?(FATAL|PANIC|error):\s*/, '');
}
