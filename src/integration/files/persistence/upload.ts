import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import type { Delimiter } from '../domain/delimiter.js';
import type { Encoding } from '../domain/file-kind.js';

export type FileFormat = 'csv' | 'ndjson';

/** What was found out about a file while it came in. */
export interface FileFacts {
  readonly format: FileFormat;
  /** Null for NDJSON. */
  readonly delimiter: Delimiter | null;
  /** As it came; inside it is UTF-8. */
  readonly encoding: Encoding;
  /** Names of the columns (the first record, so personal data, if the file has no header), or paths of the first lines' values. */
  readonly columns: readonly string[];
  /** Length of the file, unpacked. */
  readonly bytes: number;
  /** Text lines, the header among them. */
  readonly lines: number;
  /** How many the text was cut into. */
  readonly pieces: number;
  /** Of the unpacked file as it came. */
  readonly sha256: Buffer;
}

/** All of the file is stored; it is an upload once its row says so. */
export interface ReceivedFile {
  readonly id: Id;
  readonly key: Buffer;
  readonly name: string | null;
  readonly facts: FileFacts;
}

/** A file that is wholly here. */
export interface Upload extends FileFacts {
  readonly id: Id;
  readonly name: string | null;
  readonly createdBy: Pick<Actor, 'kind' | 'id'>;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** False once it was imported: its lines were deleted then. */
  readonly hasContent: boolean;
  readonly key: Buffer;
}
