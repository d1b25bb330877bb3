import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import type { CellType } from '../domain/cell-type.js';
import type { Delimiter, Quote } from '../domain/dialect.js';
import type { Encoding, EncodingGrounds } from '../domain/encoding.js';
import type { HeaderGrounds } from '../domain/header.js';

export const FILE_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** What the caller says about a file; what is left out is found out. */
export interface ReadingSettings {
  readonly encoding?: Encoding;
  readonly delimiter?: Delimiter;
  readonly quote?: Quote;
  /** Whether the first record names the columns. */
  readonly header?: boolean;
  /** Of a workbook, by its name. */
  readonly sheet?: string;
}

/** A sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly isVisible: boolean;
}

/** What was found out about a file while it came in. */
export interface FileFacts {
  readonly format: FileFormat;
  /** Of CSV. */
  readonly delimiter: Delimiter | null;
  /** Of CSV. */
  readonly quote: Quote | null;
  /** Whether the first record names the columns; null for NDJSON. */
  readonly header: boolean | null;
  readonly headerGrounds: HeaderGrounds | null;
  /** As it came; inside it is UTF-8. */
  readonly encoding: Encoding;
  readonly encodingGrounds: EncodingGrounds;
  /** Of a workbook, in its order; empty for others. */
  readonly sheets: readonly Sheet[];
  /** The one that was read. */
  readonly sheet: string | null;
  /** Names of the columns (the first record, so personal data, if the file has no header), or paths of the first lines' values. */
  readonly columns: readonly string[];
  /** Length of the file, unpacked. */
  readonly bytes: number;
  /** Text lines, the header among them; rows of a sheet down to the last that is filled. */
  readonly lines: number;
  /** How many the text was cut into. */
  readonly pieces: number;
  /** Of the unpacked file as it came. */
  readonly sha256: Buffer;
}

/** What the first lines hold in a column. */
export interface ColumnAnalysis {
  readonly name: string;
  readonly type: CellType;
  /** Of the lines looked at. */
  readonly blank: number;
  /** Different texts, blank not counted; 1,000 stands for as many or more. */
  readonly distinct: number;
  /** Beginnings of the first that differ. */
  readonly samples: readonly string[];
}

/** What the first lines say about the whole. */
export interface FileAnalysis {
  readonly linesLookedAt: number;
  /** Of these, how many could not be read. */
  readonly linesUnreadable: number;
  readonly columns: readonly ColumnAnalysis[];
}

/** All of the file is stored; it is an upload once its row says so. */
export interface ReceivedFile {
  readonly id: Id;
  readonly key: Buffer;
  readonly name: string | null;
  readonly facts: FileFacts;
  readonly analysis: FileAnalysis;
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
