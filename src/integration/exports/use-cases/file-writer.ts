import type { ExportColumn, ExportLine } from '../../../platform/transfer/export-definition.js';

/** A column of the file with how its cells are to be read. */
export type FileColumn = Pick<ExportColumn, 'name' | 'type'>;

/**
 * Makes the bytes of a file in parts: `begin` once, `lines` as often as there are some, `end` once. What a later part must know
 * of those before it is in `state`, so that another process can go on where this one was cut off.
 */
export interface FileWriter {
  /** JSON. */
  readonly state: object;
  begin(): Promise<Buffer> | Buffer;
  lines(lines: readonly ExportLine[]): Promise<Buffer> | Buffer;
  end(): Promise<Buffer> | Buffer;
}
