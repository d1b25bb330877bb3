import { CSV_BOM, csvRows, type CsvCell } from '../../../platform/transfer/csv.js';
import type { ExportCell, ExportLine } from '../../../platform/transfer/export-definition.js';
import { writeList } from '../../../platform/transfer/list-cell.js';
import { writeInstant } from '../../../platform/transfer/read-instant.js';
import type { FileColumn, FileWriter } from './file-writer.js';

/** CSV in UTF-8 with a byte order mark, as every CSV of the product: no cell is run by a spreadsheet. */
export class CsvWriter implements FileWriter {
  readonly state = {};

  constructor(
    private readonly columns: readonly FileColumn[],
    private readonly timeZone: string,
  ) {}

  begin(): Buffer {
    return Buffer.from(CSV_BOM + csvRows([this.columns.map(({ name }) => name)]));
  }

  lines(lines: readonly ExportLine[]): Buffer {
    return Buffer.from(csvRows(lines.map((line) => this.columns.map(({ name }) => this.cell(line[name])))));
  }

  end(): Buffer {
    return Buffer.alloc(0);
  }

  private cell(cell: ExportCell): CsvCell {
    if (cell instanceof Date) return writeInstant(cell, this.timeZone);
    return Array.isArray(cell) ? writeList(cell) : (cell as CsvCell);
  }
}
