import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ExportCell, ExportColumn, ExportLine } from '../../../platform/transfer/export-definition.js';
import type { ExportOrder } from '../domain/export-order.js';
import { CsvWriter } from './csv-writer.js';
import { NdjsonWriter } from './ndjson-writer.js';
import { XlsxWriter, type XlsxState } from './xlsx-writer.js';

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

export function writerOf(order: ExportOrder, columns: readonly FileColumn[], state: object | undefined): FileWriter {
  const writer = plainWriter(order, columns, state);
  return order.compress ? new GzipWriter(writer) : writer;
}

function plainWriter({ format, timeZone, createdAt }: ExportOrder, columns: readonly FileColumn[], state: object | undefined): FileWriter {
  switch (format) {
    case 'csv':
      return new CsvWriter(columns, timeZone);
    case 'ndjson':
      return new NdjsonWriter(columns, timeZone);
    case 'xlsx':
      return new XlsxWriter(columns, timeZone, createdAt, state as XlsxState | undefined);
  }
}

export function isBlank(cell: ExportCell): cell is null | undefined {
  return cell === null || cell === undefined;
}

const pack = promisify(gzip);

/** Each part is a member of its own, which together are one gzip file (RFC 1952 §2.2). */
class GzipWriter implements FileWriter {
  constructor(private readonly inner: FileWriter) {}

  get state(): object {
    return this.inner.state;
  }

  async begin(): Promise<Buffer> {
    return this.packed(await this.inner.begin());
  }

  async lines(lines: readonly ExportLine[]): Promise<Buffer> {
    return this.packed(await this.inner.lines(lines));
  }

  async end(): Promise<Buffer> {
    return this.packed(await this.inner.end());
  }

  private async packed(bytes: Buffer): Promise<Buffer> {
    return bytes.length === 0 ? bytes : pack(bytes);
  }
}
