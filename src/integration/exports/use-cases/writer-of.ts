import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ExportLine } from '../../../platform/transfer/export-definition.js';
import type { ExportOrder } from '../domain/export-order.js';
import { CsvWriter } from './csv-writer.js';
import type { FileColumn, FileWriter } from './file-writer.js';
import { NdjsonWriter } from './ndjson-writer.js';
import { XlsxWriter, type XlsxState } from './xlsx-writer.js';

/** What writes the file that was asked for, from where `state` says that another left off. */
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
